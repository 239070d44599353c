"""The tree of an expression. `at` is where in the source a part begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk.forms.errors import ExpressionError

Axis = Literal["child", "parent", "self", "descendant"]


@dataclass(frozen=True)
class Number:
    """A number written out."""

    value: float


@dataclass(frozen=True)
class Text:
    """A text in quotes."""

    value: str


@dataclass(frozen=True)
class Call:
    """A function call."""

    name: str
    arguments: tuple[Syntax, ...]
    at: int


@dataclass(frozen=True)
class Binary:
    """Two operands and what is between them: or and = != < <= > >= + - * div mod |"""

    operator: str
    left: Syntax
    right: Syntax


@dataclass(frozen=True)
class Negative:
    """A minus sign and its operand."""

    operand: Syntax


@dataclass(frozen=True)
class Step:
    """One step of a path; "*" is any name. `descendant` is what follows a double slash."""

    axis: Axis
    name: str
    predicates: tuple[Syntax, ...] = ()


@dataclass(frozen=True)
class Path:
    """A location path: from the root (`absolute`), from what `start` gives, or from the context node."""

    steps: tuple[Step, ...]
    absolute: bool
    at: int
    start: Syntax | None = None
    #: predicates of `start` itself
    predicates: tuple[Syntax, ...] = ()


Syntax = Number | Text | Call | Binary | Negative | Path


def literal(call: Call, place: int) -> str:
    """The text written out as an argument. Raises ExpressionError where it is computed."""
    argument = call.arguments[place]
    if not isinstance(argument, Text):
        raise ExpressionError(f"value {place + 1} of {call.name}() must be written out in quotes")
    return argument.value.strip()
