"""The worker program that speaks SANE, and its private configuration; both are gone after close()."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from drivers.document_scanner.sane_status import error_of
from drivers.errors import BadAnswer, Cancelled, HardwareFault, NoAnswer

_WORKER = Path(__file__).with_name("worker.py")
# How often a waiting caller looks whether somebody cancelled.
_SLICE = 0.1
# A scanner ends its carriage's way in this time; afterwards the worker is ended, which ends the scan as well.
CANCEL_WITHIN = 3.0
# Taking a scan back from a network scanner takes 0.1 s, more on a machine that is busy; after close() it is free.
FREE_WITHIN = 5.0
# One that did not answer shall not hold anybody up.
CLOSE_WITHIN = 1.5
# A page of 1200 dpi in colour as PNG, at most.
LARGEST_PAGE = 800_000_000


class SaneProcess:
    """One worker. Its requests and answers are told in worker.py. Use it as a context manager."""

    def __init__(self, files: dict[str, str], cancelled: threading.Event) -> None:
        """Raises HardwareFault where no program can be started."""
        self._cancelled = cancelled
        self._patience = FREE_WITHIN
        self._buffer = b""
        self._private: tempfile.TemporaryDirectory[str] | None = None
        environment = dict(os.environ)
        try:
            if files:
                self._private = tempfile.TemporaryDirectory(prefix="sane-")
                for name, text in files.items():
                    (Path(self._private.name) / name).write_text(text, encoding="utf-8")
                environment["SANE_CONFIG_DIR"] = self._private.name
            self._worker = subprocess.Popen(
                [sys.executable, "-I", str(_WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        except OSError as error:
            if self._private is not None:
                self._private.cleanup()
            raise HardwareFault("no-worker", type(error).__name__) from error

    def __enter__(self) -> SaneProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, request: dict[str, Any]) -> None:
        """A request. A worker that is gone is told by receive()."""
        assert self._worker.stdin is not None
        with contextlib.suppress(OSError):
            self._worker.stdin.write(json.dumps(request).encode() + b"\n")
            self._worker.stdin.flush()

    def receive(self, timeout: float) -> tuple[dict[str, Any], bytes]:
        """The next answer and its page. Raises NoAnswer, Cancelled, HardwareFault, and what SANE said."""
        deadline = time.monotonic() + timeout
        while b"\n" not in self._buffer:
            self._read(deadline)
        line, _, self._buffer = self._buffer.partition(b"\n")
        try:
            message = json.loads(line)
            length = int(message.get("length", 0))
        except (ValueError, AttributeError) as error:
            raise BadAnswer("bad-answer", "of the worker") from error
        if not 0 <= length <= LARGEST_PAGE:
            raise BadAnswer("bad-answer", "of the worker")
        parts, count = [self._buffer], len(self._buffer)
        while count < length:
            self._buffer = b""
            self._read(deadline)
            parts.append(self._buffer)
            count += len(self._buffer)
        data = b"".join(parts)
        self._buffer = data[length:]
        if message["kind"] == "error":
            if self._cancelled.is_set():
                raise Cancelled()
            self._patience = CLOSE_WITHIN
            raise error_of(str(message["says"]))
        return message, data[:length]

    def ask(self, request: dict[str, Any], timeout: float) -> dict[str, Any]:
        """A request and its answer. Raises as receive does."""
        self.send(request)
        return self.receive(timeout)[0]

    def _read(self, deadline: float) -> None:
        """More bytes into the buffer."""
        assert self._worker.stdout is not None
        told = False
        with selectors.DefaultSelector() as selector:
            selector.register(self._worker.stdout, selectors.EVENT_READ)
            while not selector.select(_SLICE):
                if self._cancelled.is_set() and not told:
                    told = True
                    deadline = min(deadline, time.monotonic() + CANCEL_WITHIN)
                    self.send({"do": "cancel"})
                if time.monotonic() >= deadline:
                    self._patience = CLOSE_WITHIN
                    raise Cancelled() if self._cancelled.is_set() else NoAnswer()
        data = os.read(self._worker.stdout.fileno(), 1 << 20)
        if not data:
            raise Cancelled() if self._cancelled.is_set() else HardwareFault("driver-crashed")
        self._buffer += data

    def close(self) -> None:
        """Have the worker let go of the scanner, and end it, whatever it does: within FREE_WITHIN, or CLOSE_WITHIN
        after an error. Never raises.
        """
        assert self._worker.stdin is not None and self._worker.stdout is not None
        for pipe in (self._worker.stdin, self._worker.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        try:
            self._worker.wait(self._patience)
        except subprocess.TimeoutExpired:
            self._worker.kill()
            self._worker.wait()
        self._buffer = b""
        if self._private is not None:
            self._private.cleanup()
