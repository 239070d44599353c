"""Check your answers before sending: each with a way to change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from contract.cases import MaterialSent
from contract.codes import LetterKind, MaterialNeed
from kiosk.cases.letters import letter
from kiosk.forms import Incomplete, Page, Question, RepeatPage
from kiosk.identity import covered, masked_text
from kiosk.items import to_scan
from kiosk.items.letters import letter_kinds
from kiosk.journey import intents
from kiosk.journey.fields import read_aloud
from kiosk.journey.prefill import source_name, unconfirmed
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.views import CheckRow, CheckView
from kiosk.journey.visit_state import Strokes

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


class Check(Step):
    """Answers, papers, signature; `change` targets are `form:PATH`, `scan:ID`, `situation:ID` and `sign:INDEX`."""

    part = "check"

    def __init__(self, journey: Journey, stop: Stop, backwards: bool = False) -> None:
        super().__init__(journey)
        self._stop = stop

    def view(self) -> CheckView:
        return CheckView(
            answers=tuple(self._answers()),
            papers=tuple(self._papers()),
            strokes=tuple(tuple((x, y) for x, y, _ in stroke) for stroke in self._strokes),
            warning=self.say("check.warning"),
        )

    def _answers(self) -> list[CheckRow]:
        if self.state.form is None:
            return []
        pages = self.state.form.pages()
        entries = {
            row.path: self.say("check.entry", list=page.title, label=row.label)
            for page in pages
            if isinstance(page, RepeatPage)
            for row in page.rows
        }
        rows: list[CheckRow] = []
        for page in pages:
            section = _section(page, entries)
            if isinstance(page, RepeatPage):
                rows.append(self._list(page, section))
            rows += [
                self._answer(question, section)
                for question in page.questions
                if question.kind != "note" or question.computed
            ]
        return rows

    def _list(self, page: RepeatPage, section: str) -> CheckRow:
        """How many of the same there are, with the way to add one and take one away."""
        count = self.say("check.entries", count=len(page.rows)) if page.rows else self.say("check.no_entries")
        return CheckRow(page.title, count, f"form:{page.path}", section=section)

    def _answer(self, question: Question, section: str) -> CheckRow:
        source = source_name(question.source, self.state, self.journey.language)
        if question.source.startswith("situation/"):
            change = f"situation:{question.source.partition('/')[2]}"
        else:
            change = "" if question.readonly else f"form:{question.path}"
        if question.kind == "note":
            return CheckRow(self.say("check.computed"), question.label, section=section)
        value = self._shown(question) or self.say("check.empty")
        return CheckRow(question.label, value, change, "" if change else source, section)

    def _shown(self, question: Question) -> str:
        if question.draft is not None:
            return question.draft
        if self.state.helper and question.source:
            return covered(masked_text(question.shown, question.source), question.source)
        return masked_text(read_aloud(question, self.say), question.source)

    def _papers(self) -> list[CheckRow]:
        rows = []
        for material in to_scan(self.journey.item, self.state.facts):
            sent = self.state.materials.get(material.id)
            missing = "check.later" if material.id in self.state.later else "check.empty"
            line = self._given(sent) if sent else self.say(missing)
            rows.append(CheckRow(material.name.in_language(self.journey.language), line, f"scan:{material.id}"))
        for index, kind in enumerate(self._letters):
            signature = self.state.signatures.get(kind)
            time = f"{signature.signed_at.astimezone():%H:%M}" if signature else ""
            line = self.say("check.signed", time=time) if signature else self.say("check.empty")
            title = letter(kind, self.journey.item, self.state, self.journey.language).title
            rows.append(CheckRow(title, line, f"sign:{index}"))
        return rows

    def _given(self, sent: MaterialSent) -> str:
        if sent.from_platform:
            return self.say("check.from_platform", reference=sent.reference)
        return self.say("check.pages_doubted" if sent.doubts else "check.pages", pages=sent.pages)

    @property
    def _letters(self) -> list[LetterKind]:
        return letter_kinds(self.journey.item, self.state.facts, self.state.later)

    @property
    def _strokes(self) -> Strokes:
        """The handwriting that is shown: the one given last."""
        signed = [self.state.strokes[kind] for kind in self._letters if kind in self.state.signatures]
        return signed[-1] if signed else ()

    def buttons(self) -> tuple[str, str, bool]:
        return "button.back", "button.submit", self._complete()

    def _complete(self) -> bool:
        papers = all(
            each.id in self.state.materials or (each.need is not MaterialNeed.REQUIRED and each.id in self.state.later)
            for each in to_scan(self.journey.item, self.state.facts)
        )
        return papers and all(kind in self.state.signatures for kind in self._letters)

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.Change(target):
                return self._change(target)
            case intents.Forward() if self._complete():
                return self._gap() or self.journey.make("done")
            case intents.Back():
                return self.journey.before(self._stop)
        return None

    def _gap(self) -> Step | None:
        """The page of an answer that was taken away when it was to be changed."""
        try:
            if self.state.form:
                self.state.form.finish()
        except Incomplete as error:
            return self.journey.make("form", stop=Stop("form"), change=next(iter(error.problems)), judge=True)
        path = unconfirmed(self.state.form) if self.state.form else ""
        return self.journey.make("form", stop=Stop("form"), change=path) if path else None

    def _change(self, target: str) -> Step | None:
        kind, _, name = target.partition(":")
        item = self.journey.item
        if kind == "form":
            return self.journey.make("form", stop=Stop("form"), change=name)
        if kind == "situation":
            places = [place for place, situation in enumerate(item.situations) if situation.id == name]
            return self.journey.at(Stop("situation", places[0])) if places else None
        if kind == "scan":
            scans = [material.id for material in to_scan(item, self.state.facts)]
            return self.journey.at(Stop("scan", scans.index(name)), change=True) if name in scans else None
        return self.journey.at(Stop("sign", int(name)))


def _section(page: Page | RepeatPage, entries: Mapping[str, str]) -> str:
    """The entry of a repeat that a page belongs to, the innermost where one lies in another."""
    path = f"{page.path}/".replace("[1]", "")
    within = [entry for entry in entries if path.startswith(f"{entry}/".replace("[1]", "")) and not _lists(page, entry)]
    return entries[max(within, key=len)] if within else ""


def _lists(page: Page | RepeatPage, entry: str) -> bool:
    """Whether a page is the list in which an entry stands: not one of its own."""
    return isinstance(page, RepeatPage) and page.path == entry.rpartition("[")[0]
