"""The form, page by page: what is typed is kept at once, and judged when the citizen goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from kiosk.forms import Form, FormError, FormSession, Incomplete, Page, Question, Refusal
from kiosk.identity import covered
from kiosk.journey import intents
from kiosk.journey.prefill import prefill, source_name
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.views import ChoiceRow, Field, QuestionView
from offline_cache.errors import NoRelease

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

Keyboard = Literal["pinyin", "digits", "id", "number", "latin"]


class AskForm(Step):
    """One page of the form. `change` is the path of one answer to change before returning to the check.

    `judge` says at once what is wrong with that page.
    """

    part = "form"

    def __init__(
        self, journey: Journey, stop: Stop, backwards: bool = False, change: str = "", judge: bool = False
    ) -> None:
        super().__init__(journey)
        self._stop, self._backwards, self._change, self._judge = stop, backwards, change, judge
        #: what is typed and not taken by the form, by path
        self._typed: dict[str, str] = {}
        self._errors: dict[str, str] = {}
        #: paths written to since this step began
        self._written: set[str] = set()

    def enter(self) -> None:
        try:
            self._session = self._open()
        except FormError as error:
            raise NoRelease(f"the form {self.journey.item.form} does not load: {error}") from None
        if self._change:
            self._session.go_to(self._change)
        elif self._backwards:
            self._session.back()
        elif self._session.page is None:
            self._session.go_to(self._session.pages()[0].path)
        if self._judge:
            self._add_problems()
        self.journey.save()

    def _open(self) -> FormSession:
        values = prefill(self.state, self.journey.item)
        if self.state.form is None:
            form = Form.load(self.journey.installed.form(self.journey.item))
            self.state.form = form.start(self.journey.language, values)
        else:
            self.state.form.refill(values)
        return self.state.form

    def view(self) -> QuestionView:
        page = self._page
        helps, fields = _split(page)
        return QuestionView(page.title, helps, tuple(self._field(q) for q in fields), focus=self._change)

    @property
    def _page(self) -> Page:
        page = self._session.page
        if not isinstance(page, Page):
            raise ValueError("the form is at its end")
        return page

    def _field(self, question: Question) -> Field:
        value = self._typed.get(question.path, question.value)
        shown = self._shown(question, value)
        return Field(
            path=question.path,
            kind=question.kind,  # type: ignore[arg-type]
            label=question.label,
            hint=question.hint,
            value=shown,
            choices=tuple(ChoiceRow(choice.value, choice.label) for choice in question.choices),
            readonly=question.readonly or shown != value,
            required=question.required,
            source=source_name(question.source, self.state, self.journey.language),
            error=self._errors.get(question.path, ""),
            keyboard=_keyboard(question),
        )

    def _shown(self, question: Question, value: str) -> str:
        """With a helper standing by, what the citizen's papers say is covered; what is written now is not."""
        if self.state.helper is None or question.path in self._written:
            return value
        return covered(value, question.source)

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.Answer(path, value):
                self._answer(path, value)
            case intents.Forward():
                return self._forward()
            case intents.Back():
                return self._back()
        return None

    def _answer(self, path: str, value: str) -> None:
        question = next((q for q in self._page.questions if q.path == path), None)
        if question is None or question.readonly or self._shown(question, question.value) != question.value:
            return
        self._written.add(path)
        if self._session.answer(path, value) is None:
            self._typed.pop(path, None)
            self._errors.pop(path, None)
            self.journey.save()
        else:
            # half a number is no mistake yet: it is judged when the citizen goes on
            self._typed[path] = value

    def _forward(self) -> Step | None:
        self._errors = {}
        for path, value in self._typed.items():
            refusal = self._session.answer(path, value)
            if refusal is not None:
                self._errors[path] = self._words_for(refusal)
        self._add_problems()
        if self._errors:
            return None
        self._typed = {}
        if self._change:
            return self._back_to_check()
        self._session.forward()
        self.journey.save()
        return self.journey.after(self._stop) if self._session.page is None else None

    def _add_problems(self) -> None:
        for path, message in self._session.problems().items():
            self._errors.setdefault(path, message or self.say("question.required"))

    def _back_to_check(self) -> Step | None:
        """To the check again; but first to a page the change brought up and nobody has answered."""
        self._change = ""
        try:
            self._session.finish()
        except Incomplete as error:
            self._session.go_to(next(iter(error.problems)))
            return None
        return self.journey.at(Stop("check"))

    def _back(self) -> Step | None:
        self._typed, self._errors = {}, {}
        if self._change:
            return self.journey.at(Stop("check"))
        return self.journey.before(self._stop) if self._session.back() is None else None

    def _words_for(self, refusal: Refusal) -> str:
        return refusal.message or self.say(f"question.{refusal.code}")


def _split(page: Page) -> tuple[str, tuple[Question, ...]]:
    """A note that opens a page is the page's help line, not a field."""
    first = page.questions[0]
    if first.kind == "note" and len(page.questions) > 1:
        return first.label, page.questions[1:]
    return page.hint, page.questions


def _keyboard(question: Question) -> Keyboard:
    if question.kind in ("integer", "decimal", "date"):
        return "digits"
    if question.source.endswith("/number"):
        return "id"
    # ODK's appearance for text that is digits: a mobile number, and ID numbers with their X
    if "numbers" in question.appearance:
        return "id"
    return "pinyin"
