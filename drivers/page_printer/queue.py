"""A job given to a CUPS queue. libcups has no timeout, so it is called in a program of its own, which can be ended."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from drivers.errors import DeviceGone
from drivers.page_printer.capabilities import JobOptions
from drivers.page_printer.direct import job_state
from drivers.page_printer.job import JobState

_WORKER = Path(__file__).with_name("queue_worker.py")


class QueueJob:
    """One job of the queue `name` at `server` (host:port, or the path of a socket)."""

    prefers_pdf = True
    own_word = False

    def __init__(self, name: str, server: str, timeout: float) -> None:
        self._where = {"queue": name, "server": server}
        self._timeout = timeout
        self._worker: subprocess.Popen[bytes] | None = None
        self._id: int | None = None

    def create(self, title: str, options: JobOptions) -> None:
        """Make the job. Raises DeviceGone; then there is none."""
        self._id = self._ask({"do": "create", "title": title, "options": options.for_queue()})["id"]

    def send(self, document: bytes, kind: str, timeout: float) -> None:
        """Give it the document. Raises DeviceGone; then it may be printed all the same."""
        self._ask({"do": "send", "id": self._id, "kind": kind, "length": len(document)}, document, timeout)

    def state(self) -> JobState:
        """Raises DeviceGone, BadAnswer."""
        said = self._ask({"do": "state", "id": self._id})["job"]
        return job_state({name: value if isinstance(value, list) else [value] for name, value in said.items()})

    def cancel(self) -> None:
        """Raises DeviceGone."""
        self._ask({"do": "cancel", "id": self._id})

    def close(self) -> None:
        """End the worker."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
            worker.wait()
            for pipe in (worker.stdin, worker.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]

    def _ask(self, request: dict[str, Any], document: bytes = b"", timeout: float = 0.0) -> dict[str, Any]:
        """One request, one line back. A worker that stays silent is ended; the next request starts another."""
        if self._worker is None:
            self._worker = subprocess.Popen(
                [sys.executable, "-I", str(_WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        assert self._worker.stdin is not None and self._worker.stdout is not None
        try:
            self._worker.stdin.write(json.dumps(self._where | request).encode() + b"\n" + document)
            self._worker.stdin.flush()
            answer: dict[str, Any] = json.loads(_line(self._worker.stdout.fileno(), timeout or self._timeout))
        except (OSError, ValueError) as error:
            self.close()
            raise DeviceGone("no-print-server", "no answer") from error
        if "error" in answer:
            raise DeviceGone("no-print-server", answer["error"])
        return answer


def _line(pipe: int, timeout: float) -> bytes:
    """A line; what came of it when the time was over, which is no JSON then."""
    deadline = time.monotonic() + timeout
    line = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while not line.endswith(b"\n") and selector.select(max(0.0, deadline - time.monotonic())):
            piece = os.read(pipe, 65536)
            if not piece:
                break
            line += piece
    return line
