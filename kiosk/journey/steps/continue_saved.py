"""接着上次没办完的: the code of a slip, typed or held to the scanner, opens what this person saved."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from contract.identity import Company
from contract.saved_codes import DoesNotOpen, SavedKey, read_code
from contract.saving import SavedApplication, SavedRefusal
from drivers.code_scanner.events import CodeRead
from kiosk.forms import FormError
from kiosk.identity.assurance import FOR_COMPANIES
from kiosk.journey import intents
from kiosk.journey.step import Step
from kiosk.journey.views import Field, QuestionView, TroubleView
from kiosk.saved import take_up
from offline_cache.errors import NoRelease, PlatformError

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

CODE = "code"
#: what counts as a wrong code
_GUESSED = (SavedRefusal.UNKNOWN, SavedRefusal.OTHER_PERSON)


@dataclass(frozen=True)
class _Found:
    key: SavedKey
    saved: SavedApplication
    company: Company | None


@dataclass(frozen=True)
class _Nothing:
    """Why: a SavedRefusal, unreachable, surer, company."""

    reason: str
    seconds: int = 0


class ContinueSaved(Step):
    """What was typed is forgotten with the page. A form that has changed since is said before it is shown."""

    def __init__(self, journey: Journey) -> None:
        super().__init__(journey)
        self._code = self._error = ""
        self._state: Literal["typing", "checking", "changed"] = "typing"

    def enter(self) -> None:
        if self.parts.devices.code_scanner is not None:
            self.parts.devices.code_scanner.start(self.parts.post)

    def leave(self) -> None:
        self._code = ""
        if self.parts.devices.code_scanner is not None:
            self.parts.devices.code_scanner.stop()

    # what is shown

    def view(self) -> QuestionView | TroubleView:
        if self._state == "changed":
            name, phone = self.journey.item.name.in_language(self.journey.language), self.parts.settings.phone
            return TroubleView(
                title=self.say("continue_saved.changed_title"),
                what=self.say("continue_saved.changed_what", name=name),
                advice=self.say("continue_saved.changed_advice", phone=phone),
                kept=self.say("continue_saved.changed_kept"),
            )
        line = "checking" if self._state == "checking" else "line" if self._scans else "line_typed"
        field = Field(
            CODE, "text", self.say("continue_saved.code"), self.say("continue_saved.hint"), self._code, required=True,
            error=self._error, keyboard="latin",
        )  # fmt: skip
        return QuestionView(self.say("continue_saved.title"), self.say(f"continue_saved.{line}"), (field,), focus=CODE)

    @property
    def _scans(self) -> bool:
        return self.parts.devices.code_scanner is not None

    def buttons(self) -> tuple[str, str, bool]:
        if self._state == "changed":
            return "", "button.next", True
        return "button.return", "button.next", self._state == "typing"

    # what happens

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.Answer("code", value) if self._state == "typing":
                self._code, self._error = value, ""
            case intents.Forward() if self._state == "changed":
                return self.journey.into_item()
            case intents.Forward() if self._state == "typing":
                self._look(self._code)
            case CodeRead(text) if self._state == "typing":
                self._look(text)
            case intents.Back() if self._state != "changed":
                return self.journey.make("home")
        return None

    def _look(self, text: str) -> None:
        code, person = read_code(text), self.state.person
        assert person is not None
        if not code:
            self._error = self.say("continue_saved.misread" if text.strip() else "question.required")
            return
        wait = self.parts.cache.attempts.wait("saved_code", person.number)
        if wait:
            self._error = self.say("continue_saved.too_many", seconds=wait)
            return
        self._state, self._error = "checking", ""
        number, sure = person.number.upper(), self.state.assurance >= FOR_COMPANIES
        self.ask(lambda: self._ask(code, number, sure), self._answered)

    def _ask(self, code: str, number: str, sure: bool) -> _Found | _Nothing:
        key = SavedKey.of(code)
        try:
            opened = self.parts.saved.open(key.lookup, number)
            if opened.sealed is None:
                return _Nothing(str(opened.refused), opened.again_in)
            saved = SavedApplication.model_validate_json(key.open(opened.sealed, number))
            if saved.company is None:
                return _Found(key, saved, None)
            if not sure:
                return _Nothing("surer")
            mine = self.parts.identity.companies(number)
        except PlatformError as error:
            log.info("a saved application is not reached (%s)", error)
            return _Nothing("unreachable")
        except (DoesNotOpen, ValidationError):
            log.warning("a saved application does not open")
            return _Nothing(SavedRefusal.UNKNOWN)
        found = [company for company in mine if company.uscc == saved.company.uscc]
        return _Found(key, saved, found[0]) if found else _Nothing("company")

    def _answered(self, answer: _Found | _Nothing) -> None:
        attempts, person = self.parts.cache.attempts, self.state.person
        assert person is not None
        self._state = "typing"
        if isinstance(answer, _Found):
            attempts.succeeded("saved_code", person.number)
            self._take_up(answer)
            return
        log.warning("no saved application is continued: %s", answer.reason)
        if answer.reason in _GUESSED:
            attempts.failed("saved_code", person.number)
        phone = self.parts.settings.phone
        self._error = self.say(f"continue_saved.{answer.reason}", seconds=answer.seconds, phone=phone)

    def _take_up(self, found: _Found) -> None:
        item = self.journey.installed.items.get(found.saved.task_code)
        if item is None or not item.at_terminal or not item.form:
            self.journey.go(self.journey.make("trouble", kind="saved_gone"))
            return
        try:
            installed, language = self.journey.installed, self.journey.language
            xml, resources = installed.form(item), installed.form_resources(item)
            taken = take_up(found.saved, self.state, item, xml, resources, found.company, language)
        except (FormError, NoRelease) as error:
            log.error("a saved form does not open: %s", type(error).__name__)
            self.state.act_for()
            self.journey.go(self.journey.make("trouble", kind="saved_gone"))
            return
        self.state.saved, self.state.resume_at = found.key, taken.stop
        self.journey.save()
        log.info("a saved application is continued")
        if taken.changed:
            self._state = "changed"
        else:
            self.journey.go(self.journey.into_item())
