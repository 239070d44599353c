"""The Kivy app: snapshots of the terminal go to the stage, intents go to the terminal."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from kivy.app import App
from kivy.clock import Clock

from kiosk.journey.intents import Intent
from kiosk.journey.views import AttractView, Preview, Snapshot
from screens.accessibility import AccessibilityServer
from screens.keyboards import engines
from screens.keyboards.local_dictionary import LocalDictionary
from screens.stage import Stage


class TerminalLike(Protocol):
    """What the app needs of kiosk.terminal.Terminal; its callbacks come from the terminal's own thread."""

    def subscribe(self, on_snapshot: Callable[[Snapshot], None], on_preview: Callable[[Preview], None]) -> None:
        """Say who shows snapshots and live pictures."""

    def start(self) -> None:
        """Begin."""

    def send(self, intent: Intent) -> None:
        """Hand in what the citizen did; never waits."""

    def stop(self) -> None:
        """End."""


class KioskApp(App):
    """Runs until SIGTERM or the window is closed. `accessibility` is a socket's path, None in service.

    `data` is the terminal's folder: with it, the keyboard knows the words of the installed release.
    """

    title = "便民 Bianmin"

    def __init__(self, terminal: TerminalLike, accessibility: Path | None = None, data: Path | None = None) -> None:
        super().__init__()
        self._data = data
        self._words: LocalDictionary | None = None
        self.terminal = terminal
        self._accessibility = accessibility
        self._server: AccessibilityServer | None = None
        self._stopped = False
        self._snapshot: Snapshot | None = None
        self._preview: Preview | None = None
        self._show_snapshot = Clock.create_trigger(self._draw_snapshot)
        self._show_preview = Clock.create_trigger(self._draw_preview)

    def build(self) -> Stage:
        """The stage, which Kivy puts into the window."""
        self.stage = Stage(self.terminal.send)
        return self.stage

    def on_start(self) -> None:
        """The window is there: begin to listen to the terminal."""
        Clock.schedule_interval(self._tick, 1)
        engines.shared()
        if self._data is not None:
            self._words = LocalDictionary(self._data, engines.shared().pinyin)
        if self._accessibility is not None:
            self._server = AccessibilityServer(self._accessibility, self.stage)
            self._server.start()
        self.terminal.subscribe(self._on_snapshot, self._on_preview)
        self.terminal.start()
        signal.signal(signal.SIGTERM, self._terminate)
        signal.signal(signal.SIGINT, self._terminate)

    def on_stop(self) -> None:
        """The window goes away: end the terminal too."""
        if self._stopped:  # Kivy says so twice
            return
        self._stopped = True
        Clock.unschedule(self._tick)
        if self._server is not None:
            self._server.stop()
        if self._words is not None:
            self._words.stop()
        self.terminal.stop()

    def open_settings(self, *_: object) -> bool:
        """Never: a citizen must not reach Kivy's settings."""
        return False

    def _terminate(self, *_: object) -> None:
        Clock.schedule_once(self._leave)

    def _leave(self, _: float) -> None:
        self.stop()

    def _tick(self, _: float) -> None:
        self.stage.tell_time(datetime.now())
        if self._words is not None:
            self._words.look(at_rest=self._snapshot is not None and isinstance(self._snapshot.view, AttractView))

    # from the terminal's thread: only the newest matters

    def _on_snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._show_snapshot()

    def _on_preview(self, preview: Preview) -> None:
        self._preview = preview
        self._show_preview()

    # on Kivy's thread

    def _draw_snapshot(self, _: float) -> None:
        if self._snapshot is not None:
            self.stage.show(self._snapshot)

    def _draw_preview(self, _: float) -> None:
        if self._preview is not None:
            preview, self._preview = self._preview, None
            self.stage.preview(preview)
