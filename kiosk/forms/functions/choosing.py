"""Functions of selects and of choice lists."""

from __future__ import annotations

import hashlib
import math
from typing import Any

from kiosk.forms.errors import ExpressionError
from kiosk.forms.functions.registry import Compiler, Evaluate, function, special
from kiosk.forms.secondary import Table
from kiosk.forms.xpath.parser import parse
from kiosk.forms.xpath.syntax import Call, literal
from kiosk.forms.xpath.values import nodes, number, text

_PARK_MILLER = 2_147_483_647


@function("selected", 2)
def _selected(values: Any, value: Any) -> bool:
    """As JavaRosa has it: no answer is one that holds the empty value."""
    return f" {text(value).strip()} " in f" {' '.join(text(values).split())} "


@function("selected-at", 2)
def _selected_at(values: Any, index: Any) -> str:
    chosen, place = text(values).split(), number(index)
    return chosen[int(place)] if 0 <= place < len(chosen) else ""


@function("count-selected", 1)
def _count_selected(values: Any) -> float:
    return float(len(text(values).split()))


@special("jr:choice-name", 2)
def _choice_name(compiler: Compiler, call: Call) -> Evaluate:
    value = compiler.compile(call.arguments[0])
    said = literal(call, 1)
    path = parse(said)
    select = compiler.declared(path)
    node = compiler.compile(path)
    if not select.path:
        raise ExpressionError(f"{said} is no question")

    def evaluate(c: Any) -> str:
        found = nodes(node(c))
        wanted = text(value(c)).split()
        labels = [c.world.choice_label(found[0], one) for one in wanted] if found else []
        return ", ".join(label for label in labels if label)

    return evaluate


@special("jr:itext", 1)
def _itext(compiler: Compiler, call: Call) -> Evaluate:
    identifier = compiler.compile(call.arguments[0])
    return lambda c: c.world.itext(text(identifier(c)))


@special("pulldata", 4)
def _pulldata(compiler: Compiler, call: Call) -> Evaluate:
    """The first row's value where a column has the asked value."""
    table = compiler.instance(Call("instance", call.arguments[:1], call.at))
    if not isinstance(table, Table):
        raise ExpressionError("pulldata() reads lists only")
    wanted = compiler.column(table, literal(call, 1))
    asked = compiler.column(table, literal(call, 2))
    value = compiler.compile(call.arguments[3])

    def evaluate(c: Any) -> str:
        rows = table.matching(asked, text(value(c)))
        return rows[0].get(wanted) if rows else ""

    return evaluate


@special("randomize", 1, 2)
def _randomize(compiler: Compiler, call: Call) -> Evaluate:
    """Inside-out Fisher-Yates; with a seed by Park and Miller's generator, as every ODK client shuffles."""
    found = compiler.compile(call.arguments[0])
    seed = compiler.compile(call.arguments[1]) if len(call.arguments) > 1 else lambda c: c.world.seed()
    return lambda c: shuffled(nodes(found(c)), seed(c))


def shuffled(found: list[Any], seed: Any) -> list[Any]:
    """The nodes in the order that belongs to `seed`, a number or any text."""
    amount = number(seed)
    if amount != amount or abs(amount) > 2**62:
        amount = float(int.from_bytes(hashlib.sha256(text(seed).encode()).digest()[:6]))
    state = int(math.fmod(amount, _PARK_MILLER))
    if state <= 0:
        state += _PARK_MILLER - 1
    result: list[Any] = []
    for place, node in enumerate(found):
        state = state * 16807 % _PARK_MILLER
        other = int((state - 1) / (_PARK_MILLER - 1) * (place + 1))
        result.append(node)
        if other != place:
            result[place], result[other] = result[other], node
    return result
