"""A letter read aloud: the real engine, the real ALSA library and a simulated card; the citizen goes, parts fail."""

from __future__ import annotations

import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contract.codes import Assurance, LoginWay
from contract.items import Commitment
from contract.model import Words
from drivers.id_card.events import CardRemoved
from drivers.sound import PromptEnded, Sound, StatusChanged
from kiosk.identity import Proof
from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.frame import Aloud
from kiosk.journey.views import CommitmentView
from kiosk.speech.sentences import sentences
from kiosk.speech.voice import Voice
from tests.drivers.conftest import Events, Simulator
from tests.kiosk.headless import WANG, Headless

PARAGRAPHS = ("一是真的。二也是真的。", "三", "I agree.")


@pytest.fixture
def card() -> Iterator[Simulator]:
    simulator = Simulator("sound")
    yield simulator
    simulator.stop()


class Letter:
    """A headless terminal that shows a letter; its loudspeaker is a simulated card."""

    def __init__(self, data: Path, card: Simulator, voice: Voice | None = None) -> None:
        self.card = card
        self.told = Events()
        self.ended: list[bool] = []
        self.sound = Sound(card.said["port"], 100, alsa_config=card.said["alsa_config"])
        self.terminal = terminal = Headless(data, sound=self.sound, voice=voice)
        self.journey = journey = terminal.journey
        words = [Words(zh=paragraph) for paragraph in PARAGRAPHS]
        assert journey.release is not None
        journey.release.items["low"] = journey.release.items["low"].model_copy(
            update={"commitment": Commitment(title=Words(zh="承诺书", en="Commitment"), paragraphs=words)}
        )
        journey.begin_visit(Proof(WANG, LoginWay.ID_CARD, Assurance.SUBSTANTIAL))
        journey.state.begin_item("low")
        journey.go(journey.after(None))
        self.sound.start(self._tell)
        self.told.wait(StatusChanged, lambda event: event.status.usable, timeout=20)
        self.card("clear")
        self.sentences = sentences(self.view.spoken)

    def _tell(self, event: Any) -> None:
        self.terminal.posted.append(event)
        self.told(event)
        if isinstance(event, PromptEnded):
            self.ended.append(event.whole)

    @property
    def view(self) -> CommitmentView:
        view = self.journey.snapshot().view
        assert isinstance(view, CommitmentView)
        return view

    @property
    def aloud(self) -> Aloud | None:
        return self.journey.snapshot().chrome.aloud

    @property
    def words(self) -> str:
        """What is marked on the page."""
        aloud = self.aloud
        return self.view.spoken[aloud.part][aloud.start : aloud.end] if aloud and aloud.part >= 0 else ""

    def turn(self) -> None:
        """What the terminal's thread does when something happened."""
        self.terminal.finish_jobs()
        self.terminal.hear_devices()

    def until(self, what: str, found: Callable[[], Any], seconds: float = 40) -> None:
        end = time.monotonic() + seconds
        while not found():
            assert time.monotonic() < end, f"never: {what}"
            self.turn()
            time.sleep(0.01)

    def read_all(self) -> list[str]:
        """Every sentence that was marked, in order, to the end of the reading."""
        marked: list[str] = []

        def over() -> bool:
            if self.words and self.words != (marked[-1] if marked else ""):
                marked.append(self.words)
            return not (self.aloud and self.aloud.reading)

        self.terminal.does(intents.ReadAloud())
        self.until("the end of the letter", over, 90)
        return marked

    def is_silent(self) -> bool:
        """Whether nothing more comes out of the card, but what was in it."""
        time.sleep(0.3)
        before = self.card("state")["seconds"]
        time.sleep(0.4)
        return bool(self.card("state")["seconds"] == before)

    def close(self) -> None:
        self.sound.stop()
        self.terminal.close()


@pytest.fixture
def letter(tmp_path: Path, card: Simulator) -> Iterator[Letter]:
    made = Letter(tmp_path / "data", card)
    yield made
    made.close()


def failing(folder: Path, calls: str, *instead: str) -> Voice:
    """The real engine, but in the calls whose numbers match the shell pattern."""
    path, count = folder / "engine", folder / "count"
    path.write_text(
        f"#!/bin/sh\necho x >>{count}\nn=$(wc -l <{count})\ncase $n in {calls}) {'; '.join(instead)};; esac\n"
        'exec espeak-ng "$@"\n'
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Voice(str(path))


def test_a_letter_is_heard_sentence_by_sentence_and_each_is_marked(letter: Letter) -> None:
    assert letter.aloud == Aloud()
    assert letter.read_all() == [sentence.text for sentence in letter.sentences]
    assert letter.aloud == Aloud(), "it can be read once more"
    assert letter.ended == [True] * len(letter.sentences)
    heard, made = letter.card("state"), 0.0
    for sentence in letter.sentences:
        sound = Voice().speak(sentence.text)
        assert isinstance(sound, bytes)
        made += (len(sound) - 44) / 44_100
    assert heard["peak"] > 3000 and abs(heard["seconds"] - made) < 1.0


def test_the_first_sentence_is_heard_soon_and_the_next_is_made_meanwhile(letter: Letter) -> None:
    began = time.monotonic()
    letter.terminal.does(intents.ReadAloud())
    letter.until("a sound", lambda: letter.card("state")["peak"] > 50)
    assert time.monotonic() - began < 3.0
    assert letter.words == letter.sentences[0].text
    assert not letter.terminal.waiting, "the second sentence is made while the first is heard"
    assert letter.ended == []


@pytest.mark.parametrize(
    "goes",
    [
        (intents.StopReading(),), (intents.Back(),), (intents.Leave(), intents.LeaveNow()), (intents.Leave(),),
        (CardRemoved(),), (intents.SetLanguage("en"),), (intents.ReadToEnd(), intents.Forward()),
    ],
    ids=["stop", "back", "end", "end asked", "card taken", "other language", "to sign"],
)  # fmt: skip
def test_who_goes_hears_nothing_more(letter: Letter, goes: tuple[object, ...]) -> None:
    letter.terminal.does(intents.ReadAloud())
    letter.until("a sound", lambda: letter.card("state")["peak"] > 50)
    letter.terminal.does(*goes)
    assert not letter.journey.speech.reading
    assert letter.is_silent()
    letter.turn()
    assert letter.is_silent(), "what was made meanwhile is not played"


def test_reading_is_no_silence_and_does_not_end_the_visit(letter: Letter) -> None:
    letter.terminal.does(intents.ReadAloud())
    letter.journey.watch._touched -= 1000
    letter.until("the second sentence", lambda: letter.words == letter.sentences[1].text)
    assert letter.journey.watch.silent < 30
    letter.terminal.does(Tick())
    assert letter.journey.snapshot().notice is None and letter.aloud and letter.aloud.reading


def test_an_engine_killed_in_the_middle_costs_one_sentence(tmp_path: Path, card: Simulator) -> None:
    letter = Letter(tmp_path / "data", card, failing(tmp_path, "3", "head -c 30000 /dev/zero", "kill -9 $$"))
    try:
        said = [sentence.text for sentence in letter.sentences]
        assert letter.read_all() == said[:2] + said[3:]
    finally:
        letter.close()


def test_an_engine_that_always_fails_ends_the_reading(tmp_path: Path, card: Simulator) -> None:
    letter = Letter(tmp_path / "data", card, failing(tmp_path, "*", "exit 1"))
    try:
        assert letter.read_all() == []
        assert (tmp_path / "count").read_text().count("x") == 3 and letter.view.title == "承诺书"
    finally:
        letter.close()


def test_without_an_engine_or_a_loudspeaker_nothing_is_offered(tmp_path: Path, card: Simulator) -> None:
    letter = Letter(tmp_path / "data", card, Voice("no-such-engine"))
    try:
        assert letter.aloud is None
        letter.terminal.does(intents.ReadAloud())
        assert not letter.terminal.waiting and letter.is_silent()
    finally:
        letter.close()


def test_a_loudspeaker_that_goes_ends_the_reading_and_the_offer(letter: Letter) -> None:
    letter.terminal.does(intents.ReadAloud())
    letter.until("a sound", lambda: letter.card("state")["peak"] > 50)
    letter.card("fault drop")
    letter.until("the button gone", lambda: letter.aloud is None)
    letter.until("the end of the reading", lambda: not letter.journey.speech.reading)
    assert letter.view.title == "承诺书"
    letter.card("fault none")
    letter.until("the button back", lambda: letter.aloud == Aloud())
