"""The papers of a case: each through the ledger, each told truly. One object for one case."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from contract.items import Printing
from drivers.page_printer.job import PageOutcome
from drivers.printing import PrintOutcome
from kiosk.journey.parts import Parts
from kiosk.journey.views import Paper
from kiosk.words import say
from offline_cache.errors import PrintedAlready

log = logging.getLogger(__name__)

State = Literal["waiting", "printing", "printed", "uncertain", "failed", "held"]
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
        "too-many-pages",
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


#: kinds that take paper from the page printer's tray
ON_PAGES = ("certificate", "notice")
#: how often a receipt or a slip may be tried again: it costs paper, and stands for nothing
FREELY = Printing(attempts=5)


@dataclass(frozen=True)
class Made:
    """A paper that is ready to be sent: how, and how many pages it has."""

    send: Callable[[], PrintOutcome]
    pages: int = 1


@dataclass(frozen=True)
class _Sheet:
    """A paper. `make` runs in a job, as `send` does; an outcome in place of a paper says why there is none."""

    name: str
    number: str = ""
    once: bool = False
    rules: Printing = FREELY
    make: Callable[[], Made | PrintOutcome] | None = None
    #: what the citizen's touch does where it was not tried yet: have its file fetched once more, or print what was held
    untried: Callable[[], None] | None = None
    line: str = ""
    state: State = "waiting"
    #: its line in the ledger
    ledger: str = ""
    attempts: int = 0


class Papers:
    """Receipt and certificate, or the slip of what was saved. `kind` is "receipt", "certificate", "notice" or
    "slip"."""

    def __init__(self, parts: Parts, visit: str) -> None:
        self._parts = parts
        self._visit = visit
        self._sheets: dict[str, _Sheet] = {}

    def expect(self, kind: str, name: str) -> None:
        """A paper that will come out later."""
        self._sheets.setdefault(kind, _Sheet(name))

    def cancel(self, kind: str) -> None:
        """A paper that was expected will not come out here."""
        self._sheets.pop(kind, None)

    def print(
        self,
        kind: str,
        name: str,
        number: str,
        make: Callable[[], Made | PrintOutcome],
        once: bool = False,
        rules: Printing = FREELY,
    ) -> None:
        """Print now. A number printed `once` goes to a printer again only where the ledger allows it."""
        self._begin(kind, _Sheet(name, number, once, rules, make))

    def again(self, kind: str) -> None:
        """The citizen asks for it once more. Does nothing where that may not be."""
        sheet = self._sheets.get(kind)
        if sheet is not None and sheet.untried is not None:
            self._sheets[kind] = _Sheet(sheet.name, sheet.number)
            sheet.untried()
        elif self.may_again(kind):
            self._begin(kind, self._sheets[kind])

    def may_again(self, kind: str) -> bool:
        """Whether a paper that surely did not come out may be tried once more."""
        sheet = self._sheets.get(kind)
        if sheet is None or sheet.make is None or sheet.state != "failed" or sheet.attempts >= sheet.rules.attempts:
            return False
        return not (sheet.once and self._parts.cache.prints.was_sent(sheet.number, kind))

    def _begin(self, kind: str, sheet: _Sheet) -> None:
        try:
            line = self._parts.cache.prints.plan(self._visit, kind, sheet.number, sheet.once)
        except PrintedAlready:
            self._sheets[kind] = replace(sheet, state="failed", line="paper.printed_before")
            return
        self._sheets[kind] = replace(sheet, state="printing", line="", ledger=line, attempts=sheet.attempts + 1)
        assert sheet.make is not None
        self._parts.jobs(sheet.make, lambda made: self._made(kind, made))

    def _made(self, kind: str, made: Made | PrintOutcome) -> None:
        """It is laid out: the ledger says "sent" before the first byte goes."""
        sheet = self._sheets[kind]
        if isinstance(made, Made) and made.pages > sheet.rules.most_pages:
            made = PrintOutcome("failed", "too-many-pages")
        if isinstance(made, PrintOutcome):
            self._told(kind, made, 0)
            return
        pages = made.pages
        self._parts.cache.prints.set(sheet.ledger, "sent", pages=pages)
        self._parts.jobs(made.send, lambda outcome: self._told(kind, outcome, pages))

    def _told(self, kind: str, outcome: PrintOutcome, pages: int) -> None:
        sheet = self._sheets[kind]
        came = outcome.impressions if isinstance(outcome, PageOutcome) else None
        log.info("%s: %s (%s)", kind, outcome.result, outcome.reason)
        self._parts.cache.prints.set(sheet.ledger, outcome.result, outcome.reason, came=came)
        if kind in ON_PAGES and outcome.result != "failed":
            self._parts.cache.tray.take(pages)
        self._sheets[kind] = replace(sheet, state=_STATES[outcome.result], line=reason_words(outcome))

    def withhold(self, kind: str, name: str, number: str, line: str, fetch: Callable[[], None] | None = None) -> None:
        """A paper that must not be printed; nothing was sent, so the ledger says nothing.

        With `fetch` its file did not come: the citizen may have it asked for once more.
        """
        self._sheets[kind] = _Sheet(name, number, once=True, untried=fetch, line=line, state="failed")

    def hold(self, kind: str, print_now: Callable[[], None]) -> None:
        """The citizen wants no paper; it is printed when they touch for it. Nothing was sent or planned."""
        self._sheets[kind] = replace(self._sheets[kind], untried=print_now, line="", state="held")

    def seen(self, kind: str, came: bool) -> None:
        """The citizen says whether an uncertain paper came out. The ledger notes it.

        A paper said to be missing stays uncertain there: only staff who looked may let the number be printed again.
        """
        sheet = self._sheets.get(kind)
        if sheet is None or sheet.state != "uncertain":
            return
        if came:
            self._parts.cache.prints.set(sheet.ledger, "confirmed", "seen", by="citizen")
            self._sheets[kind] = replace(sheet, state="printed", line="")
        else:
            self._parts.cache.prints.set(sheet.ledger, "uncertain", "not-seen", by="citizen")
            self._sheets[kind] = replace(sheet, state="failed", line="paper.not_there")

    def look(self) -> None:
        """Whether staff has settled meanwhile what was uncertain (`kiosk-papers settle`)."""
        for kind, sheet in self._sheets.items():
            if sheet.state != "uncertain" and sheet.line != "paper.not_there":
                continue
            state = self._parts.cache.prints.line(sheet.ledger).state
            if state == "confirmed":
                self._sheets[kind] = replace(sheet, state="printed", line="")
            elif state == "failed":
                self._sheets[kind] = replace(sheet, state="failed", line="paper.settled_failed")

    def missing(self, kind: str) -> bool:
        """Whether it did not come out, as far as the printer or the citizen says."""
        sheet = self._sheets.get(kind)
        return sheet is not None and sheet.state == "failed"

    def held(self, kind: str) -> bool:
        """Whether the citizen wanted no paper of it."""
        sheet = self._sheets.get(kind)
        return sheet is not None and sheet.state == "held"

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
        state = say(f"paper.{sheet.state}", language)
        if sheet.untried is not None:
            means: Literal["print_now", "fetch_again"] = "print_now" if sheet.state == "held" else "fetch_again"
            return Paper(kind, sheet.name, line, state, sheet.state, True, means)
        return Paper(kind, sheet.name, line, state, sheet.state, self.may_again(kind))
