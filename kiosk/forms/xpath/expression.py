"""A compiled expression of a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.forms.declaration import Declaration
from kiosk.forms.errors import ExpressionError, FormError
from kiosk.forms.xpath import values
from kiosk.forms.xpath.compiler import Compiler, Form
from kiosk.forms.xpath.context import Context, World
from kiosk.forms.xpath.parser import parse

Evaluate = Callable[[Context], Any]


class Expression:
    """`source`, standing as `rule` at the node `place`; computed for one node at a time."""

    def __init__(self, source: str, place: Declaration, rule: str, form: Form) -> None:
        """Raises FormError for what cannot be read, a node that does not exist, a function that is not known."""
        self.source, self.place, self.rule = source.strip(), place, rule
        compiler = Compiler(place, form)
        try:
            self._evaluate: Evaluate = compiler.compile(parse(self.source))
        except ExpressionError as error:
            shown = self.source if len(self.source) <= 120 else f"{self.source[:120]}…"
            raise FormError(f"the expression “{shown}” cannot be used: {error}", place.path, rule) from None
        #: declarations it reads, each with the node above it and `place` within which the two meet
        self.reads: dict[Declaration, Declaration] = compiler.reads
        #: it reads the very node it stands at, other than by once()
        self.reads_itself = compiler.reads_itself
        self.constant = compiler.constant

    def __repr__(self) -> str:
        return f"<{self.rule} of {self.place.path}: {self.source}>"

    def value(self, node: Any, world: World) -> Any:
        """The raw value, for this node."""
        return self._evaluate(Context(node, node, world))

    def truth(self, node: Any, world: World) -> bool:
        """The value as a boolean."""
        return values.boolean(self._evaluate(Context(node, node, world)))

    def text(self, node: Any, world: World) -> str:
        """The value as the text of an answer."""
        return values.answer_text(self._evaluate(Context(node, node, world)))

    def number(self, node: Any, world: World) -> float:
        """The value as a number."""
        return values.number(self._evaluate(Context(node, node, world)))

    def nodes(self, node: Any, world: World) -> list[Any]:
        """The value as nodes."""
        return values.nodes(self._evaluate(Context(node, node, world)))
