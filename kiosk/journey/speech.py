"""What a page says, read aloud on request: a sentence at a time, the next one made while one is heard.

All of it happens on the terminal's thread; sentences are made in jobs. No failure troubles who stands at the screen: a
sentence the engine fails at is left out, and where loudspeaker or engine are gone the reading ends.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from drivers.errors import PromptUnplayable
from drivers.sound import PromptEnded, PromptFailed
from kiosk.journey.frame import Aloud
from kiosk.speech.sentences import Sentence, sentences
from kiosk.speech.voice import Unspoken

if TYPE_CHECKING:
    from kiosk.journey.parts import Parts

log = logging.getLogger(__name__)

#: sentences one after the other that the engine fails at, until it is not asked any more
MOST_FAILURES = 3


class Speech:
    """One for a terminal."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._sound = parts.devices.sound
        self._texts: tuple[str, ...] = ()
        self._slow = False
        self._sentences: tuple[Sentence, ...] = ()
        #: the sentence that is heard, and that which is made
        self._heard, self._making = -1, -1
        self._made: bytes | Unspoken | None = None
        self._prompt = 0
        self._failures = 0

    @property
    def possible(self) -> bool:
        """Whether there is an engine, and a loudspeaker that is well."""
        return self._parts.voice.there and self._sound is not None and self._sound.status.usable

    @property
    def reading(self) -> bool:
        """Whether something is being read, or about to."""
        return bool(self._sentences)

    def offered(self, texts: tuple[str, ...]) -> Aloud | None:
        """What a page with these texts shows of it; None where nothing can be read aloud."""
        if not texts or not self.possible:
            return None
        if not self.reading:
            return Aloud()
        if self._heard < 0:
            return Aloud(reading=True)
        sentence = self._sentences[self._heard]
        return Aloud(True, sentence.part, sentence.start, sentence.end)

    def begin(self, texts: tuple[str, ...], slow: bool) -> None:
        """Read these aloud from their beginning, where that is possible."""
        self.stop()
        if self.possible:
            self._texts, self._slow, self._failures = texts, slow, 0
            self._sentences = sentences(texts)
            self._make(0)

    def stop(self) -> None:
        """Silence at once."""
        if self.reading and self._sound is not None:
            self._sound.silence()
        self._texts, self._sentences = (), ()
        self._heard = self._making = -1
        self._made, self._prompt = None, 0

    def follow(self, texts: tuple[str, ...]) -> None:
        """The page shows these texts now: what it no longer shows is not read on."""
        if self.reading and texts != self._texts:
            self.stop()

    def take(self, event: PromptEnded | PromptFailed) -> bool:
        """A sentence has been heard, or could not be. Whether it was one of the reading that goes on."""
        if not self._prompt or event.number != self._prompt:
            return False
        self._prompt = 0
        if isinstance(event, PromptFailed):
            log.warning("reading aloud ends: %s", event.reason)
            self.stop()
        else:
            self._go_on()
        return True

    def _make(self, place: int) -> None:
        """Have the sentence at `place` made; nothing to do after the last."""
        self._making, self._made = place, None
        if place < len(self._sentences):
            reading, text, slow = self._sentences, self._sentences[place].text, self._slow
            self._parts.jobs(
                lambda: self._parts.voice.speak(text, slow) if self._sentences is reading else None,
                lambda sound: self._is_made(reading, place, sound),
            )

    def _is_made(self, reading: tuple[Sentence, ...], place: int, sound: bytes | Unspoken | None) -> None:
        if self._sentences is reading and self._making == place:
            self._made = sound
            self._go_on()

    def _go_on(self) -> None:
        """Play what was made, unless one is being heard still."""
        if self._prompt:
            return
        if self._making >= len(self._sentences):
            self.stop()
        elif isinstance(self._made, Unspoken):
            self._failed()
        elif self._made is not None:
            self._play(self._made)

    def _play(self, sound: bytes) -> None:
        assert self._sound is not None
        try:
            self._prompt = self._sound.play(sound)
        except PromptUnplayable:
            self._failed()
        else:
            self._heard, self._failures = self._making, 0
            self._make(self._heard + 1)

    def _failed(self) -> None:
        """Leave this sentence out."""
        self._failures += 1
        if self._failures < MOST_FAILURES:
            self._make(self._making + 1)
            self._go_on()
        else:
            log.error("reading aloud ends: the engine fails")
            self.stop()
