"""How a function is named and found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from kiosk.forms.declaration import Declaration
from kiosk.forms.secondary import Branch, Table
from kiosk.forms.xpath.context import Context
from kiosk.forms.xpath.syntax import Call, Path, Syntax

Evaluate = Callable[[Context], Any]
Run = Callable[..., Any]


class Leads(Protocol):
    """Where a path leads: declarations, or None in a secondary instance."""

    @property
    def declarations(self) -> tuple[Declaration, ...] | None:
        """The nodes it can stand at."""


class Compiler(Protocol):
    """What a function or a lookup that compiles its own part may ask of the compiler."""

    reads: dict[Declaration, Declaration]
    in_predicate: int

    @property
    def root(self) -> Declaration:
        """The declared tree."""

    def compile(self, tree: Syntax) -> Evaluate:
        """The closure of a part."""

    def once(self, tree: Syntax) -> Evaluate:
        """The closure of a part that may read the node the rule stands at."""

    def path(self, path: Path) -> tuple[Evaluate, Leads]:
        """The closure of a path and where it leads."""

    def instance(self, call: Call) -> Table | Branch:
        """The secondary instance a call names."""

    def column(self, table: Table, name: str) -> str:
        """The name of a column that exists."""

    def row_filters(self, table: Table, predicates: tuple[Syntax, ...]) -> list[Evaluate]:
        """The closures of predicates that are asked of a table's rows."""

    def declared(self, tree: Syntax) -> Declaration:
        """The one node a path names."""

    def read(self, one: Declaration, anchor: Declaration) -> None:
        """Remember that a node is read."""


Special = Callable[[Compiler, Call], Evaluate]
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Function:
    """`most` is None where any number of values is taken. Either `run` computes from the values, or `special`
    compiles the call itself."""

    name: str
    least: int
    most: int | None
    run: Run | None = None
    special: Special | None = None
    needs_context: bool = False
    #: the same values always give the same result
    constant: bool = True

    @property
    def takes(self) -> str:
        """How many values, in words."""
        if self.most is None:
            return f"{self.least} or more"
        return str(self.least) if self.least == self.most else f"{self.least} to {self.most}"


FUNCTIONS: dict[str, Function] = {}


def function(
    name: str, least: int, most: int | None = -1, *, context: bool = False, constant: bool = True
) -> Callable[[F], F]:
    """Registers what computes a function; `most` is `least` unless given. With `context` it is handed that first."""

    def register(run: F) -> F:
        top = least if most == -1 else most
        FUNCTIONS[name] = Function(name, least, top, run=run, needs_context=context, constant=constant and not context)
        return run

    return register


def special(name: str, least: int, most: int | None = -1, *, constant: bool = False) -> Callable[[F], F]:
    """Registers what compiles the call of a function."""

    def register(compiles: F) -> F:
        FUNCTIONS[name] = Function(name, least, least if most == -1 else most, special=compiles, constant=constant)
        return compiles

    return register
