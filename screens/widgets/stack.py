"""Widgets one under another, as high as they need."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from kivy.metrics import dp
from kivy.properties import NumericProperty, VariableListProperty
from kivy.uix.layout import Layout
from kivy.uix.widget import Widget


class Stack(Layout):
    """Children from top to bottom with `spacing` between; a child of height 0 takes no spacing.

    A child with a size_hint_y takes what is left of `least`, the height this stack fills at least.
    """

    spacing = NumericProperty(0)
    padding = VariableListProperty([0, 0, 0, 0])
    least = NumericProperty(0)
    #: the smallest height of a child that takes what is left
    smallest = NumericProperty(dp(320))

    def __init__(self, **values: object) -> None:
        values.setdefault("size_hint_y", None)
        super().__init__(**values)
        for name in ("children", "pos", "size", "spacing", "padding", "least"):
            self.fbind(name, self._trigger_layout)
        self._trigger_layout()

    def do_layout(self, *_: object) -> None:
        """Place the children and set the height."""
        left, top, right, bottom = self.padding
        shown = [child for child in reversed(self.children) if child.height > 0 or child.size_hint_y is not None]
        fixed = sum(child.height for child in shown if child.size_hint_y is None)
        fixed += self.spacing * max(0, len(shown) - 1) + top + bottom
        growing = [child for child in shown if child.size_hint_y is not None]
        for child in growing:
            child.height = max(self.smallest, (self.least - fixed) / len(growing))
        height = fixed + sum(child.height for child in growing)
        self.height = max(height, self.least if growing else 0)
        y = self.top - top
        inner = self.width - left - right
        for child in reversed(self.children):
            if child.size_hint_x is not None:
                child.width = inner * child.size_hint_x
            where = child.pos_hint.get("center_x", 0) if child.pos_hint else 0
            child.x = self.x + left + (inner - child.width) * where
            if child in shown:
                child.y = y - child.height
                y -= child.height + self.spacing
            else:
                child.y = y

    def show(
        self,
        kind: type[Widget],
        rows: Iterable[Mapping[str, Any]],
        pressed: Callable[[Any], None] | None = None,
    ) -> list[Any]:
        """Make the children one `kind` widget a row, keeping those there already; returns them in order."""
        return show(self, kind, rows, pressed)


def show(
    layout: Layout,
    kind: type[Widget],
    rows: Iterable[Mapping[str, Any]],
    pressed: Callable[[Any], None] | None = None,
) -> list[Any]:
    """Make `layout`'s children one `kind` widget a row of properties, keeping those there already.

    `pressed` is called with a widget when it is touched.
    """
    rows = list(rows)
    widgets: list[Any] = list(reversed(layout.children))
    for surplus in widgets[len(rows) :]:
        layout.remove_widget(surplus)
    widgets = widgets[: len(rows)]
    for index, row in enumerate(rows):
        if index == len(widgets):
            widgets.append(kind())
            if pressed is not None:
                widgets[-1].bind(on_release=pressed)
            layout.add_widget(widgets[-1])
        for name, value in row.items():
            setattr(widgets[index], name, value)
    return widgets
