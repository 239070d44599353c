"""Faults of a workbook: where, what is wrong and what to write instead."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from openpyxl.utils import get_column_letter

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Fault:
    """One fault. `row` and `column` are 0 and "" where it is of a whole sheet or workbook."""

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    letter: str = ""
    values: dict[str, str] = field(default_factory=dict)

    @property
    def cell(self) -> str:
        """The place as a spreadsheet program names it, such as `items!W5`."""
        place = f"{self.letter}{self.row or ''}"
        return f"{self.sheet}!{place}" if place else self.sheet

    def message(self, language: Language = "zh") -> str:
        """What is wrong and what to write instead."""
        return _words()[self.code][language].format(sheet=self.sheet, column=self.column, **self.values)

    def line(self, language: Language = "zh") -> str:
        """Place, column and message on one line."""
        column = f" {self.column}" if self.column else ""
        return f"{self.cell}{column}: {self.message(language)}"

    def as_json(self) -> dict[str, str | int]:
        """For `--json`."""
        place: dict[str, str | int] = {"sheet": self.sheet, "row": self.row, "column": self.column}
        return {
            "code": self.code,
            "cell": self.cell,
            **place,
            "zh": self.message("zh"),
            "en": self.message("en"),
        }


class Faults:
    """Every fault found in one import, in the order found."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, code: str, sheet: str = "", row: int = 0, column: str = "", index: int = 0, **values: str) -> None:
        """Note a fault; `index` is the column's number, 1 being A."""
        letter = get_column_letter(index) if index else ""
        self.found.append(Fault(code, sheet, row, column, letter, values))

    def __len__(self) -> int:
        return len(self.found)


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("fleet.words").joinpath("faults.toml").read_text(encoding="utf-8"))
