"""Functions of truth and of choosing between values."""

from __future__ import annotations

import math
from typing import Any

from kiosk.forms.errors import ExpressionError
from kiosk.forms.functions.registry import Compiler, Evaluate, function, special
from kiosk.forms.xpath.syntax import Call
from kiosk.forms.xpath.values import boolean, number, text


@special("if", 3)
def _if(compiler: Compiler, call: Call) -> Evaluate:
    condition, yes, no = (compiler.compile(argument) for argument in call.arguments)
    return lambda c: yes(c) if boolean(condition(c)) else no(c)


@special("coalesce", 1, None)
def _coalesce(compiler: Compiler, call: Call) -> Evaluate:
    values = [compiler.compile(argument) for argument in call.arguments]

    def evaluate(c: Any) -> str:
        for value in values:
            said = text(value(c))
            if said:
                return said
        return ""

    return evaluate


@special("once", 1)
def _once(compiler: Compiler, call: Call) -> Evaluate:
    """What the question has already; the value where it has none."""
    value = compiler.once(call.arguments[0])
    return lambda c: c.origin.text or text(value(c))


@function("true", 0)
def _true() -> bool:
    return True


@function("false", 0)
def _false() -> bool:
    return False


@function("boolean", 1)
def _boolean(value: Any) -> bool:
    return boolean(value)


@function("boolean-from-string", 1)
def _from_string(value: Any) -> bool:
    return text(value) in ("true", "1")


@function("not", 1)
def _not(value: Any) -> bool:
    return not boolean(value)


def _counts(value: Any) -> bool:
    """JavaRosa: a number above zero, or true."""
    return number(value) > 0 or value is True or text(value) == "true"


def _between(amount: float, least: Any, most: Any) -> bool:
    low, high = number(least), number(most)
    return (low == -1 or amount >= low) and (high == -1 or amount <= high)


@function("checklist", 2, None)
def _checklist(least: Any, most: Any, *values: Any) -> bool:
    return _between(float(sum(_counts(one) for one in _each(values))), least, most)


@special("weighted-checklist", 4, None)
def _weighted(compiler: Compiler, call: Call) -> Evaluate:
    if len(call.arguments) % 2:
        raise ExpressionError("weighted-checklist() takes its values in pairs: value, weight")
    arguments = [compiler.compile(argument) for argument in call.arguments]

    def evaluate(c: Any) -> bool:
        least, most, *pairs = (argument(c) for argument in arguments)
        weights = [number(weight) for value, weight in zip(pairs[::2], pairs[1::2], strict=True) if _counts(value)]
        return _between(math.fsum(weights), least, most)

    return evaluate


def _each(values: tuple[Any, ...]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        found += [node.text for node in value] if isinstance(value, list) else [value]
    return found
