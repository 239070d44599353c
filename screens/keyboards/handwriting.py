"""Handwriting for the screen: two engines, each in a worker process, neither ever making the screen wait.

dinkit follows the pen and answers after each stroke; the picture recogniser is asked when the pen rests and
knows characters written in any order of strokes. Each question carries all strokes, so that a worker that
dies is replaced and asked again, and nothing is lost.
"""

from __future__ import annotations

import math
import queue
import threading
from collections.abc import Callable

from screens.keyboards.answer import Answer, Callback, Deliver, on_kivy_thread
from screens.keyboards.worker import Worker, WorkerHangs, WorkerLost

Strokes = list[list[list[int]]]
Found = list[tuple[str, float]]

ANSWER_LIMIT = 1.0  # seconds; 8 ms as a rule
START_LIMIT = 30.0  # seconds; under one as a rule

#: How the two opinions are merged, tuned on 500 characters of hanzi-writer-data with shaken strokes, in the right
#: and in a wrong order, that benchmarks/handwriting.py does not use: a distance so much larger weighs 1/e, and the
#: picture's probability counts so much beside the strokes' 1.
DISTANCE, PICTURE_WEIGHT = 600.0, 0.6


def merged(strokes: Found, picture: Found) -> tuple[str, ...]:
    """Characters by both opinions, best first: `strokes` with distances, `picture` with probabilities."""
    nearest = min((distance for _, distance in strokes), default=0.0)
    near = {character: math.exp((nearest - distance) / DISTANCE) for character, distance in strokes}
    total = sum(near.values())
    score = {character: share / total for character, share in near.items()}
    for character, probability in picture:
        score[character] = score.get(character, 0.0) + PICTURE_WEIGHT * probability
    return tuple(sorted(score, key=lambda character: -score[character]))


class Opinion:
    """One engine's worker and the thread that asks it; of questions that wait only the newest is asked."""

    def __init__(self, engine: str) -> None:
        self.worker = Worker("screens.keyboards.handwriting_worker", engine)
        self._engine = engine
        self._questions: queue.SimpleQueue[tuple[Strokes, Callable[[Found | None], None]] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Starts the worker, in the background. Calling it again does nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name=self._engine, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ends the worker. Waits two seconds at most."""
        if self._thread is not None:
            self._questions.put(None)
            self._thread.join(2)
            self._thread = None

    def ask(self, strokes: Strokes, reply: Callable[[Found | None], None]) -> None:
        """`reply` is called in the thread, with None where there is no answer; not at all if asked again by then."""
        self.start()
        self._questions.put((strokes, reply))

    def _run(self) -> None:
        self._try_to_start()
        while (question := self._questions.get()) is not None:
            while question is not None and not self._questions.empty():
                question = self._questions.get()
            if question is None:
                break
            strokes, reply = question
            reply(self._answer(strokes))
        self.worker.end()

    def _answer(self, strokes: Strokes) -> Found | None:
        for _ in range(2):  # a worker found dead is replaced and asked again, once
            if not self.worker.alive and not self._try_to_start():
                return None
            try:
                said = self.worker.ask({"strokes": strokes}, ANSWER_LIMIT)
                return [(str(character), float(number)) for character, number in said["found"]]
            except WorkerHangs:
                self.worker.end()
                self._try_to_start()
                return None
            except (WorkerLost, KeyError, TypeError, ValueError):
                self.worker.end()
        return None

    def _try_to_start(self) -> bool:
        try:
            self.worker.start(START_LIMIT)
        except WorkerLost:
            return False
        return True


class HandwritingInput:
    """Both opinions. Answers come through `deliver`: without it, on Kivy's thread."""

    def __init__(self, deliver: Deliver | None = None) -> None:
        self.strokes, self.picture = Opinion("strokes"), Opinion("picture")
        self._deliver = deliver or on_kivy_thread
        self._last: tuple[Strokes, Found] = ([], [])

    def start(self) -> None:
        """Starts both workers, in the background. Calling it again does nothing."""
        self.strokes.start()
        self.picture.start()

    def stop(self) -> None:
        """Ends both workers."""
        self.strokes.stop()
        self.picture.stop()
        self.forget()

    def write(self, strokes: Strokes, reply: Callback) -> None:
        """At once, after each stroke: by the strokes alone. `lost` is set where the engine was lost."""

        def told(found: Found | None) -> None:
            self._last = (strokes, found or [])
            self._tell(reply, found is None, merged(found or [], []))

        self.strokes.ask(strokes, told)

    def rest(self, strokes: Strokes, reply: Callback) -> None:
        """When the pen rests: by both. Where the picture's engine is lost, by the strokes alone."""

        def told(picture: Found | None) -> None:
            written, found = self._last
            known = found if written == strokes else []
            self._tell(reply, picture is None, merged(known, picture or []))

        self.picture.ask(strokes, told)

    def forget(self) -> None:
        """Nothing of what was written stays."""
        self._last = ([], [])

    def _tell(self, reply: Callback, lost: bool, candidates: tuple[str, ...]) -> None:
        self._deliver(lambda: reply(Answer(candidates=candidates, lost=lost, out=lost and not candidates)))
