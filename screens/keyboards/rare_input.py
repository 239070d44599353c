"""Rare characters for the screen: the table is asked in a thread, so that the screen never waits."""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from screens.keyboards.answer import Deliver, on_kivy_thread
from screens.keyboards.rare import RareCharacters
from screens.keyboards.rare_table import default_file


@dataclass(frozen=True)
class RareAnswer:
    """Characters, best first; and, asked by parts, which parts lead on, each with its number of strokes."""

    characters: tuple[str, ...] = ()
    parts: dict[str, int] = field(default_factory=dict)
    out: bool = False


Reply = Callable[[RareAnswer], None]


class RareInput:
    """Questions from Kivy's thread, answered there through `deliver`; of those that wait only the newest is asked."""

    def __init__(self, file: Path | None = None, deliver: Deliver | None = None) -> None:
        self._file = file or default_file()
        self._deliver = deliver or on_kivy_thread
        self._questions: queue.SimpleQueue[tuple[str, str, Reply] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Opens the table, in the background. Calling it again does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="rare", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Waits two seconds at most."""
        if self._thread is not None:
            self._questions.put(None)
            self._thread.join(2)
            self._thread = None

    def ask(self, way: str, what: str, reply: Reply) -> None:
        """`way` is "parts", "sound" or "code"; `what` the parts, letters or hexadecimal digits."""
        self.start()
        self._questions.put((way, what, reply))

    def _run(self) -> None:
        table = RareCharacters(self._file)
        while (question := self._questions.get()) is not None:
            while question is not None and not self._questions.empty():
                question = self._questions.get()
            if question is None:
                break
            way, what, reply = question
            try:
                answer = self._answer(table, way, what)
            except sqlite3.Error:  # a damaged table, or one of an older program
                answer = RareAnswer(out=True)
            self._deliver(lambda reply=reply, answer=answer: reply(answer))  # type: ignore[misc]

    @staticmethod
    def _answer(table: RareCharacters, way: str, what: str) -> RareAnswer:
        if way == "code":
            return RareAnswer(table.by_code(what))
        if way == "sound":
            return RareAnswer(table.by_sound(what), out=not table.ready)
        return RareAnswer(table.by_parts(what), table.parts_beside(what), out=not table.ready)
