"""What the one who asks the questions sees of a form: pages of questions, in one language, at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Choice:
    """One answer of a select question; `media` are addresses of what is shown beside it."""

    value: str
    label: str
    media: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """One question at one moment.

    `path` has positions inside repeats; `kind` is the XLSForm type; `value` is the answer as it is kept and `shown` as
    a person reads it; `choices` are at most `CHOICES_SHOWN` of `choice_count`, more are found by `FormSession.search`;
    `source` is the `bianmin:from` of its bind, "" if it is typed; `takes_x`: beside digits the X of an ID number;
    `confirmed` is False for a prefilled answer nobody
    has said yes to; `bounds` are start, end and step of a range; `draft` is what `FormSession.keep` keeps,
    None for nothing.
    """

    path: str
    kind: str
    label: str
    hint: str
    value: str
    shown: str
    choices: tuple[Choice, ...]
    required: bool
    readonly: bool
    source: str
    appearance: str
    #: the label holds an answer or a calculation (an <output>)
    computed: bool = False
    guidance: str = ""
    confirmed: bool = True
    choice_count: int = 0
    media: Mapping[str, str] = field(default_factory=dict)
    bounds: tuple[str, str, str] | None = None
    accept: str = ""
    draft: str | None = None
    takes_x: bool = False


@dataclass(frozen=True)
class Page:
    """A group shown together (appearance field-list), or a single question standing alone."""

    path: str
    title: str
    hint: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class RepeatRow:
    """One instance of a repeat in the list of all: its path and what tells it from the others."""

    path: str
    label: str


@dataclass(frozen=True)
class RepeatPage:
    """After the pages of a repeat's instances: those there are, and whether another may be added."""

    path: str
    title: str
    rows: tuple[RepeatRow, ...]
    can_add: bool
    can_remove: bool
    hint: str = ""
    questions: tuple[Question, ...] = ()
