"""Functions of node-sets and repeats."""

from __future__ import annotations

from typing import Any

from kiosk.forms.declaration import Declaration
from kiosk.forms.errors import ExpressionError
from kiosk.forms.functions.registry import Compiler, Evaluate, function, special
from kiosk.forms.secondary import Holder
from kiosk.forms.xpath.syntax import Call, Path
from kiosk.forms.xpath.values import nodes, number


@function("count", 1)
def _count(value: Any) -> float:
    return float(len(nodes(value)))


@function("count-non-empty", 1)
def _count_non_empty(value: Any) -> float:
    return float(sum(1 for node in nodes(value) if node.text))


@special("position", 0, 1)
def _position(compiler: Compiler, call: Call) -> Evaluate:
    """Without a value the place in a predicate; with one the place of that node among its siblings of one name."""
    if not call.arguments:
        if not compiler.in_predicate:
            raise ExpressionError("position() without a value belongs in a predicate; write position(..)")
        return lambda c: float(c.position)
    if not isinstance(call.arguments[0], Path):
        raise ExpressionError("position() takes the path of a repeat, most often position(..)")
    evaluate, where = compiler.path(call.arguments[0])
    for one in where.declarations or ():
        compiler.read(one, one.parent or one)
    above = frozenset(where.declarations or ())

    def place(c: Any) -> float:
        found = nodes(evaluate(c))
        own = c.origin
        while own is not None and own.declaration not in above:
            own = own.parent
        node = own if own is not None and own in found else found[0] if found else None
        return float(node.position) if node is not None else 0.0

    return place


@special("last", 0)
def _last(compiler: Compiler, call: Call) -> Evaluate:
    if not compiler.in_predicate:
        raise ExpressionError("last() belongs in a predicate")
    return lambda c: float(c.size)


@special("current", 0)
def _current(compiler: Compiler, call: Call) -> Evaluate:
    return compiler.path(Path((), False, call.at, call))[0]


@special("instance", 1)
def _instance(compiler: Compiler, call: Call) -> Evaluate:
    holder = Holder(compiler.instance(call))
    return lambda c: [holder]


@special("indexed-repeat", 3, 7)
def _indexed_repeat(compiler: Compiler, call: Call) -> Evaluate:
    """The node in the instance with this number of a repeat, up to three repeats deep."""
    if len(call.arguments) % 2 == 0:
        raise ExpressionError("indexed-repeat() takes a question, then pairs of a repeat and a number")
    wanted = compiler.declared(call.arguments[0])
    chosen: dict[Declaration, Evaluate] = {}
    for path, index in zip(call.arguments[1::2], call.arguments[2::2], strict=True):
        repeat = compiler.declared(path)
        if repeat.repeat is None:
            raise ExpressionError(f"{repeat.path} is no repeat")
        if not wanted.within(repeat):
            raise ExpressionError(f"{wanted.path} does not stand in the repeat {repeat.path}")
        chosen[repeat] = compiler.compile(index)
    root = compiler.root
    compiler.reads[wanted] = root
    for repeat in chosen:
        compiler.reads[repeat] = root
    chain = wanted.above()[1:]

    def evaluate(c: Any) -> list[Any]:
        found = [c.world.root]
        for one in chain:
            found = [child for node in found for child in node.children if child.declaration is one]
            if one in chosen:
                place = number(chosen[one](c))
                found = found[int(place) - 1 : int(place)] if place >= 1 else []
        return [node for node in found if node.relevant]

    return evaluate
