"""One run of a form: answers, recalculation, pages, and the finished instance."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date

from lxml import etree

from kiosk.forms.definition import Bind, Control, FormDefinition, PageDefinition
from kiosk.forms.errors import FormError, Incomplete, UnknownQuestion
from kiosk.forms.expressions import Expression
from kiosk.forms.page import Choice, Page, Question
from kiosk.forms.translations import Label

#: longest text answer; a citizen's longest field (an address) is far below
TEXT_LIMIT = 2000
#: what XML 1.0 cannot hold: control characters of barcodes, halves of surrogate pairs
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Refusal:
    """An answer that was not taken. `code`: type, constraint, choice, required; `message` is the form's own or ""."""

    code: str
    message: str


@dataclass(frozen=True)
class Finished:
    """A completed form: the XForms instance, and each relevant answer as (path, label, value, shown).

    Calculations nobody is asked come last, with no label.
    """

    instance: bytes
    answers: tuple[tuple[str, str, str, str], ...]


class FormSession:
    """A form being filled in. Not thread-safe; one session belongs to one visit."""

    def __init__(self, form: FormDefinition, language: str, prefill: Mapping[str, str]) -> None:
        self.form = form
        self.language = language
        self._tree = deepcopy(form.template)
        self._nodes = {self._tree.getroottree().getpath(node): node for node in self._tree.iter()}
        self._stored = {path: node.text or "" for path, node in self._nodes.items() if not len(node)}
        self._relevant = dict.fromkeys(self._nodes, True)
        self._page = form.pages[0].path
        self._ended = False
        for path, bind in form.binds.items():
            if bind.source in prefill:
                self._stored[path] = _UNWRITABLE.sub("", prefill[bind.source])
            if bind.preload == "uid":
                self._stored[path] = f"uuid:{uuid.uuid4()}"
        self._recompute(form.dependencies.order())

    @classmethod
    def restored(cls, form: FormDefinition, saved: bytes, language: str) -> FormSession:
        """See `Form.restore`."""
        state = json.loads(saved)
        if (state["form"], state["version"]) != (form.id, form.version):
            raise FormError(f"the saved answers belong to {state['form']} {state['version']}")
        session = cls(form, language, {})
        session._stored.update(state["values"])
        session._page, session._ended = state["page"], state["ended"]
        for path in session._stored:  # once() asks for the answer that was there
            session._set(path)
        session._recompute(form.dependencies.order())
        return session

    def refill(self, prefill: Mapping[str, str]) -> None:
        """Take prefilled answers that cannot be changed in the form (readonly) anew; typed ones stay."""
        for path, bind in self.form.binds.items():
            if bind.source in prefill and bind.readonly:
                self._stored[path] = _UNWRITABLE.sub("", prefill[bind.source])
        self._recompute(self.form.dependencies.order())

    def serialise(self) -> bytes:
        """All of the session but its language, as JSON; `Form.restore` takes it back."""
        state = {
            "form": self.form.id,
            "version": self.form.version,
            "values": self._stored,
            "page": self._page,
            "ended": self._ended,
        }
        return json.dumps(state, ensure_ascii=False).encode()

    # pages

    def pages(self) -> list[Page]:
        """Every page that has a relevant question now, in order."""
        return [self._shown(page) for page in self._relevant_pages()]

    @property
    def page(self) -> Page | None:
        """The page the session stands on; None after the last."""
        current = self._standing()
        return None if self._ended or current is None else self._shown(current)

    def forward(self) -> Page | None:
        """Go to the next relevant page; None when the form's end is reached. Does not check answers."""
        pages, current = self._relevant_pages(), self._standing()
        following = pages[pages.index(current) + 1 :] if current else []
        if following:
            self._page = following[0].path
        else:
            self._ended = True
        return self.page

    def back(self) -> Page | None:
        """Go to the previous relevant page; None when already on the first."""
        paths = [page.path for page in self._relevant_pages()]
        if self._ended and paths:
            self._ended = False
            self._page = paths[-1]
            return self.page
        place = paths.index(self._page) if self._page in paths else 0
        if place == 0:
            return None
        self._page = paths[place - 1]
        return self.page

    def go_to(self, path: str) -> Page | None:
        """Go to the page that holds the question `path`."""
        for page in self._relevant_pages():
            if page.path == path or any(control.path == path for control in page.controls):
                self._page, self._ended = page.path, False
                return self.page
        raise UnknownQuestion(path)

    # answers

    def answer(self, path: str, value: str) -> Refusal | None:
        """Answer a question; "" takes the answer back. A refused answer leaves the form as it was.

        Raises UnknownQuestion for a path that is no question or may not be changed.
        """
        control, bind = self.form.controls.get(path), self.form.binds.get(path)
        if control is None or bind is None or control.kind == "note" or bind.readonly or bind.calculate:
            raise UnknownQuestion(path)
        value = _tidy(control.kind, value)
        if value and not _well_typed(control, value):
            return Refusal("choice" if control.choices else "type", "")
        before = self._stored[path]
        self._stored[path] = value
        self._set(path)
        if value and bind.constraint and not bind.constraint.truth(self._nodes[path]):
            self._stored[path] = before
            self._set(path)
            return Refusal("constraint", self._text(bind.constraint_message))
        self._recompute(self.form.dependencies.after(path))
        return None

    def value(self, path: str) -> str:
        """The effective answer: "" where the question is not relevant."""
        return self._nodes[path].text or ""

    def problems(self, page: Page | None = None) -> dict[str, str]:
        """What keeps `page` (default: the current) from being left: path -> the form's message, "" if it has none."""
        page = page or self.page
        found = {}
        for question in page.questions if page else ():
            bind = self.form.binds[question.path]
            if question.required and not question.value:
                found[question.path] = self._text(bind.required_message)
            elif question.value and bind.constraint and not bind.constraint.truth(self._nodes[question.path]):
                found[question.path] = self._text(bind.constraint_message)
        return found

    def finish(self) -> Finished:
        """The completed form. Raises Incomplete naming every question that is not answered well."""
        pages = self.pages()
        problems = {path: text for page in pages for path, text in self.problems(page).items()}
        if problems:
            raise Incomplete(problems)
        answers = tuple(
            (question.path, question.label, question.value, shown(question))
            for page in pages
            for question in page.questions
            if question.kind != "note" and question.value
        )
        calculated = tuple(
            (path, "", self.value(path), self.value(path))
            for path, bind in self.form.binds.items()
            if bind.calculate and path not in self.form.controls and self.value(path)
        )
        return Finished(self._instance(), answers + calculated)

    # inside

    def _recompute(self, paths: list[str]) -> None:
        for path in paths:
            bind = self.form.binds.get(path)
            parent = path.rpartition("/")[0]
            relevant = self._relevant.get(parent, True)
            node = self._nodes[path]
            if relevant and bind and bind.relevant:
                relevant = bind.relevant.truth(node)
            self._relevant[path] = relevant
            if not len(node):
                if relevant and bind and bind.calculate:
                    self._stored[path] = bind.calculate.answer(node)
                self._set(path)

    def _set(self, path: str) -> None:
        self._nodes[path].text = self._stored[path] if self._relevant[path] else ""

    def _relevant_pages(self) -> list[PageDefinition]:
        return [page for page in self.form.pages if any(self._relevant[c.path] for c in page.controls)]

    def _standing(self) -> PageDefinition | None:
        """The page the session stands on: the first where that one is hidden by now, None where all are."""
        pages = self._relevant_pages()
        return next((page for page in pages if page.path == self._page), pages[0] if pages else None)

    def _shown(self, page: PageDefinition) -> Page:
        questions = tuple(self._question(control) for control in page.controls if self._relevant[control.path])
        alone = len(page.controls) == 1 and page.path == page.controls[0].path
        return Page(page.path, self._text(page.title), questions[0].hint if alone else "", questions)

    def _question(self, control: Control) -> Question:
        bind = self.form.binds[control.path]
        return Question(
            path=control.path,
            kind=control.kind,
            label=self._text(control.label),
            hint=self._text(control.hint),
            value=self.value(control.path),
            choices=tuple(Choice(choice.value, self._text(choice.label)) for choice in control.choices),
            required=self._required(bind),
            readonly=bind.readonly or bind.calculate is not None,
            source=bind.source,
            appearance=control.appearance,
            computed=control.label.computed,
        )

    def _required(self, bind: Bind) -> bool:
        return bind.required is not None and bind.required.truth(self._nodes[bind.path])

    def _text(self, label: Label | None) -> str:
        return label.text(self.language, self._output) if label else ""

    def _output(self, expression: Expression) -> str:
        node = self._nodes.get(expression.place, self._tree)
        return expression.answer(node)

    def _instance(self) -> bytes:
        tree = deepcopy(self._tree)
        copies = dict(zip(self._nodes, tree.iter(), strict=True))
        for path, relevant in self._relevant.items():
            parent = copies[path].getparent()
            if not relevant and parent is not None:
                parent.remove(copies[path])
        return etree.tostring(tree, encoding="utf-8", xml_declaration=True)


def shown(question: Question) -> str:
    """The answer as a person reads it: choice labels instead of values."""
    if not question.choices:
        return question.value
    labels = {choice.value: choice.label for choice in question.choices}
    return "、".join(labels.get(value, value) for value in question.value.split())


def _tidy(kind: str, value: str) -> str:
    value = value.strip()
    return " ".join(value.split()) if kind == "select_multiple" else value


def _well_typed(control: Control, value: str) -> bool:
    if control.choices:
        values = {choice.value for choice in control.choices}
        chosen = value.split() if control.kind == "select_multiple" else [value]
        return all(one in values for one in chosen)
    if control.kind == "integer":
        return re.fullmatch(r"[+-]?[0-9]{1,9}", value) is not None
    if control.kind == "decimal":
        return re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?", value) is not None
    if control.kind == "date":
        try:
            return date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    if control.kind == "acknowledge":
        return value == "OK"
    return len(value) <= TEXT_LIMIT and not _UNWRITABLE.search(value)
