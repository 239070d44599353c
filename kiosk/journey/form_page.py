"""One page of the form while it is filled in: what is written, what is wrong, what is opened."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from kiosk.forms import FormSession, Page, Question, Refusal
from kiosk.identity import covered
from kiosk.journey import choice_search, intents
from kiosk.journey.address_entry import AddressEntry
from kiosk.journey.fields import keyboard_of, look_of, money_remark, read_aloud, row_of
from kiosk.journey.prefill import prefill, source_name, to_confirm
from kiosk.journey.views import AddressPart, ChoiceRow, Field, QuestionView
from kiosk.money import is_amount
from kiosk.words import say

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

#: the path of the confirmation among a page's problems
CONFIRM = "confirm"


class FormPage:
    """What a citizen does on the pages of one form, and how each page looks for it."""

    def __init__(self, journey: Journey, session: FormSession, opened: str = "") -> None:
        """`opened` is a prefilled answer that is to be changed."""
        self._journey, self._session = journey, session
        self._errors: dict[str, str] = {}
        #: paths written to, and those of prefilled answers that are not right
        self._written: set[str] = set()
        self._opened: set[str] = {opened} if opened else set()
        self._queries: dict[str, str] = {}
        self._addresses: dict[str, AddressEntry] = {}

    # what is shown

    def view(self, page: Page, focus: str, place: str) -> QuestionView:
        """The page as it stands."""
        known = prefill(self._journey.state, self._journey.item)
        helps, questions = _split(page)
        fields = tuple(self._field(question, known) for question in questions)
        problems = [(f.path, self._say("question.problem", label=f.label, text=f.error)) for f in fields if f.error]
        confirm_error = self._errors.get(CONFIRM, "")
        if confirm_error:
            problems.append((CONFIRM, confirm_error))
        return QuestionView(
            page.title, helps, fields, focus=focus, place=place,
            problems=tuple(problems) if len(fields) > 1 else (),
            confirm=self._confirm(questions, fields), confirm_error=confirm_error,
        )  # fmt: skip

    def _asks(self, question: Question) -> bool:
        """Whether its prefilled answer is to be confirmed; one that is being changed is judged as what it becomes."""
        return to_confirm(question) and question.draft is None

    def _confirm(self, questions: tuple[Question, ...], fields: tuple[Field, ...]) -> Literal["", "asked", "given"]:
        if any(map(self._asks, questions)):
            return "asked"
        settled = [
            question for question, field in zip(questions, fields, strict=True)
            if field.settled and not question.readonly and not question.source.startswith("situation/")
        ]  # fmt: skip
        return "given" if settled else ""

    def _field(self, question: Question, known: Mapping[str, str]) -> Field:
        path, language = question.path, self._journey.language
        value = _written(question)
        shown = self._covered(question, value)
        unchanged = value == known.get(question.source)
        source = source_name(question.source, self._journey.state, language) if unchanged or question.readonly else ""
        look = look_of(question)
        settled = (
            bool(source and value)
            and unchanged
            and not {path} & (self._opened | self._written)
            and not question.source.startswith("situation/")
        )
        choices, picked, found = self._choices(question, value, look == "search")
        return Field(
            path=path,
            kind=question.kind,  # type: ignore[arg-type]
            label=question.label,
            hint=question.hint,
            value=shown,
            choices=choices,
            readonly=question.readonly or shown != value,
            required=question.required,
            source=source,
            error=self._errors.get(path, ""),
            keyboard=keyboard_of(question),
            look=look,
            guidance=question.guidance,
            shown=self._read_aloud(question, value) if settled and shown == value else "",
            settled=settled,
            picked=picked,
            query=self._queries.get(path, ""),
            choice_count=question.choice_count,
            found=found,
            bounds=question.bounds or ("", "", ""),
            address=self._address(path, value).part(self._say) if look == "address" and not settled else AddressPart(),
            remark=self._remark(question, value, look),
            picture=self._picture(question.media),
        )

    def _read_aloud(self, question: Question, value: str) -> str:
        """The answer in words, where they are others than it is written in."""
        said = read_aloud(question, self._say)
        return said if said != value else ""

    def _choices(
        self, question: Question, value: str, searched: bool
    ) -> tuple[tuple[ChoiceRow, ...], tuple[ChoiceRow, ...], int]:
        """What is offered, what is picked of a long list, and how many there are to find."""
        if not searched:
            rows = tuple(row_of(choice, self._picture) for choice in question.choices)
            return rows, (), len(rows)
        query = self._queries.get(question.path, "")
        found, count = choice_search.find(self._session, question.path, query, question.choice_count)
        values = value.split() if question.kind == "select_multiple" else [value] if value else []
        picked = tuple(ChoiceRow(each, self._session_label(question, each)) for each in values)
        return tuple(row_of(choice, self._picture) for choice in found), picked, count

    def _session_label(self, question: Question, value: str) -> str:
        return self._session.choice_label(self._session.node(question.path), value)

    def _remark(self, question: Question, value: str, look: str) -> str:
        if look == "money":
            return money_remark(value, self._say)
        unheard = {"audio", "video"} & set(question.media)
        return self._say("question.unheard") if unheard else ""

    def _picture(self, media: Mapping[str, str]) -> bytes:
        """The bytes of a picture of the form; b"" where it has none here."""
        address = media.get("image", "")
        try:
            return self._journey.installed.form_resources(self._journey.item)(address) if address else b""
        except KeyError:
            log.warning("a picture of the form %s is missing", self._journey.item.form)
            return b""

    def _covered(self, question: Question, value: str) -> str:
        """With a helper standing by, what the citizen's papers say is covered; what is written now is not."""
        if self._journey.state.helper is None or question.path in self._written or question.draft is not None:
            return value
        return covered(value, question.source)

    # what the citizen does

    def question(self, path: str, *kinds: str) -> Question | None:
        """The question at `path` of the page that is shown, if it may be answered and is one of these kinds."""
        page = self._session.page
        found = next((each for each in page.questions if each.path == path), None) if page else None
        if found is None or found.readonly or self._covered(found, found.value) != found.value:
            return None
        return found if not kinds or found.kind in kinds else None

    def handle(self, event: intents.Intent) -> None:
        """Take what the citizen does with a field."""
        match event:
            case intents.Answer(path, value) if question := self.question(path):
                self._answer(question, value)
            case intents.ChooseDivision(path, code) if question := self.question(path):
                entry = self._address(path, _written(question))
                entry.choose(code)
                self._answer(question, entry.text)
            case intents.SearchChoices(path, text) if self.question(path):
                self._queries[path] = text
            case intents.Reopen(path) if self.question(path):
                self._opened.add(path)
            case intents.Confirm():
                self._confirm_all()

    def _confirm_all(self) -> None:
        page = self._session.page
        for question in page.questions if page else ():
            if to_confirm(question):
                self._session.confirm(question.path)
        self._errors.pop(CONFIRM, None)
        self._journey.save()

    def _answer(self, question: Question, value: str) -> None:
        path = question.path
        self._written.add(path)
        if self._wrong(question, value) is None:
            self._errors.pop(path, None)
        else:
            # half a number is no mistake yet: it is judged when the citizen goes on
            self._session.keep(path, value)
        self._journey.save()

    def _address(self, path: str, text: str) -> AddressEntry:
        entry = self._addresses.get(path)
        if entry is None or entry.text != text.strip():
            entry = self._addresses[path] = AddressEntry(text)
        return entry

    def _wrong(self, question: Question, value: str) -> str | None:
        """Give the form an answer; what is wrong with it in words, or None where it is taken."""
        look = look_of(question)
        if look == "address" and value.strip():
            entry = self._address_written(question.path, value)
            if entry.problem:
                return self._say(entry.problem)
        if look == "money" and value and not is_amount(value):
            return self._say("question.no_amount")
        refusal = self._session.answer(question.path, value)
        return self._words_for(refusal) if refusal else None

    def _address_written(self, path: str, text: str) -> AddressEntry:
        entry = self._addresses.get(path)
        if entry is None:
            entry = self._addresses[path] = AddressEntry(text)
        elif entry.text != text.strip():
            entry.write(text)
        return entry

    # going on

    def complete(self) -> bool:
        """Judge the page; whether it may be left."""
        self.judge()
        page = self._session.page
        if page and any(map(self._asks, page.questions)):
            self._errors[CONFIRM] = self._say("question.confirm")
        return not self._errors

    def judge(self) -> None:
        """Say what is wrong with the page: with what is written and no answer yet, and what the form finds."""
        self._errors = {}
        page = self._session.page
        for question in page.questions if page else ():
            if question.draft is not None and not question.readonly:
                wrong = self._wrong(question, question.draft)
                if wrong is not None:
                    self._errors[question.path] = wrong
        for path, message in self._session.problems().items():
            self._errors.setdefault(path, message or self._say("question.required"))

    def forget_errors(self) -> None:
        """The page is left backwards."""
        self._errors = {}

    def _words_for(self, refusal: Refusal) -> str:
        return refusal.message or self._say(f"question.{refusal.code}")

    def _say(self, key: str, **values: object) -> str:
        return say(key, self._journey.language, **values)


def _written(question: Question) -> str:
    return question.value if question.draft is None else question.draft


def _split(page: Page) -> tuple[str, tuple[Question, ...]]:
    """A note that opens a page is the page's help line, not a field."""
    first = page.questions[0]
    if first.kind == "note" and len(page.questions) > 1:
        return first.label, page.questions[1:]
    return page.hint, page.questions
