"""What stands between two operands (XPath 1.0, 3.4 and 3.5; ODK: dates are numbers of days beside a number).

A node-set that is empty compares as the empty text, as JavaRosa has it: a question that is not relevant is one that is
not answered.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from kiosk.forms.xpath.context import Context
from kiosk.forms.xpath.values import NAN, boolean, number, text, text_number

Evaluate = Callable[[Context], Any]


def _equal(left: Any, right: Any) -> bool:
    if left.__class__ is bool or right.__class__ is bool:
        return boolean(left) == boolean(right)
    if left.__class__ is float or right.__class__ is float:
        return number(left) == number(right)
    return text(left) == text(right)


def unequal(left: Any, right: Any) -> bool:
    """!= of two single values."""
    return not _equal(left, right)


def _ordered(compare: Callable[[float, float], bool]) -> Callable[[Any, Any], bool]:
    def ordered(left: Any, right: Any) -> bool:
        if left.__class__ is bool and right.__class__ is list:
            right = bool(right)
        elif right.__class__ is bool and left.__class__ is list:
            left = bool(left)
        return compare(number(left), number(right))

    return ordered


def compared(left: Any, right: Any, compare: Callable[[Any, Any], bool]) -> bool:
    """Whether it holds for any pair of nodes."""
    if left.__class__ is list and len(left) > 1 and right.__class__ is not bool:
        return any(compared(node.text, right, compare) for node in left)
    if right.__class__ is list and len(right) > 1 and left.__class__ is not bool:
        return any(compared(left, node.text, compare) for node in right)
    return compare(left, right)


def _divide(left: float, right: float) -> float:
    if right == 0:
        return NAN if left == 0 or math.isnan(left) else math.copysign(math.inf, left)
    return left / right


def _modulo(left: float, right: float) -> float:
    return math.fmod(left, right) if right and math.isfinite(left) else NAN


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": _equal,
    "!=": unequal,
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
}
_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "div": _divide, "mod": _modulo,
}  # fmt: skip


def binary(sign: str, left: Evaluate, right: Evaluate) -> Evaluate:
    """The operation as one closure."""
    if sign == "or":
        return lambda c: boolean(left(c)) or boolean(right(c))
    if sign == "and":
        return lambda c: boolean(left(c)) and boolean(right(c))
    if sign == "|":
        return lambda c: _union(left(c), right(c))
    if sign in _COMPARISONS:
        compare = _COMPARISONS[sign]
        return lambda c: compared(left(c), right(c), compare)
    reckon = _ARITHMETIC[sign]
    return lambda c: reckon(_amount(left(c)), _amount(right(c)))


def negative(operand: Evaluate) -> Evaluate:
    """The operand with its sign turned."""
    return lambda c: -_amount(operand(c))


def _amount(value: Any) -> float:
    if value.__class__ is float:
        return value
    return text_number(value) if value.__class__ is str else number(value)


def _union(left: Any, right: Any) -> list[Any]:
    found = list(left)
    seen = {id(node) for node in found}
    return found + [node for node in right if id(node) not in seen]
