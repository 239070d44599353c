"""Pinyin for the screen: asks the worker process without ever making the screen wait.

The worker is started ahead of time, answers come back on Kivy's thread, and a worker that dies or does not
answer is replaced: the letters typed so far are given to the new one, so that a crash costs one key press
at most.
"""

from __future__ import annotations

import atexit
import json
import queue
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from screens.keyboards import dictionary

ANSWER_LIMIT = 1.0  # seconds; a key takes under 1 ms
START_LIMIT = 20.0  # seconds; 0.2 s as a rule
MAKING_LIMIT = 120.0  # seconds more where the dictionary must be made first; 3 s as a rule
PAUSE_AFTER_FAILURE = 3.0  # seconds before a worker that could not start is tried again

Command = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What is composed after a command, and what `commit` finished. `text` is what `finish` was given.

    `lost`: the command itself was lost, because the worker was. `out`: there is no worker at all for the
    moment.
    """

    composing: str = ""
    candidates: tuple[str, ...] = ()
    page: int = 0
    has_more: bool = False
    commit: str = ""
    text: str = ""
    lost: bool = False
    out: bool = False


Callback = Callable[[Answer], None]
Deliver = Callable[[Callable[[], None]], None]


class WorkerLost(Exception):
    """The worker died or answered nonsense."""


class WorkerHangs(WorkerLost):
    """The worker took too long."""


class PinyinInput:
    """A pinyin composition, asked from Kivy's thread, answered on Kivy's thread through `deliver`.

    Commands are answered in order, each exactly once. `deliver` runs a function on the thread that wants
    the answers; without it, Kivy's Clock does.
    """

    def __init__(self, data: Path | None = None, deliver: Deliver | None = None) -> None:
        self.data = data or dictionary.default_folder()
        self._deliver = deliver or _on_kivy_thread
        self._requests: queue.SimpleQueue[tuple[Command, str, Callback] | None] = queue.SimpleQueue()
        self._worker: subprocess.Popen[bytes] | None = None
        self._buffer = b""
        self._letters = ""
        self._not_before = 0.0
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Starts the worker, in the background. Calling it again does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="pinyin", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ends the worker. Waits two seconds at most."""
        if self._thread is not None:
            self._requests.put(None)
            self._thread.join(2)
            self._thread = None

    @property
    def worker_pid(self) -> int | None:
        """The process now at work, if there is one."""
        return self._worker.pid if self._worker else None

    def key(self, letter: str, reply: Callback) -> None:
        """One letter a-z or an apostrophe."""
        self._ask({"key": letter}, reply)

    def backspace(self, reply: Callback) -> None:
        """The last letter away."""
        self._ask({"backspace": True}, reply)

    def choose(self, index: int, reply: Callback) -> None:
        """A candidate of the page last answered, from 0."""
        self._ask({"choose": index}, reply)

    def page(self, step: int, reply: Callback) -> None:
        """The next (1) or previous (-1) page of candidates."""
        self._ask({"page": step}, reply)

    def finish(self, reply: Callback, text: str = "") -> None:
        """The best of all that is composed; `text` comes back with the answer, to be written after it."""
        self._ask({"finish": True}, reply, text)

    def clear(self, reply: Callback | None = None) -> None:
        """Forgets what is composed."""
        self._ask({"clear": True}, reply or _ignore)

    def _ask(self, command: Command, reply: Callback, text: str = "") -> None:
        self.start()
        self._requests.put((command, text, reply))

    def _run(self) -> None:
        self._try_to_start()
        while (request := self._requests.get()) is not None:
            command, text, reply = request
            answer = self._answer(command, text)
            self._deliver(lambda reply=reply, answer=answer: reply(answer))  # type: ignore[misc]
        self._end()

    def _answer(self, command: Command, text: str) -> Answer:
        for _ in range(2):  # a worker found dead is replaced and asked again, once
            dead = self._worker is None or self._worker.poll() is not None
            if dead and not self._try_to_start():
                return Answer(text=text, lost=True, out=True)
            try:
                return self._told(self._exchange(command, ANSWER_LIMIT), command, text)
            except WorkerHangs:
                self._end()
                break
            except WorkerLost:
                self._end()
        try:  # the command is lost; what was composed before it is shown again
            if self._try_to_start():
                return self._told(self._exchange({"page": -1}, ANSWER_LIMIT), {}, text, lost=True)
        except WorkerLost:
            self._end()
        return Answer(text=text, lost=True, out=True)

    def _told(self, said: Command, command: Command, text: str, lost: bool = False) -> Answer:
        try:
            answer = Answer(candidates=tuple(said.pop("candidates")), lost=lost, text=text, **said)
        except (TypeError, KeyError) as error:
            raise WorkerLost from error
        if "key" in command:
            self._letters += str(command["key"])
        elif "backspace" in command:
            self._letters = self._letters[:-1]
        if not answer.composing:
            self._letters = ""
        return answer

    def _try_to_start(self) -> bool:
        self._end()
        if time.monotonic() < self._not_before:
            return False
        try:
            limit = START_LIMIT if dictionary.is_made(self.data) else START_LIMIT + MAKING_LIMIT
            data = str(self.data.absolute())
            self._worker = subprocess.Popen(
                [sys.executable, "-m", "screens.keyboards.rime_worker", "--data", data],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=dictionary.PROJECT,
            )
            if self._read(limit) != {"ready": True}:
                raise WorkerLost
            for letter in self._letters:
                self._exchange({"key": letter}, ANSWER_LIMIT)
        except (OSError, WorkerLost):
            self._end()
            self._letters = ""
            self._not_before = time.monotonic() + PAUSE_AFTER_FAILURE
            return False
        return True

    def _exchange(self, command: Command, limit: float) -> Command:
        worker = self._worker
        if worker is None or worker.stdin is None:
            raise WorkerLost
        try:
            worker.stdin.write(json.dumps(command).encode() + b"\n")
            worker.stdin.flush()
        except OSError as error:
            raise WorkerLost from error
        return self._read(limit)

    def _read(self, limit: float) -> Command:
        """One line of the worker's, within `limit` seconds."""
        assert self._worker is not None and self._worker.stdout is not None
        until = time.monotonic() + limit
        with selectors.DefaultSelector() as selector:
            selector.register(self._worker.stdout, selectors.EVENT_READ)
            while b"\n" not in self._buffer:
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise WorkerHangs
                part = self._worker.stdout.read1(65536)  # type: ignore[attr-defined]
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

    def _end(self) -> None:
        worker, self._worker, self._buffer = self._worker, None, b""
        if worker is None:
            return
        for pipe in (worker.stdin, worker.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                pass
        try:
            worker.wait(0.3)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait(2)


@cache
def shared() -> PinyinInput:
    """The terminal's one pinyin engine, started at the first call and ended with the program."""
    made = PinyinInput()
    made.start()
    atexit.register(made.stop)
    return made


def _on_kivy_thread(function: Callable[[], None]) -> None:
    from kivy.clock import Clock

    Clock.schedule_once(lambda _: function())


def _ignore(answer: Answer) -> None:
    pass
