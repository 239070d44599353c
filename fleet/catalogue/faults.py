"""Faults of a workbook: where, what is wrong and what to write instead."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from openpyxl.utils import get_column_letter

Language = Literal["zh", "en"]
#: faults and notices that are kept: more nobody reads before mending these
MOST = 2_000
_NOTICE: dict[Language, str] = {"zh": "提示：", "en": "notice: "}


@dataclass(frozen=True)
class Fault:
    """One fault. `row` and `column` are 0 and "" where it is of a whole sheet or workbook; `file` is "" for the
    workbook that is imported and names a form's own workbook, a list or a picture otherwise."""

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    letter: str = ""
    values: dict[str, str] = field(default_factory=dict)
    file: str = ""

    @property
    def blocks(self) -> bool:
        """False for a notice: worth mending, no reason to refuse the workbook."""
        return _words()[self.code].get("level") != "notice"

    @property
    def cell(self) -> str:
        """The place as a spreadsheet program names it, such as `items!W5`, after the file where it is another one."""
        place = f"{self.letter}{self.row or ''}"
        cell = f"{self.sheet}!{place}" if place else self.sheet
        return f"{self.file} {cell}".strip()

    def message(self, language: Language = "zh") -> str:
        """What is wrong and what to write instead."""
        return _words()[self.code][language].format(sheet=self.sheet, column=self.column, **self.values)

    def line(self, language: Language = "zh") -> str:
        """Place, column and message on one line."""
        column = f" {self.column}" if self.column else ""
        place = f"{self.cell}{column}: " if self.cell else ""
        return f"{place}{_NOTICE[language] if not self.blocks else ''}{self.message(language)}"

    def as_json(self) -> dict[str, str | int]:
        """For `--json`."""
        place: dict[str, str | int] = {"sheet": self.sheet, "row": self.row, "column": self.column}
        return {
            "code": self.code,
            "level": "fault" if self.blocks else "notice",
            "file": self.file,
            "cell": self.cell,
            **place,
            "zh": self.message("zh"),
            "en": self.message("en"),
        }


class Faults:
    """Every fault and notice found in one import, in the order found, up to `MOST`."""

    def __init__(self, shared: _Found | None = None, file: str = "") -> None:
        self._shared = shared or _Found()
        self._file = file

    def of_file(self, name: str) -> Faults:
        """The same list, for faults of another file."""
        return Faults(self._shared, name)

    def add(self, code: str, sheet: str = "", row: int = 0, column: str = "", index: int = 0, **values: str) -> None:
        """Note a fault; `index` is the column's number, 1 being A."""
        letter = get_column_letter(index) if index else ""
        self._shared.add(Fault(code, sheet, row, column, letter, values, self._file))

    def at(self, sheet: str, row: int, index: int) -> bool:
        """Whether a fault of this file stands at the cell."""
        return (self._file, sheet, row, get_column_letter(index) if index else "") in self._shared.places

    @property
    def found(self) -> list[Fault]:
        """Faults and notices."""
        return self._shared.kept

    @property
    def blocking(self) -> list[Fault]:
        """Those for which nothing is imported."""
        return [fault for fault in self.found if fault.blocks]

    @property
    def notices(self) -> list[Fault]:
        """The others."""
        return [fault for fault in self.found if not fault.blocks]

    def __len__(self) -> int:
        """How many faults there are, kept or not; notices do not count."""
        return self._shared.blocking


class _Found:
    """What is kept of one import, and how much was found."""

    def __init__(self) -> None:
        self.kept: list[Fault] = []
        self.places: set[tuple[str, str, int, str]] = set()
        self.blocking = 0

    def add(self, fault: Fault) -> None:
        if fault.blocks:
            self.blocking += 1
            self.places.add((fault.file, fault.sheet, fault.row, fault.letter))
        if len(self.kept) < MOST:
            self.kept.append(fault)
        elif len(self.kept) == MOST:
            self.kept.append(Fault("more_faults", values={"most": str(MOST)}))


@cache
def _words() -> dict[str, dict[str, str]]:
    return tomllib.loads(files("fleet.words").joinpath("faults.toml").read_text(encoding="utf-8"))
