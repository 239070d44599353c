"""`instance('list')/root/item[column = value]…` found by an index instead of one row after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.forms.functions.registry import Compiler
from kiosk.forms.secondary import Leaf, Row, Table
from kiosk.forms.xpath.context import Context
from kiosk.forms.xpath.operators import compared, unequal
from kiosk.forms.xpath.paths import filtered
from kiosk.forms.xpath.syntax import Binary, Call, Negative, Number, Path, Step, Syntax, Text
from kiosk.forms.xpath.values import text, text_number

Evaluate = Callable[[Context], Any]
Sieve = Callable[[Context, list[Row]], list[Row]]


def as_lookup(compiler: Compiler, table: Table, path: Path) -> Evaluate | None:
    """The closure of a path into a table's items; None where it is of another shape."""
    steps = path.steps
    if path.predicates or len(steps) not in (2, 3) or any(step.axis != "child" for step in steps):
        return None
    root, item = steps[:2]
    if root.name != "root" or item.name != "item" or root.predicates:
        return None
    column = ""
    if len(steps) == 3:
        if steps[2].predicates or steps[2].name == "*":
            return None
        column = compiler.column(table, steps[2].name)
    rows = _rows(compiler, table, item)
    if not column:
        return rows

    def cells(c: Context) -> list[Leaf]:
        return [leaf for row in rows(c) for leaf in row.step(column)]

    return cells


def _rows(compiler: Compiler, table: Table, item: Step) -> Callable[[Context], list[Row]]:
    if not item.predicates:
        return lambda c: table.rows
    key: tuple[str, Evaluate] | None = None
    quick: list[Sieve] = []
    slow: list[Syntax] = []
    # only the first predicate: those after it count positions among what it left
    for part in _conjunction(item.predicates[0]):
        equality = None if key else _equality(compiler, table, part)
        sieve = None if equality else _sieve(compiler, table, part)
        if equality:
            key = equality
        elif sieve:
            quick.append(sieve)
        else:
            slow.append(part)
    if any(_counts_places(part) for part in slow):
        filters = compiler.row_filters(table, item.predicates)
        return lambda c: filtered(table.rows, filters, c)
    filters = compiler.row_filters(table, (*([_joined(slow)] if slow else []), *item.predicates[1:]))

    def rows(c: Context) -> list[Row]:
        found = table.rows if key is None else _matching(table, key[0], key[1](c))
        for sieve in quick:
            c.world.budget.spend(len(found))
            found = sieve(c, found)
        return filtered(found, filters, c) if filters else found

    return rows


def _counts_places(tree: Syntax) -> bool:
    """Whether a predicate's truth depends on a row's place, so that no row may be left out before."""
    match tree:
        case Number():
            return True
        case Call(name=name, arguments=arguments):
            return name in ("position", "last") or any(map(_counts_places_within, arguments))
        case _:
            return _counts_places_within(tree)


def _counts_places_within(tree: Syntax) -> bool:
    match tree:
        case Call(name=name, arguments=arguments):
            return (name in ("position", "last") and not arguments) or any(map(_counts_places_within, arguments))
        case Binary(left=left, right=right):
            return _counts_places_within(left) or _counts_places_within(right)
        case Negative(operand=operand):
            return _counts_places_within(operand)
    return False


#: conditions on one column that are asked of all rows in one go
_SIEVES: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda said, wanted: wanted in said,
    "starts-with": str.startswith,
    "ends-with": str.endswith,
}


def _sieve(compiler: Compiler, table: Table, tree: Syntax) -> Sieve | None:
    """`contains(column, value)` and the like, and `column != value`, where the value is the same for every row."""
    if isinstance(tree, Call) and tree.name in _SIEVES and len(tree.arguments) == 2:
        (left, right), keeps = tree.arguments, _SIEVES[tree.name]
    elif isinstance(tree, Binary) and tree.operator == "!=" and not isinstance(tree.right, Number):
        left, right, keeps = tree.left, tree.right, str.__ne__
    else:
        return None
    name = _column(left)
    if not name or not _is_same_for_all(right):
        return None
    place, value = table.columns[compiler.column(table, name)], compiler.compile(right)
    differs = keeps is str.__ne__

    def sift(c: Context, rows: list[Row]) -> list[Row]:
        wanted = value(c)
        if differs and wanted.__class__ is not str and not (wanted.__class__ is list and len(wanted) < 2):
            return [row for row in rows if compared(row.step(name), wanted, unequal)]
        said = text(wanted)
        return [row for row in rows if keeps(row.values[place] or "", said)]

    return sift


def _matching(table: Table, column: str, value: Any) -> list[Row]:
    if value.__class__ is list and len(value) > 1:
        wanted = {node.text for node in value}
        return [row for row in table.rows if row.get(column) in wanted]
    if value.__class__ is float:
        return [row for row in table.rows if _same_number(row.get(column), value)]
    return table.matching(column, text(value))


def _same_number(said: str, value: float) -> bool:
    return text_number(said) == value


def _conjunction(tree: Syntax) -> list[Syntax]:
    if isinstance(tree, Binary) and tree.operator == "and":
        return _conjunction(tree.left) + _conjunction(tree.right)
    return [tree]


def _joined(parts: list[Syntax]) -> Syntax:
    tree = parts[0]
    for part in parts[1:]:
        tree = Binary("and", tree, part)
    return tree


def _equality(compiler: Compiler, table: Table, tree: Syntax) -> tuple[str, Evaluate] | None:
    """The column and the value of `column = value`, where the value is the same for every row."""
    if not isinstance(tree, Binary) or tree.operator != "=":
        return None
    for one, other in ((tree.left, tree.right), (tree.right, tree.left)):
        name = _column(one)
        if name and _is_same_for_all(other):
            return compiler.column(table, name), compiler.compile(other)
    return None


def _column(tree: Syntax) -> str:
    if isinstance(tree, Path) and not tree.absolute and tree.start is None:
        steps = [step for step in tree.steps if step.axis != "self" or step.predicates]
        if len(steps) == 1 and steps[0].axis == "child" and not steps[0].predicates and steps[0].name != "*":
            return steps[0].name
    return ""


def _is_same_for_all(tree: Syntax) -> bool:
    match tree:
        case Text() | Number():
            return True
        case Path(start=None):
            return tree.absolute
        case Path(start=Call(name="current")):
            return True
        case Call(arguments=arguments):
            return tree.name not in ("position", "last", "current", "random") and all(map(_is_same_for_all, arguments))
    return False
