"""Functions of numbers. What is no number is NaN, an empty answer; nothing raises."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

from kiosk.forms.functions.registry import function
from kiosk.forms.xpath.values import NAN, number, text_number


@function("number", 1)
def _number(value: Any) -> float:
    return number(value)


@function("random", 0, constant=False)
def _random() -> float:
    return random.random()


@function("int", 1)
def _int(value: Any) -> float:
    amount = number(value)
    return float(math.trunc(amount)) if math.isfinite(amount) else amount


@function("floor", 1)
def _floor(value: Any) -> float:
    amount = number(value)
    return float(math.floor(amount)) if math.isfinite(amount) else amount


@function("ceiling", 1)
def _ceiling(value: Any) -> float:
    amount = number(value)
    return float(math.ceil(amount)) if math.isfinite(amount) else amount


@function("round", 1, 2)
def _round(value: Any, places: Any = 0.0) -> float:
    amount, digits = number(value), number(places)
    if not math.isfinite(amount) or not math.isfinite(digits) or abs(digits) > 15:
        return NAN
    scale = 10.0 ** int(digits)
    # 5001 × 0.295 is 1475.29499… in binary; six more places decide as a person with a pencil would
    return math.floor(round(amount * scale, 6) + 0.5) / scale


def _amounts(values: tuple[Any, ...]) -> list[float]:
    found: list[float] = []
    for value in values:
        found += [text_number(node.text) for node in value] if isinstance(value, list) else [number(value)]
    return found


@function("sum", 1)
def _sum(value: Any) -> float:
    return math.fsum(_amounts((value,)))


@function("max", 1, None)
def _max(*values: Any) -> float:
    amounts = _amounts(values)
    return NAN if not amounts or any(map(math.isnan, amounts)) else max(amounts)


@function("min", 1, None)
def _min(*values: Any) -> float:
    amounts = _amounts(values)
    return NAN if not amounts or any(map(math.isnan, amounts)) else min(amounts)


def _careful(run: Callable[..., float]) -> Callable[..., float]:
    """A function of numbers that has no value where mathematics gives none."""

    def safe(*values: Any) -> float:
        try:
            return float(run(*map(number, values)))
        except (ValueError, OverflowError, ZeroDivisionError):
            return NAN

    return safe


function("abs", 1)(_careful(abs))
function("pow", 2)(_careful(math.pow))
function("log", 1)(_careful(math.log))
function("log10", 1)(_careful(math.log10))
function("sqrt", 1)(_careful(math.sqrt))
function("exp", 1)(_careful(math.exp))
function("exp10", 1)(_careful(lambda value: math.pow(10.0, value)))
function("sin", 1)(_careful(math.sin))
function("cos", 1)(_careful(math.cos))
function("tan", 1)(_careful(math.tan))
function("asin", 1)(_careful(math.asin))
function("acos", 1)(_careful(math.acos))
function("atan", 1)(_careful(math.atan))
function("atan2", 2)(_careful(math.atan2))


@function("pi", 0)
def _pi() -> float:
    return math.pi
