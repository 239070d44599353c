"""A citizen without a display: sends intents to a real terminal and waits for what it shows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from kiosk.journey.intents import Intent
from kiosk.journey.views import Preview, Snapshot, View
from kiosk.terminal import Terminal

V = TypeVar("V", bound=View)

#: how long anything may take before a test fails
PATIENCE = 20.0


class Hands:
    """Drives one terminal; every view it showed is remembered by its class's name."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._changed = threading.Condition()
        self.snapshot: Snapshot | None = None
        self.seen: list[str] = []
        self.previews: list[Preview] = []
        terminal.subscribe(self._show, self.previews.append)

    def _show(self, snapshot: Snapshot) -> None:
        with self._changed:
            self.snapshot = snapshot
            name = type(snapshot.view).__name__
            if not self.seen or self.seen[-1] != name:
                self.seen.append(name)
            self._changed.notify_all()

    def send(self, *intents: Intent) -> None:
        """Do these things one after the other."""
        for intent in intents:
            self._terminal.send(intent)

    def sees(self, kind: type[V], when: Callable[[V], bool] = lambda view: True, seconds: float = PATIENCE) -> V:
        """Wait for a view of this class for which `when` holds."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                view = self.snapshot.view if self.snapshot else None
                if isinstance(view, kind) and when(view):
                    return view
                left = deadline - time.monotonic()
                assert left > 0, f"{kind.__name__} did not come; the terminal shows {view}"
                self._changed.wait(left)
