"""What a command says at its end: for people in lines, for programs in JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fleet.catalogue.faults import Fault, Language


@dataclass(frozen=True)
class Report:
    """`lines` for people, `content` for `--json`; `succeeded` decides between exit 0 and 1."""

    content: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    succeeded: bool = True


def fault_lines(faults: list[Fault], notices: list[Fault], language: Language) -> list[str]:
    """A line a fault, then a line a notice."""
    return [fault.line(language) for fault in [*faults, *notices]]


def fault_content(faults: list[Fault], notices: list[Fault]) -> dict[str, Any]:
    """Both for `--json`."""
    return {"faults": [one.as_json() for one in faults], "notices": [one.as_json() for one in notices]}
