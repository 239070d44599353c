"""Reading a material's pages (OCR) beside the citizen: one after the other, while they look on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from kiosk.documents.page_text import PageText
from kiosk.journey.material_pages import KeptPage

if TYPE_CHECKING:
    from kiosk.journey.step import Step


class PageReading:
    """`state.texts` keeps what was found, in memory alone, until the item or the visit ends."""

    def __init__(self, step: Step, content: Callable[[KeptPage], bytes], on_text: Callable[[], None]) -> None:
        """`content` gives a page's picture. `on_text` is called after each page, on the terminal's thread."""
        self._step, self._content, self._on_text = step, content, on_text
        self._reader = step.parts.reader
        self._texts = step.state.texts
        self._wanted: list[KeptPage] = []
        self._busy = False
        self._cancelled = threading.Event()

    def warm_up(self) -> None:
        """The models are loaded while the paper is being laid down."""
        self._step.parts.jobs(self._reader.warm_up, lambda _: None)

    def want(self, pages: Iterable[KeptPage]) -> None:
        """Read those of these pages that nobody has read, and no others any more."""
        self._wanted = [page for page in pages if page.sha256 not in self._texts]
        self._next()

    def left(self, pages: Iterable[KeptPage]) -> int:
        """How many of these are still to be read; one that cannot be read counts as read."""
        return sum(page.sha256 not in self._texts for page in pages)

    def stop(self) -> None:
        """What is being read is read no further."""
        self._wanted = []
        self._cancelled.set()

    def _next(self) -> None:
        if self._busy or not self._wanted:
            return
        page = self._wanted.pop(0)
        self._busy = True
        content, cancelled, reader = self._content(page), self._cancelled, self._reader
        self._step.ask(lambda: reader.read_picture(content, cancelled), lambda text: self._took(page, text))

    def _took(self, page: KeptPage, text: PageText | None) -> None:
        self._busy = False
        self._texts[page.sha256] = text
        self._next()
        self._on_text()
