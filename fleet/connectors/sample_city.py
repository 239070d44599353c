"""The sample city's registers: three JSON files of invented people, companies and helpers."""

from __future__ import annotations

import hmac
import json
from pathlib import Path

from pydantic import ValidationError
from stdnum.cn import uscc

import fleet.sample_city
from contract.identity import Company, Person
from contract.logins import HelperAnswer, Refusal
from fleet.connectors.interface import Settings
from fleet.connectors.unconnected import Unconnected
from fleet.identity.helper_codes import read_helpers
from fleet.identity.people import read_people

_OWN = Path(next(iter(fleet.sample_city.__path__)))


class SampleCity(Unconnected):
    """Settings: `people`, `companies`, `helpers`, paths of files; each is the sample city's own where it is left out.

    Its citizens' codes are made by `kiosk-fleet citizen-code` and checked by the platform itself.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        def path(name: str) -> Path:
            return folder / settings[name] if name in settings else _OWN / f"{name}.json"

        self._people = {person.number: person for person in read_people(path("people"))}
        self._companies = _read_companies(path("companies"))
        self._helpers = read_helpers(path("helpers"))

    def person(self, number: str, mobile: str) -> Person | None:
        """Of the people file."""
        person = self._people.get(number)
        return person if person and person.mobile and hmac.compare_digest(person.mobile, mobile) else None

    def companies(self, number: str) -> list[Company]:
        """Of the companies file."""
        return self._companies.get(number, [])

    def helper(self, raw: str) -> HelperAnswer:
        """By the text on the badge."""
        text = raw.strip().encode()
        for helper, badge in self._helpers:
            if badge and hmac.compare_digest(badge.encode(), text):
                return HelperAnswer(helper=helper)
        return HelperAnswer(refused=Refusal.UNKNOWN)


def _read_companies(path: Path) -> dict[str, list[Company]]:
    """By the ID number of who may act for them."""
    by_number: dict[str, list[Company]] = {}
    try:
        for entry in json.loads(path.read_text(encoding="utf-8")):
            for actor in entry["actors"]:
                company = Company(
                    name=entry["name"],
                    uscc=uscc.validate(entry["uscc"]),
                    role=actor["role"],
                    legal_representative=entry["legal_representative"],
                )
                by_number.setdefault(actor["number"], []).append(company)
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise ValueError(f"{path} is not a list of companies with their actors: {type(error).__name__}") from None
    return by_number
