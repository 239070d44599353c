"""Reading pages in a worker process, which may die or hang: that costs one page's text, never the page."""

from __future__ import annotations

import contextlib
import json
import select
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from kiosk import worker_messages, worker_process
from kiosk.documents.page_text import PageText, TextLine
from kiosk.documents.scan_results import Place, ScannedPage

#: Seconds the models may take to load, and one page to be read, on a terminal with two busy cores.
START_LIMIT, PAGE_LIMIT = 60.0, 60.0
#: Seconds between looks at whether somebody cancelled.
_LOOK = 0.1


class _Lost(Exception):
    """The worker died, hung, said nonsense, or was cancelled."""


class TextReader:
    """OCR for one visit or one command. The worker starts with the first page. Threads wait for each other."""

    def __init__(self, page_limit: float = PAGE_LIMIT) -> None:
        """`page_limit` is the seconds one page may take."""
        self._limit = page_limit
        self._worker: subprocess.Popen[bytes] | None = None
        self._asked = 0
        self._alone = threading.Lock()

    @property
    def worker_id(self) -> int | None:
        """The worker's process id; None while there is no worker."""
        return self._worker.pid if self._worker else None

    def read(
        self,
        pages: Sequence[ScannedPage],
        on_progress: Callable[[int, int], None] = lambda done, of: None,
        cancelled: threading.Event | None = None,
    ) -> list[PageText | None]:
        """The text of each page; None for one whose worker died or took too long, and for all after a cancel.

        `on_progress` is called after every page, from this thread, with how many are done and how many there are.
        """
        texts: list[PageText | None] = []
        for page in pages:
            texts.append(self.read_picture(page.picture, cancelled))
            on_progress(len(texts), len(pages))
        return texts

    def read_picture(self, picture: bytes, cancelled: threading.Event | None = None) -> PageText | None:
        """The text of one page's picture file; None as `read` has it."""
        answer = self._ask({"kind": "page"}, picture, cancelled or threading.Event())
        return None if answer is None else _page_text(answer)

    def read_field(self, picture: bytes, place: Place) -> tuple[str, float] | None:
        """The one line at `place` of a picture file and its confidence; None where there is none or no worker."""
        answer = self._ask({"kind": "field", "place": asdict(place)}, picture, threading.Event())
        return (str(answer[0]), float(answer[1])) if answer else None

    def warm_up(self) -> None:
        """Start the worker, so that its models are loaded when the first page comes."""
        with self._alone, contextlib.suppress(_Lost, OSError, ValueError):
            if self._worker is None:
                self._start(threading.Event())

    def stop(self) -> None:
        """End the worker, and what it reads, at once. May be called twice; reading again starts another."""
        worker, self._worker = self._worker, None
        if worker is None:
            return
        worker.kill()
        worker.wait()
        for pipe in (worker.stdin, worker.stdout):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()

    def _ask(self, header: dict[str, Any], body: bytes, cancelled: threading.Event) -> Any:
        with self._alone:
            return None if cancelled.is_set() else self._answer(header, body, cancelled)

    def _answer(self, header: dict[str, Any], body: bytes, cancelled: threading.Event) -> Any:
        try:
            worker = self._worker or self._start(cancelled)
            self._asked += 1
            assert worker.stdin is not None
            worker_messages.send(worker.stdin, header | {"id": self._asked}, body)
            answered, answer = self._receive(worker, self._limit, cancelled)
            if answered.get("id") != self._asked:
                raise _Lost
            return json.loads(answer)
        except (_Lost, OSError, ValueError):
            self.stop()
            return None

    def _start(self, cancelled: threading.Event) -> subprocess.Popen[bytes]:
        self._worker = subprocess.Popen(
            **worker_process.command("kiosk.documents.text_worker"), stderr=subprocess.DEVNULL, bufsize=0
        )
        header, _ = self._receive(self._worker, START_LIMIT, cancelled)
        if header.get("kind") != "ready":
            raise _Lost
        return self._worker

    def _receive(
        self, worker: subprocess.Popen[bytes], limit: float, cancelled: threading.Event
    ) -> worker_messages.Message:
        assert worker.stdout is not None
        until = time.monotonic() + limit
        while not select.select([worker.stdout], [], [], _LOOK)[0]:
            if cancelled.is_set() or time.monotonic() > until:
                raise _Lost
        message = worker_messages.receive(worker.stdout)
        if message is None:
            raise _Lost
        return message


def _page_text(answer: dict[str, Any]) -> PageText:
    lines = tuple(
        TextLine(line["text"], line["confidence"], tuple((x, y) for x, y in line["corners"]))
        for line in answer["lines"]
    )
    return PageText(lines, answer["width"], answer["height"], answer["turned"])
