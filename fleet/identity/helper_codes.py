"""A helper's work code (帮办员工作码), one use, as the platform makes it itself."""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from pathlib import Path

from pydantic import ValidationError

from contract.identity import Helper
from contract.logins import HelperAnswer, Refusal
from fleet.database import Database
from fleet.errors import CodeRefused
from fleet.identity.one_use import OneUseCodes
from fleet.identity.sealing import Seal

LIFETIME = timedelta(seconds=60)
PREFIX = "https://code.example.invalid/bby/"


class HelperCodes:
    """One-use codes of helpers."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self._codes = OneUseCodes(database, seal, "helper")

    def create(self, helper: Helper, lifetime: timedelta = LIFETIME) -> str:
        """The text of a new code for `helper`."""
        text = PREFIX + secrets.token_urlsafe(24)
        self._codes.register(text, helper, lifetime)
        return text

    def check(self, raw: str, terminal_id: str) -> HelperAnswer:
        """The helper, once; or UNKNOWN, USED, EXPIRED."""
        taken = self._codes.take(raw.strip(), terminal_id)
        if isinstance(taken, Refusal):
            return HelperAnswer(refused=taken)
        return HelperAnswer(helper=Helper.model_validate_json(taken))


def read_helpers(path: Path) -> list[tuple[Helper, str]]:
    """Helpers of a JSON list, each with the text on its badge ("" for none). Raises CodeRefused for another file."""
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return [
            (Helper.model_validate({key: entry[key] for key in entry if key != "badge"}), entry.get("badge", ""))
            for entry in entries
        ]
    except (OSError, ValueError, TypeError, AttributeError, ValidationError):
        raise CodeRefused(f"{path} is not a list of helpers with id and name; see contract/identity.py") from None


def helper_of(path: Path, helper_id: str) -> Helper:
    """The helper of this id. Raises CodeRefused when the file has none."""
    for helper, _badge in read_helpers(path):
        if helper.id == helper_id:
            return helper
    raise CodeRefused(f"no helper in {path} has the id {helper_id}")
