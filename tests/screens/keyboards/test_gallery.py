"""The keyboard's pictures are taken when its engines have answered, and not before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from screens.keyboards import gallery
from screens.keyboards.engines import Engines


@pytest.fixture
def asleep(window: Any, data: Path, table: Path) -> Iterator[Engines]:
    """Engines nobody has asked yet."""
    made = Engines()
    yield made
    made.stop()


def test_waits_for_the_first_candidates_of_an_engine_that_only_starts(asleep: Engines) -> None:
    from screens.keyboards.keyboard import Keyboard

    keyboard = Keyboard(engine=asleep.pinyin, layout="pinyin", width=1080, size_hint=(None, None))
    keyboard.press("d")
    assert not keyboard.answer.candidates
    gallery.settle(keyboard)
    assert keyboard.answer.candidates and keyboard.composing == "d"


def test_wakes_every_engine(asleep: Engines) -> None:
    gallery.wake(asleep)
    assert asleep.pinyin.worker_pid
    assert asleep.handwriting.strokes.worker.alive and asleep.handwriting.picture.worker.alive


def test_an_engine_that_never_answers_ends_it(asleep: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "ANSWER_LIMIT", 0.0)
    with pytest.raises(TimeoutError):
        gallery.wake(asleep)
