"""A program of its own: the app on a terminal that shows one page and writes the intents it gets to stdout."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.journey.intents import Intent
from kiosk.journey.views import Preview, Snapshot
from screens.environment import prepare
from screens.samples import snapshots


class ScriptedTerminal:
    """Shows the login page, from a thread of its own; after an intent, the home page."""

    def subscribe(self, on_snapshot: Callable[[Snapshot], None], on_preview: Callable[[Preview], None]) -> None:
        self._show = on_snapshot

    def start(self) -> None:
        threading.Thread(target=self._show, args=(snapshots()["login"],)).start()

    def send(self, intent: Intent) -> None:
        print(type(intent).__name__, flush=True)
        threading.Thread(target=self._show, args=(snapshots()["home"],)).start()

    def stop(self) -> None:
        print("stopped", flush=True)


if __name__ == "__main__":
    os.environ["SDL_VIDEODRIVER"] = "offscreen"
    prepare(540, 960)
    from screens.app import KioskApp

    KioskApp(ScriptedTerminal(), Path(sys.argv[1])).run()
