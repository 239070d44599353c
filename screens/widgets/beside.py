"""A field with a button beside it; in care mode the button stands beneath."""

from __future__ import annotations

from kivy.uix.boxlayout import BoxLayout


class Beside(BoxLayout):
    """The field comes first and takes what room the button leaves."""
