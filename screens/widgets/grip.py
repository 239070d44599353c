"""What a finger drags: on a page that scrolls, a touch on it belongs to it and does not scroll the page."""

from __future__ import annotations

from kivy.uix.widget import Widget


class Grip(Widget):
    """A mark for pages: see screens/page.py."""
