"""A form as it was loaded: binds, pages, choices and translations. Never changes; sessions run on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from kiosk.forms.dependencies import Dependencies
from kiosk.forms.expressions import Expression
from kiosk.forms.translations import Label

XF = "{http://www.w3.org/2002/xforms}"
H = "{http://www.w3.org/1999/xhtml}"
JR = "{http://openrosa.org/javarosa}"
#: the column `bind::bianmin:from` of a workbook: where a prefilled answer comes from
FROM = "{https://bianmin.example/xforms}from"

_KINDS = {"string": "text", "int": "integer", "decimal": "decimal", "date": "date", "boolean": "text"}
_CONTROLS = {"input": "", "select1": "select_one", "select": "select_multiple", "trigger": "acknowledge"}


@dataclass(frozen=True)
class Bind:
    """The logic of one node: type, rules, calculation, source."""

    path: str
    kind: str = "text"
    required: Expression | None = None
    readonly: bool = False
    relevant: Expression | None = None
    constraint: Expression | None = None
    constraint_message: Label | None = None
    required_message: Label | None = None
    calculate: Expression | None = None
    source: str = ""
    preload: str = ""


@dataclass(frozen=True)
class ChoiceDefinition:
    """A choice of a select question."""

    value: str
    label: Label


@dataclass(frozen=True)
class Control:
    """A question of the body."""

    path: str
    kind: str
    label: Label
    hint: Label
    appearance: str
    choices: tuple[ChoiceDefinition, ...] = ()


@dataclass(frozen=True)
class PageDefinition:
    """A page: the controls of one field-list group, or one control."""

    path: str
    title: Label
    controls: tuple[Control, ...]


@dataclass
class FormDefinition:
    """What was read of a form; all of it can be run, or it would have been refused."""

    id: str
    version: str
    title: str
    languages: tuple[str, ...]
    default_language: str
    template: etree._Element
    binds: Mapping[str, Bind]
    pages: tuple[PageDefinition, ...]
    dependencies: Dependencies
    controls: Mapping[str, Control] = field(init=False)

    def __post_init__(self) -> None:
        self.controls = {control.path: control for page in self.pages for control in page.controls}
