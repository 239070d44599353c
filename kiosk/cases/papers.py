"""The papers of a case: each through the ledger, each told truly. One object for one case."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from drivers.printing import PrintOutcome
from kiosk.journey.parts import Parts
from kiosk.journey.views import Paper
from kiosk.words import say

log = logging.getLogger(__name__)

State = Literal["waiting", "printing", "printed", "uncertain", "failed"]
_STATES: dict[str, State] = {"confirmed": "printed", "uncertain": "uncertain", "failed": "failed"}

#: reasons a citizen is told; any other a device gives ("paused", "fuser-over-temp") is a fault for staff
_TOLD = frozenset(
    (
        "paper-out",
        "jam",
        "cover-open",
        "no-answer",
        "offline",
        "busy",
        "cancelled",
        "timeout",
        "toner-out",
        "no-device",
        "template",
    )
)


def reason_words(outcome: PrintOutcome) -> str:
    """The key of the words for what became of a paper; "" for one that came out."""
    if outcome.result == "confirmed":
        return ""
    if outcome.result == "failed" and outcome.reason in ("no-answer", "timeout"):
        # it was silent before anything was sent: nothing can have come out
        return "paper.reason_silent"
    reason = outcome.reason if outcome.reason in _TOLD else "error"
    return f"paper.reason_{reason.replace('-', '_')}"


@dataclass
class _Sheet:
    name: str
    number: str
    once: bool
    line: str = ""
    state: State = "waiting"
    #: its line in the ledger
    ledger: str = ""


class Papers:
    """Receipt and certificate, or the slip of what was saved. `kind` is "receipt", "certificate" or "slip"."""

    def __init__(self, parts: Parts, visit: str) -> None:
        self._parts = parts
        self._visit = visit
        self._sheets: dict[str, _Sheet] = {}

    def expect(self, kind: str, name: str, number: str = "", once: bool = False) -> None:
        """A paper that will come out later."""
        self._sheets.setdefault(kind, _Sheet(name, number, once))

    def cancel(self, kind: str) -> None:
        """A paper that was expected will not come out here."""
        self._sheets.pop(kind, None)

    def print(self, kind: str, name: str, number: str, once: bool, work: Callable[[], PrintOutcome]) -> None:
        """Print now. The ledger says "sent" before the first byte; a number printed `once` never goes again."""
        sheet = self._sheets[kind] = _Sheet(name, number, once)
        ledger = self._parts.cache.prints
        if once and ledger.was_sent(number):
            sheet.state, sheet.line = "failed", "paper.printed_before"
            return
        line = sheet.ledger = ledger.plan(self._visit, kind, number)
        ledger.set(line, "sent")
        sheet.state = "printing"

        def done(outcome: PrintOutcome) -> None:
            log.info("%s: %s (%s)", kind, outcome.result, outcome.reason)
            ledger.set(line, outcome.result, outcome.reason)
            sheet.state = _STATES[outcome.result]
            sheet.line = reason_words(outcome)

        self._parts.jobs(work, done)

    def withhold(self, kind: str, name: str, number: str, line: str) -> None:
        """A paper that must not be printed; nothing was sent, so the ledger says nothing."""
        self._sheets[kind] = _Sheet(name, number, True, line, "failed")

    def seen(self, kind: str, came: bool) -> None:
        """The citizen says whether an uncertain paper came out. The ledger notes it.

        A paper said to be missing stays uncertain there: only staff who looked may let the number be printed again.
        """
        sheet = self._sheets.get(kind)
        if sheet is not None and sheet.state == "uncertain":
            result, reason = ("confirmed", "seen") if came else ("uncertain", "not-seen")
            self._parts.cache.prints.set(sheet.ledger, result, reason)
            sheet.state = "printed" if came else "failed"
            sheet.line = "" if came else "paper.not_there"

    def printing(self) -> bool:
        """Whether something is being printed now."""
        return any(sheet.state == "printing" for sheet in self._sheets.values())

    def rows(self, language: str) -> tuple[Paper, ...]:
        """The papers as the screen shows them."""
        return tuple(self._row(kind, sheet, language) for kind, sheet in self._sheets.items())

    def _row(self, kind: str, sheet: _Sheet, language: str) -> Paper:
        if sheet.line:
            line = say(sheet.line, language)
        elif sheet.once and sheet.number:
            line = say("paper.once", language, number=sheet.number)
        else:
            line = say(f"paper.{sheet.state}_line", language)
        return Paper(kind, sheet.name, line, say(f"paper.{sheet.state}", language), sheet.state)
