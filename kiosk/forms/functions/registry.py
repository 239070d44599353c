"""How a function is named and found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from kiosk.forms.xpath.compiler import Compiler
    from kiosk.forms.xpath.context import Context
    from kiosk.forms.xpath.syntax import Call

Run = Callable[..., Any]
Special = Callable[["Compiler", "Call"], "Callable[[Context], Any]"]
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
