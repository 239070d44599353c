"""Pinyin for the screen: asks the worker process without ever making the screen wait.

The worker is started ahead of time, answers come back on Kivy's thread, and a worker that dies or does not
answer is replaced: the letters typed so far are given to the new one, so that a crash costs one key press
at most.
"""

from __future__ import annotations

import queue
import threading
from pathlib import Path

from screens.keyboards import dictionary
from screens.keyboards.answer import Answer, Callback, Deliver, on_kivy_thread
from screens.keyboards.worker import Command, Worker, WorkerHangs, WorkerLost

ANSWER_LIMIT = 1.0  # seconds; a key takes under 1 ms
START_LIMIT = 20.0  # seconds; 0.2 s as a rule
MAKING_LIMIT = 120.0  # seconds more where the dictionary must be made first; 3 s as a rule


class PinyinInput:
    """A pinyin composition, asked from Kivy's thread, answered on Kivy's thread through `deliver`.

    Commands are answered in order, each exactly once. `deliver` runs a function on the thread that wants
    the answers; without it, Kivy's Clock does.
    """

    def __init__(self, data: Path | None = None, deliver: Deliver | None = None) -> None:
        self.data = data or dictionary.default_folder()
        self._deliver = deliver or on_kivy_thread
        self._requests: queue.SimpleQueue[tuple[Command, str, Callback] | None] = queue.SimpleQueue()
        self._worker = self._make_worker()
        self._next_data: Path | None = None
        self._letters = ""
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
        return self._worker.pid

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

    def use(self, data: Path) -> None:
        """Another dictionary, from the next moment on when nothing is composed."""
        self._next_data = data
        self.clear()

    def _make_worker(self) -> Worker:
        return Worker("screens.keyboards.rime_worker", "--data", str(self.data.absolute()))

    def _run(self) -> None:
        self._try_to_start()
        while (request := self._requests.get()) is not None:
            command, text, reply = request
            if self._next_data is not None and not self._letters:
                self._change_dictionary(self._next_data)
            answer = self._answer(command, text)
            self._deliver(lambda reply=reply, answer=answer: reply(answer))  # type: ignore[misc]
        self._worker.end()

    def _change_dictionary(self, data: Path) -> None:
        self._worker.end()
        self.data, self._next_data = data, None
        self._worker = self._make_worker()

    def _answer(self, command: Command, text: str) -> Answer:
        for _ in range(2):  # a worker found dead is replaced and asked again, once
            if not self._worker.alive and not self._try_to_start():
                return Answer(text=text, lost=True, out=True)
            try:
                return self._told(self._worker.ask(command, ANSWER_LIMIT), command, text)
            except WorkerHangs:
                self._worker.end()
                break
            except WorkerLost:
                self._worker.end()
        try:  # the command is lost; what was composed before it is shown again
            if self._try_to_start():
                return self._told(self._worker.ask({"page": -1}, ANSWER_LIMIT), {}, text, lost=True)
        except WorkerLost:
            self._worker.end()
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
        limit = START_LIMIT if dictionary.is_made(self.data) else START_LIMIT + MAKING_LIMIT
        try:
            self._worker.start(limit)
            for letter in self._letters:
                self._worker.ask({"key": letter}, ANSWER_LIMIT)
        except WorkerLost:
            self._worker.give_up()
            self._letters = ""
            return False
        return True


def _ignore(answer: Answer) -> None:
    pass
