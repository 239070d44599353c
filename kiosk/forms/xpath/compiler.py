"""From the tree of an expression to a closure, with every node it reads named on the way.

Paths are resolved against the form's declarations when the form is loaded: a name that does not exist is an error then.
An absolute path that leads into a repeat the rule stands in means the rule's own instance of it (ODK XForms, "A Big
Deviation with XForms").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kiosk.forms.declaration import Declaration
from kiosk.forms.errors import ExpressionError
from kiosk.forms.functions import FUNCTIONS, Function
from kiosk.forms.secondary import Branch, Holder, Table
from kiosk.forms.xpath import operators
from kiosk.forms.xpath.context import Context
from kiosk.forms.xpath.lookup import as_lookup
from kiosk.forms.xpath.paths import walk
from kiosk.forms.xpath.syntax import Binary, Call, Negative, Number, Path, Step, Syntax, Text, literal

Evaluate = Callable[[Context], Any]


class Form(Protocol):
    """What of a form its expressions are compiled against."""

    @property
    def root(self) -> Declaration:
        """The declared tree."""

    @property
    def instances(self) -> Mapping[str, Table | Branch]:
        """Secondary instances by id."""


@dataclass(frozen=True)
class Where:
    """What a path can stand at: declarations, or None in a secondary instance; `anchor` is the highest it went to."""

    declarations: tuple[Declaration, ...] | None
    anchor: Declaration
    table: Table | None = None


class Compiler:
    """Compiles one expression that stands at `place`."""

    def __init__(self, place: Declaration, form: Form) -> None:
        self.place, self.form = place, form
        self.reads: dict[Declaration, Declaration] = {}
        self.reads_itself = False
        self.constant = True
        #: how many predicates deep the part is that is being compiled
        self.in_predicate = 0
        self._once = 0
        self._here = Where((place,), place)
        self._where = self._here

    @property
    def root(self) -> Declaration:
        """The declared tree."""
        return self.form.root

    def compile(self, tree: Syntax) -> Evaluate:
        """The closure. Raises ExpressionError."""
        match tree:
            case Number(value) | Text(value):
                return lambda c: value
            case Negative(operand):
                return operators.negative(self.compile(operand))
            case Binary(sign, left, right):
                return operators.binary(sign, self.compile(left), self.compile(right))
            case Call():
                return self._call(tree)
            case Path():
                return self.path(tree)[0]

    # functions

    def _call(self, call: Call) -> Evaluate:
        function = FUNCTIONS.get(call.name)
        if function is None:
            raise ExpressionError(f"the function {call.name}() is not known{_alike(call.name)}")
        count = len(call.arguments)
        if count < function.least or (function.most is not None and count > function.most):
            raise ExpressionError(f"{call.name}() takes {function.takes}, not {count} values")
        if not function.constant:
            self.constant = False
        if function.special is not None:
            evaluate: Evaluate = function.special(self, call)
            return evaluate
        return self._plain(function, [self.compile(argument) for argument in call.arguments])

    def _plain(self, function: Function, arguments: list[Evaluate]) -> Evaluate:
        run = function.run
        assert run is not None
        if function.needs_context:
            return lambda c: run(c, *[argument(c) for argument in arguments])
        match arguments:
            case []:
                return lambda c: run()
            case [one]:
                return lambda c: run(one(c))
            case [one, two]:
                return lambda c: run(one(c), two(c))
        return lambda c: run(*[argument(c) for argument in arguments])

    def once(self, tree: Syntax) -> Evaluate:
        """The argument of once(), which may read the node it stands at."""
        self._once += 1
        evaluate = self.compile(tree)
        self._once -= 1
        return evaluate

    # paths

    def path(self, path: Path) -> tuple[Evaluate, Where]:
        """The closure of a path and what it leads to."""
        self.constant = False
        if path.start is not None:
            return self._from_start(path, path.start)
        if path.absolute:
            start, where, steps = self._rooted(path.steps)
        else:
            start, where, steps = (lambda c: [c.node]), self._where, path.steps
        return self._along(start, where, steps)

    def _rooted(self, steps: tuple[Step, ...]) -> tuple[Evaluate, Where, tuple[Step, ...]]:
        root = self.root
        if not steps:
            raise ExpressionError("“/” alone names nothing")
        if steps[0].axis == "descendant":
            return (lambda c: [c.world.root]), Where((root,), root), steps
        if steps[0].name not in (root.name, "*"):
            raise ExpressionError(f"/{steps[0].name} does not exist; paths begin with /{root.name}")
        own, rest = root, steps[1:]
        chain = self.place.above()
        for place, step in enumerate(steps[:-1]):
            simple = step.axis == "child" and not step.predicates
            if not simple or place >= len(chain) or chain[place].name != step.name:
                break
            if chain[place].repeat is not None:
                own, rest = chain[place], steps[place + 1 :]
        if own is root:
            return (lambda c: [c.world.root]), Where((root,), root), rest
        return (lambda c: [c.origin.at(own)]), Where((own,), own), rest

    def _from_start(self, path: Path, start: Syntax) -> tuple[Evaluate, Where]:
        if isinstance(start, Call) and start.name == "instance":
            return self._from_instance(path, start)
        if isinstance(start, Call) and start.name == "current":
            return self._along(lambda c: [c.origin], self._here, path.steps)
        if isinstance(start, Path):
            evaluate, where = self.path(start)
        elif isinstance(start, Call | Binary):
            evaluate, where = self.compile(start), Where(None, self.root)
        else:
            raise ExpressionError("only nodes can be filtered or followed by a path")
        if path.predicates:
            evaluate, where = self._along(evaluate, where, (Step("self", "*", path.predicates),))
        return self._along(evaluate, where, path.steps)

    def _from_instance(self, path: Path, start: Call) -> tuple[Evaluate, Where]:
        root = self.instance(start)
        holder = Holder(root)
        if isinstance(root, Table):
            found = as_lookup(self, root, path)
            if found is not None:
                return found, Where(None, self.root, root)
        table = root if isinstance(root, Table) else None
        return self._along(lambda c: [holder], Where(None, self.root, table), path.steps)

    def instance(self, call: Call) -> Table | Branch:
        """The secondary instance a call of instance() names."""
        name = literal(call, 0)
        found = self.form.instances.get(name)
        if found is None:
            raise ExpressionError(f"the list or file “{name}” is not in the form")
        return found

    def _along(self, start: Evaluate, where: Where, steps: tuple[Step, ...]) -> tuple[Evaluate, Where]:
        walked = []
        for step in steps:
            where = self._next(where, step)
            walked.append((step, self._filters(where, step.predicates)))
        if where.declarations is not None:
            self._note(where)
        return walk(start, walked), where

    def _next(self, where: Where, step: Step) -> Where:
        """Where one step leads. Raises ExpressionError where nothing is."""
        if where.declarations is None:
            if where.table is not None and step.axis == "child" and step.name not in ("root", "item", "*"):
                self.column(where.table, step.name)
            return where
        found: list[Declaration] = []
        anchor = where.anchor
        for one in where.declarations:
            if step.axis == "parent":
                if one.parent is None:
                    raise ExpressionError("there is nothing above the form itself (too many ..)")
                found.append(one.parent)
                if one.parent.depth < anchor.depth:
                    anchor = one.parent
            elif step.axis == "self":
                found += [one] if step.name in ("*", one.name) else []
            elif step.axis == "descendant":
                found += [d for d in one.everything() if d is not one and step.name in ("*", d.name)]
            else:
                found += [d for d in one.children.values() if step.name in ("*", d.name)]
        if not found:
            above = where.declarations[0].path
            raise ExpressionError(f"{above}/{step.name} does not exist{_alike(step.name, where.declarations)}")
        return Where(tuple(dict.fromkeys(found)), anchor)

    def row_filters(self, table: Table, predicates: tuple[Syntax, ...]) -> list[Evaluate]:
        """Predicates that are asked of a table's rows."""
        return self._filters(Where(None, self.root, table), predicates)

    def _filters(self, where: Where, predicates: tuple[Syntax, ...]) -> list[Evaluate]:
        before, self._where = self._where, where
        self.in_predicate += 1
        filters: list[Evaluate] = []
        for predicate in predicates:
            if isinstance(predicate, Number):
                filters.append(_at(predicate.value))
            else:
                filters.append(self._predicate(predicate))
        self._where = before
        self.in_predicate -= 1
        return filters

    def _predicate(self, tree: Syntax) -> Evaluate:
        evaluate = self.compile(tree)

        def holds(c: Context) -> bool:
            value = evaluate(c)
            return c.position == value if value.__class__ is float else operators.boolean(value)

        return holds

    def column(self, table: Table, name: str) -> str:
        """The name of a column that exists. Raises ExpressionError."""
        if name not in table.columns:
            there = ", ".join(list(table.columns)[:12])
            raise ExpressionError(f"the list {table.id} has no column “{name}”; it has {there}")
        return name

    def _note(self, where: Where) -> None:
        for one in where.declarations or ():
            # among many by a wildcard it is one that is not counted on
            if one is self.place and not self._once and len(where.declarations or ()) == 1:
                self.reads_itself = True
            if one is not self.place:
                self.read(one, where.anchor)

    def read(self, one: Declaration, anchor: Declaration) -> None:
        """Remember that this node is read, within `anchor`."""
        common = self.place.meets(one)
        anchor = anchor if anchor.depth < common.depth else common
        known = self.reads.get(one)
        self.reads[one] = anchor if known is None or anchor.depth < known.depth else known

    def declared(self, tree: Syntax) -> Declaration:
        """The one node a path names. Raises ExpressionError where it is no such path."""
        if not isinstance(tree, Path):
            raise ExpressionError("the path of a question is needed")
        _, where = self.path(tree)
        if where.declarations is None or len(where.declarations) != 1:
            raise ExpressionError("the path of one question is needed")
        return where.declarations[0]


def _at(place: float) -> Evaluate:
    return lambda c: c.position == place


def _alike(name: str, among: tuple[Declaration, ...] | None = None) -> str:
    from difflib import get_close_matches

    names = FUNCTIONS if among is None else [child for one in among for child in one.children]
    found = get_close_matches(name, list(names), 1, 0.7)
    if not found:
        return ""
    return f"; did you mean {found[0]}()?" if among is None else f"; did you mean {found[0]}?"
