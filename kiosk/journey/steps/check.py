"""Check your answers before sending: each with a way to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.forms import Incomplete, Question
from kiosk.identity import covered, masked_text
from kiosk.items import to_scan
from kiosk.journey import intents
from kiosk.journey.prefill import source_name
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.steps.sign import PICTURE
from kiosk.journey.views import CheckRow, CheckView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


class Check(Step):
    """Answers, papers, signature; `change` targets are `form:PATH`, `scan:ID`, `situation:ID` and `sign`."""

    part = "check"

    def __init__(self, journey: Journey, stop: Stop, backwards: bool = False) -> None:
        super().__init__(journey)
        self._stop = stop

    def view(self) -> CheckView:
        return CheckView(
            answers=tuple(self._answers()),
            papers=tuple(self._papers()),
            strokes=tuple(tuple((x, y) for x, y, _ in stroke) for stroke in self.state.strokes),
            warning=self.say("check.warning"),
        )

    def _answers(self) -> list[CheckRow]:
        if self.state.form is None:
            return []
        return [
            self._answer(question)
            for page in self.state.form.pages()
            for question in page.questions
            if question.kind != "note" or question.computed
        ]

    def _answer(self, question: Question) -> CheckRow:
        source = source_name(question.source, self.state, self.journey.language)
        if question.source.startswith("situation/"):
            change = f"situation:{question.source.partition('/')[2]}"
        else:
            change = "" if question.readonly else f"form:{question.path}"
        if question.kind == "note":
            return CheckRow(self.say("check.computed"), question.label)
        value = self._shown(question) or self.say("check.empty")
        return CheckRow(question.label, value, change, "" if change else source)

    def _shown(self, question: Question) -> str:
        if question.kind == "date" and question.value and not (self.state.helper and question.source):
            year, month, day = question.value.split("-")
            return self.say("check.date", year=year, month=int(month), day=int(day))
        text = masked_text(question.shown, question.source)
        return covered(text, question.source) if self.state.helper else text

    def _papers(self) -> list[CheckRow]:
        rows = []
        for material in to_scan(self.journey.item, self.state.facts):
            sent = self.state.materials.get(material.id)
            pages = self.say("check.pages", pages=sent.pages) if sent else self.say("check.empty")
            rows.append(CheckRow(material.name.in_language(self.journey.language), pages, f"scan:{material.id}"))
        signature, commitment = self.state.signature, self.journey.item.commitment
        if commitment is not None:
            time = f"{signature.signed_at.astimezone():%H:%M}" if signature else ""
            line = self.say("check.signed", time=time) if signature else self.say("check.empty")
            rows.append(CheckRow(commitment.title.in_language(self.journey.language), line, "sign"))
        return rows

    def buttons(self) -> tuple[str, str, bool]:
        return "button.back", "button.submit", self._complete()

    def _complete(self) -> bool:
        papers = all(m.id in self.state.materials for m in to_scan(self.journey.item, self.state.facts))
        signed = self.journey.item.commitment is None or PICTURE in self.state.materials
        return papers and signed

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
        return None

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
            return (
                self.journey.make("scan", stop=Stop("scan", scans.index(name)), change=True) if name in scans else None
            )
        return self.journey.at(Stop("sign"))
