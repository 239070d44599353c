"""What became of something sent to a printer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class PrintOutcome:
    """confirmed: the printer said so afterwards. failed: surely nothing came out. uncertain: nobody can say.

    `reason` is a stable code: ok, paper-out, jam, cover-open, no-answer, bad-answer, offline, busy, error, cancelled,
    timeout, toner-out, not-reported (a printer that tells nothing). `detail` is for the log and holds nothing of a
    person: "by-status" where only the printer's state speaks for it, "substituted=N" where no font had N characters.
    """

    result: Literal["confirmed", "uncertain", "failed"]
    reason: str
    detail: str = ""
