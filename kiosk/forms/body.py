"""What a form shows: questions, groups, repeats, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from kiosk.forms.declaration import Declaration
from kiosk.forms.secondary import Row, Table
from kiosk.forms.texts import Label
from kiosk.forms.xpath.context import World
from kiosk.forms.xpath.expression import Expression


@dataclass(frozen=True)
class FixedChoice:
    """A choice written into the question."""

    value: str
    label: Label


@dataclass(frozen=True)
class Itemset:
    """Choices from a list, a file or a repeat: the nodes, and what of each is value and label."""

    nodes: Expression
    value: str
    label: str
    #: the label's column names a text of the form (itextId)
    translated: bool
    #: the labels of a translated list, made when the form was loaded
    labels: dict[str, Label] = field(default_factory=dict)
    #: the list, where the choices are all of it
    table: Table | None = None

    @property
    def changes(self) -> bool:
        """Whether answers decide which choices there are."""
        return bool(self.nodes.reads) or self.nodes.reads_itself

    def rows(self, node: Any, world: World) -> Sequence[Any]:
        """The choices as nodes."""
        return self.table.rows if self.table is not None else self.nodes.nodes(node, world)

    def has(self, value: str, node: Any, world: World) -> bool:
        """Whether this value can be chosen."""
        if self.table is not None:
            return bool(self.table.matching(self.value, value))
        return any(part(row, self.value) == value for row in self.rows(node, world))

    def label_of(self, row: Any, node: Any, world: World) -> str:
        """What a person reads."""
        said = part(row, self.label)
        if not self.translated:
            return said or part(row, self.value)
        label = self.labels.get(said)
        return label.text(node, world) if label else ""

    def media_of(self, row: Any, language: str) -> dict[str, str]:
        """What is shown beside it."""
        label = self.labels.get(part(row, self.label)) if self.translated else None
        return dict(label.media_for(language)) if label else {}


def part(row: Any, name: str) -> str:
    """The text of a child by name."""
    if row.__class__ is Row:
        return row.get(name)
    found = row.step(name)
    return found[0].text if found else ""


@dataclass(frozen=True)
class Question:
    """A control of the body. `kind` is the XLSForm type; `accept` the media types of a file."""

    declaration: Declaration
    kind: str
    label: Label
    hint: Label
    appearance: str = ""
    choices: tuple[FixedChoice, ...] = ()
    itemset: Itemset | None = None
    #: start, end and step of a range, as written
    bounds: tuple[str, str, str] | None = None
    accept: str = ""

    @property
    def selects(self) -> bool:
        """Whether it has choices."""
        return self.kind in ("select_one", "select_multiple", "rank")


@dataclass(frozen=True)
class Group:
    """Questions that belong together; `page` where they are shown together (field-list)."""

    declaration: Declaration | None
    label: Label
    parts: tuple[Part, ...]
    page: bool = False


@dataclass(frozen=True)
class Repeated:
    """What may stand several times."""

    declaration: Declaration
    label: Label
    parts: tuple[Part, ...]
    #: all questions of one instance are one page
    page: bool = False


Part = Question | Group | Repeated
