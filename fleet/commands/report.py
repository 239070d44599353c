"""What a command says at its end: for people in lines, for programs in JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Report:
    """`lines` for people, `content` for `--json`; `succeeded` decides between exit 0 and 1."""

    content: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    succeeded: bool = True
