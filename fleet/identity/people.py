"""Files of invented people, as the sample city has them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from contract.identity import Person
from fleet.errors import CodeRefused


def read_people(path: Path) -> list[Person]:
    """The people of a JSON list. Raises CodeRefused when the file cannot be read as one."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(entries, dict):
            entries = entries["people"]
        return [_as_person(entry) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ValidationError):
        raise CodeRefused(f"{path} is not a list of people with name and number; see contract/identity.py") from None


def person_of(path: Path, number: str) -> Person:
    """The person with ID number `number`. Raises CodeRefused when nobody in the file has it."""
    for person in read_people(path):
        if person.number == number:
            return person
    raise CodeRefused(f"nobody in {path} has this ID number")


def _as_person(entry: dict[str, str]) -> Person:
    """An entry of the file; births may be written as cards have them, 19920318."""
    known = {key: value for key, value in entry.items() if key in Person.model_fields}
    if "birth" in known:
        known["birth"] = date.fromisoformat(known["birth"]).isoformat()
    return Person.model_validate(known)
