"""存起来，以后再办: sealed here under a new code, kept by the platform; the code is shown and printed."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from contract.saved_codes import SavedKey, new_code, written
from contract.saving import SavedApplication, SavedKept
from drivers.printing import PrintOutcome
from kiosk.cases.papers import Made, Papers
from kiosk.journey import intents
from kiosk.journey.step import Step
from kiosk.journey.views import Paper, SavedView
from kiosk.saved import pack, slip
from kiosk.saved.slip import address
from offline_cache.errors import PlatformError

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Kept:
    key: SavedKey
    answer: SavedKept


class SaveForLater(Step):
    """`back_to` is the page it was asked for on. An application that was saved before keeps its code."""

    def __init__(self, journey: Journey, back_to: Step) -> None:
        super().__init__(journey)
        self._back_to = back_to
        self.part = back_to.part
        self._state: Literal["saving", "saved", "failed"] = "saving"
        self._problem = ""
        self._answer: SavedKept | None = None

    def enter(self) -> None:
        assert self.journey.visit is not None and self.state.person is not None
        self._papers = Papers(self.parts, self.journey.visit.id)
        self._papers.expect("slip", self.say("saved.slip"))
        self._number = self.state.person.number.upper()
        self._save()

    def _save(self) -> None:
        item, installed = self.journey.item, self.journey.installed
        version, language = installed.about.version, self.journey.language
        self._saved = pack(self.state, item, installed.form(item), version, language)
        self._state, self._problem = "saving", ""
        key, saved, number = self.state.saved, self._saved, self._number
        self.ask(lambda: self._keep(key, saved, number), self._told)

    def _keep(self, key: SavedKey | None, saved: SavedApplication, number: str) -> _Kept | None:
        key = key or SavedKey.of(new_code())
        sealed = key.seal(saved.model_dump_json().encode(), number)
        try:
            return _Kept(key, self.parts.saved.keep(key.lookup, number, sealed))
        except PlatformError as error:
            log.info("nothing could be saved (%s)", error)
            return None

    def _told(self, kept: _Kept | None) -> None:
        if kept is None or kept.answer.refused is not None:
            reason = str(kept.answer.refused) if kept else "unreachable"
            self._state, self._problem = "failed", f"saved.failed_{reason}"
            return
        self.state.saved, self._answer, self._state = kept.key, kept.answer, "saved"
        log.info("an application is saved")
        self._print(kept.key.code, kept.answer)

    def _print(self, code: str, answer: SavedKept) -> None:
        assert answer.expires_at is not None
        printer = self.parts.devices.receipt_printer
        document = slip(self._saved, self._number, code, answer.page, answer.expires_at, self.parts.settings)

        def make() -> Made | PrintOutcome:
            return Made(lambda: printer.print(document)) if printer else PrintOutcome("failed", "no-device")

        self._papers.print("slip", self.say("saved.slip"), "", make)

    # what is shown

    def view(self) -> SavedView:
        if self._state != "saved" or self._answer is None or self.state.saved is None:
            problem = self.say(self._problem) if self._problem else ""
            title = self.say("saved.failed" if self._state == "failed" else "saved.saving")
            return SavedView(self._state, title, problem=problem)
        assert self._answer.expires_at is not None
        until, code = self._answer.expires_at.astimezone(), self.state.saved.code
        left = [words.in_language(self.journey.language) for words in self._saved.to_do]
        return SavedView(
            state="saved",
            title=self.say("saved.title"),
            line=self.say("saved.line"),
            code=written(code),
            address=address(self._answer.page, code),
            until=self.say(
                "saved.until", year=until.year, month=until.month, day=until.day, time=until.strftime("%H:%M")
            ),
            papers=tuple(self._row(paper) for paper in self._papers.rows(self.journey.language)),
            notes=(self.say("saved.left", left=self.say("saved.and").join(left)), self.say("saved.not_kept")),
        )

    def _row(self, paper: Paper) -> Paper:
        """Without a slip the screen has the code: no counter can print it again."""
        return replace(paper, line=self.say("saved.slip_missing")) if paper.state == "failed" else paper

    def buttons(self) -> tuple[str, str, bool]:
        match self._state:
            case "saving":
                return "", "button.finish", False
            case "failed":
                return "button.stay", "button.try_again", True
            case "saved":
                return "button.stay", "button.finish", not self._papers.printing()

    # what happens

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.PaperSeen(paper, came):
                self._papers.seen(paper, came)
            case intents.PrintAgain(paper):
                self._papers.again(paper)
            case intents.Forward() if self._state == "failed":
                self._save()
            case intents.Forward() if self._state == "saved" and not self._papers.printing():
                return self.journey.leave("finish")
            case intents.Back() if self._state != "saving":
                return self.journey.again(self._back_to)
        return None
