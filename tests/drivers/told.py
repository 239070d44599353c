"""A command line of a driver that goes on telling, as a program of its own; input devices need that (umockdev)."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WITHIN = 20.0


class Told:
    """Its lines of JSON, in order."""

    def __init__(self, *words: str, environment: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", *words, "--json"],
            cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})},
        )  # fmt: skip
        self.seen: list[dict[str, Any]] = []
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(json.loads(line))

    def wait(self, timeout: float = WITHIN, **values: Any) -> dict[str, Any]:
        """The next line that says this; those before it are in `seen`."""
        end = time.monotonic() + timeout
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"nothing said {values} in {timeout} s; seen {self.seen}") from None
            self.seen.append(line)
            if values.items() <= line.items():
                return line

    def new(self) -> list[dict[str, Any]]:
        """The lines that have come and nobody waited for."""
        lines = []
        while not self._lines.empty():
            lines.append(self._lines.get())
        self.seen += lines
        return lines

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
