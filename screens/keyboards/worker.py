"""A native engine in a process of its own, spoken to in JSON lines, so that its crash is not the screen's."""

from __future__ import annotations

import json
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
PAUSE_AFTER_FAILURE = 3.0  # seconds before a worker that could not start is tried again

Command = dict[str, Any]


class WorkerLost(Exception):
    """The worker died, answered nonsense, or could not start."""


class WorkerHangs(WorkerLost):
    """The worker took too long."""


class Worker:
    """One process at a time of `python -m module arguments…`, started again by whoever finds it lost.

    Its first line is {"ready": true}; then it answers each line with one. Not for several threads.
    """

    def __init__(self, module: str, *arguments: str) -> None:
        self._command = [sys.executable, "-m", module, *arguments]
        self._process: subprocess.Popen[bytes] | None = None
        self._buffer = b""
        self._not_before = 0.0

    @property
    def pid(self) -> int | None:
        """The process now at work, if there is one."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether there is a process that has not ended."""
        return self._process is not None and self._process.poll() is None

    def start(self, limit: float) -> None:
        """Starts a process in the place of the one before. Raises WorkerLost, for a while without trying."""
        self.end()
        if time.monotonic() < self._not_before:
            raise WorkerLost
        try:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=PROJECT,
            )
            if self._read(limit) != {"ready": True}:
                raise WorkerLost
        except OSError as error:
            self.give_up()
            raise WorkerLost from error
        except WorkerLost:
            self.give_up()
            raise

    def give_up(self) -> None:
        """Ends the process and does not start another for three seconds."""
        self.end()
        self._not_before = time.monotonic() + PAUSE_AFTER_FAILURE

    def ask(self, command: Command, limit: float) -> Command:
        """The answer to one line, within `limit` seconds. Raises WorkerLost, WorkerHangs."""
        if self._process is None or self._process.stdin is None:
            raise WorkerLost
        try:
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise WorkerLost from error
        return self._read(limit)

    def end(self) -> None:
        """Ends the process; one that does not go by itself within 0.3 s is killed."""
        process, self._process, self._buffer = self._process, None, b""
        if process is None:
            return
        for pipe in (process.stdin, process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                pass
        try:
            process.wait(0.3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(2)

    def _read(self, limit: float) -> Command:
        assert self._process is not None and self._process.stdout is not None
        until = time.monotonic() + limit
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._buffer:
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise WorkerHangs
                part = self._process.stdout.read1(65536)  # type: ignore[attr-defined]
                if not part:
                    raise WorkerLost
                self._buffer += part
        line, _, self._buffer = self._buffer.partition(b"\n")
        try:
            said = json.loads(line)
        except ValueError as error:
            raise WorkerLost from error
        if not isinstance(said, dict) or "error" in said:
            raise WorkerLost
        return said
