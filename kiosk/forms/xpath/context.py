"""What an expression is computed in."""

from __future__ import annotations

from typing import Any, Protocol

from kiosk.forms.budget import Budget


class World(Protocol):
    """What a session lends its expressions."""

    @property
    def root(self) -> Any:
        """The root node of the primary instance."""

    @property
    def language(self) -> str:
        """The language shown, by the form's name of it."""

    @property
    def budget(self) -> Budget:
        """What its expressions may still look at."""

    def choice_label(self, node: Any, value: str) -> str:
        """The label of a select's choice in the active language."""

    def itext(self, identifier: str) -> str:
        """A text of the form in the active language."""

    def seed(self) -> float:
        """A number that stays the same through the session."""


class Context:
    """`node` is the context node; `origin` the node whose rule is computed, which current() gives."""

    __slots__ = ("node", "origin", "position", "size", "world")

    def __init__(self, node: Any, origin: Any, world: World, position: int = 1, size: int = 1) -> None:
        self.node, self.origin, self.world = node, origin, world
        self.position, self.size = position, size
