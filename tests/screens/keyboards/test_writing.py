"""Writing by hand on the keyboard's pad."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest

from screens.keyboards.gallery import INK
from screens.keyboards.handwriting import HandwritingInput
from screens.keyboards.ink_entry import REST
from tests.screens.keyboards.citizen import Make, Step

RIVER = (  # 川
    ((60, 40), (58, 90), (40, 160)),
    ((100, 50), (100, 100), (100, 150)),
    ((140, 40), (140, 100), (140, 170)),
)


def test_stroke_by_stroke_and_one_character_after_another(sit_down: Make, step: Step) -> None:
    citizen = sit_down("handwriting")
    citizen.write(INK[0])
    step(lambda: bool(citizen.shown()))
    citizen.write(*INK[1:])
    step(lambda: citizen.shown()[:1] == ["永"])
    citizen.tap("candidate:0")
    assert citizen.text == "永"
    assert citizen.shown() == [] and citizen.control("key:pad").strokes == []
    citizen.write(*RIVER)
    step(lambda: citizen.shown()[:1] == ["川"])
    citizen.tap("key:space")
    assert citizen.text == "永川"


def test_the_candidate_under_the_finger_is_written_though_the_order_changed(sit_down: Make, step: Step) -> None:
    """Written in a wrong order, the strokes alone say something else than both opinions together."""
    citizen = sit_down("handwriting")
    citizen.write(*reversed(INK))
    step(lambda: len(citizen.shown()) > 3)
    wanted = citizen.control("candidate:1").text
    finger = citizen.down("candidate:1")
    until = time.monotonic() + REST + 0.6
    step(lambda: time.monotonic() > until)
    finger.touch_up()
    assert citizen.text == wanted != "永"


def test_without_a_finger_on_them_candidates_get_better(sit_down: Make, step: Step) -> None:
    citizen = sit_down("handwriting")
    citizen.write(*reversed(INK))
    step(lambda: citizen.shown()[:1] == ["永"])


def test_undo_and_clear(sit_down: Make, step: Step) -> None:
    citizen = sit_down("handwriting")
    citizen.write(*RIVER, INK[0])
    citizen.tap("key:undo")
    step(lambda: citizen.shown()[:1] == ["川"])
    citizen.tap("key:clear")
    assert citizen.shown() == [] and citizen.control("key:pad").strokes == []
    citizen.write(RIVER[0])
    citizen.tap("key:undo")
    assert citizen.shown() == []


def test_delete_wipes_the_pad_first_and_then_the_text(sit_down: Make, step: Step) -> None:
    citizen = sit_down("handwriting")
    citizen.text = "王"
    citizen.write(*RIVER)
    citizen.tap("key:backspace")
    assert (citizen.text, citizen.control("key:pad").strokes) == ("王", [])
    citizen.tap("key:backspace")
    assert citizen.text == ""


def test_an_answer_to_what_was_wiped_is_not_shown(sit_down: Make, step: Step) -> None:
    citizen = sit_down("handwriting")
    citizen.write(*RIVER)
    citizen.tap("key:clear")
    citizen.write(*INK)
    step(lambda: bool(citizen.shown()))
    assert citizen.shown()[0] == "永"


def test_nothing_stays_for_the_next_field(sit_down: Make, handwriting: HandwritingInput, step: Step) -> None:
    citizen = sit_down("handwriting")
    citizen.write(*INK)
    step(lambda: bool(citizen.shown()))
    citizen.keyboard.reset()
    assert citizen.control("key:pad").strokes == [] and citizen.shown() == []
    assert handwriting._last == ([], [])


@pytest.mark.parametrize("crash", [signal.SIGKILL, signal.SIGSEGV])
def test_writing_goes_on_when_both_engines_crash(
    sit_down: Make, handwriting: HandwritingInput, step: Step, crash: signal.Signals
) -> None:
    citizen = sit_down("handwriting")
    citizen.write(*INK[:3])
    step(lambda: bool(citizen.shown()))
    for opinion in (handwriting.strokes, handwriting.picture):
        step(lambda opinion=opinion: opinion.worker.pid is not None)  # type: ignore[misc]
        os.kill(opinion.worker.pid or 0, crash)
    citizen.write(*INK[3:])
    step(lambda: citizen.shown()[:1] == ["永"])
    citizen.tap("candidate:0")
    assert citizen.text == "永"


def test_a_second_finger_writes_nothing(sit_down: Make) -> None:
    citizen = sit_down("handwriting")
    pad = citizen.control("key:pad")
    first = citizen.down("key:pad")
    second: Callable[[], object] = citizen.down("key:pad").touch_up
    second()
    assert pad.writing
    first.touch_up()
    assert len(pad.strokes) == 1
