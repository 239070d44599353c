"""A card: a white surface holding things one under another."""

from __future__ import annotations

from screens.widgets.panel import Panel
from screens.widgets.stack import Stack


class Card(Panel, Stack):
    """A Stack on a Panel. With no children it has no height and is not drawn."""
