"""What the one who asks the questions sees of a form: pages of questions, in one language, at one moment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """One answer of a select question."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """One question. `kind` is the XLSForm type; `source` the `bianmin:from` of its bind, "" if typed."""

    path: str
    kind: str
    label: str
    hint: str
    value: str
    choices: tuple[Choice, ...]
    required: bool
    readonly: bool
    source: str
    appearance: str
    #: the label holds an answer or a calculation (an <output>)
    computed: bool = False


@dataclass(frozen=True)
class Page:
    """A group shown together (appearance field-list), or a single question standing alone."""

    path: str
    title: str
    hint: str
    questions: tuple[Question, ...]
