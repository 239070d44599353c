"""The voice: espeak-ng (GPL-3.0), run as a program for each sentence and never linked.

What it says goes to it through a pipe, never in its arguments, and the sound comes back through one: nothing of a
person stands in a list of processes or on a disk. It may take SECONDS and make MOST_BYTES; else it is ended.
"""

from __future__ import annotations

import contextlib
import logging
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

log = logging.getLogger(__name__)

ENGINE = "espeak-ng"
#: ten times what the longest sentence takes on a slow machine
SECONDS = 5.0
#: two minutes of its 22,050 samples a second
MOST_BYTES = 2 * 22_050 * 120
#: its "words a minute": 150 is four syllables a second, 125 three and a half for who wants it slower
PACE, SLOW_PACE = 150, 125


@dataclass(frozen=True)
class Unspoken:
    """This sentence is not heard: there is no engine, nothing in it can be said, or the engine failed at it."""

    reason: Literal["no-engine", "nothing-to-say", "died", "timeout", "too-long"]


class Voice:
    """One engine. `there`: whether this machine has it, as it was when the terminal started."""

    def __init__(self, engine: str = ENGINE) -> None:
        self._engine = shutil.which(engine)

    @property
    def there(self) -> bool:
        """Whether there is an engine."""
        return self._engine is not None

    def speak(self, sentence: str, slow: bool = False) -> bytes | Unspoken:
        """The sentence as a WAV file; waits SECONDS at most. Never raises."""
        if self._engine is None:
            return Unspoken("no-engine")
        # half a second of dictionaries, in the job that needs them
        from kiosk.speech.script import script

        words = script(sentence)
        if not words:
            return Unspoken("nothing-to-say")
        said = self._run(self._engine, words, SLOW_PACE if slow else PACE)
        if isinstance(said, Unspoken):
            log.warning("a sentence is not spoken: %s", said.reason)
        return said

    def _run(self, engine: str, words: str, pace: int) -> bytes | Unspoken:
        command = [engine, "-m", "-b", "1", "-v", "en-us", "-s", str(pace), "--stdin", "--stdout"]
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except OSError:
            return Unspoken("no-engine")
        late = threading.Event()
        with process, _after(SECONDS, late.set, process.kill):
            assert process.stdin is not None and process.stdout is not None
            with contextlib.suppress(BrokenPipeError):  # it died: its status says so
                process.stdin.write(words.encode())  # less than a pipe holds
                process.stdin.close()
            sound = process.stdout.read(MOST_BYTES + 1)
            if len(sound) > MOST_BYTES:
                process.kill()
                return Unspoken("too-long")
            died = process.wait() != 0
        if late.is_set():
            return Unspoken("timeout")
        return Unspoken("died") if died else sound


@contextlib.contextmanager
def _after(seconds: float, *then: Callable[[], object]) -> Iterator[None]:
    """Do these unless what stands inside is over by then."""
    timer = threading.Timer(seconds, lambda: [do() for do in then])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
