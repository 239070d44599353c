"""The keyboard under a finger, with the real engine behind it."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest

from screens.keyboards.layouts import LAYOUTS
from screens.keyboards.pinyin import PinyinInput
from tests.screens.keyboards.citizen import Make


def test_pinyin_candidates_and_space(sit_down: Make) -> None:
    citizen = sit_down()
    citizen.type("danyuan")
    assert citizen.keyboard.composing == "dan yuan"
    assert citizen.control("candidate:0").text == "单元"
    assert citizen.control("candidate:0").selected
    assert citizen.text == ""
    citizen.tap("key:space")
    assert (citizen.text, citizen.keyboard.composing) == ("单元", "")
    assert citizen.controls("candidate:") == []
    citizen.tap("key:space")
    assert citizen.text == "单元 "


def test_a_candidate_that_is_tapped_is_written(sit_down: Make) -> None:
    citizen = sit_down()
    citizen.type("shi")
    wanted = citizen.control("candidate:2").text
    citizen.tap("candidate:2")
    assert citizen.text == wanted


def test_more_and_back_show_every_candidate_once(sit_down: Make) -> None:
    citizen = sit_down()
    citizen.type("shi")

    def shown() -> list[str]:
        return [citizen.control(name).text for name in citizen.controls("candidate:") if name[-1].isdigit()]

    first = shown()
    windows = [first]
    for _ in range(3):
        citizen.tap("candidate:more")
        windows.append(shown())
    words = [word for window in windows for word in window]
    assert len(words) == len(set(words))
    wanted = shown()[1]
    citizen.tap("candidate:1")
    assert citizen.text == wanted
    citizen.type("shi")
    citizen.tap("candidate:more", "candidate:fewer")
    assert shown() == first
    citizen.tap("candidate:more")
    wanted = shown()[0]
    citizen.tap("key:space")
    assert citizen.text[1:] == wanted, "the space bar takes the first candidate shown"


def test_backspace_erases_letters_first_and_then_text(sit_down: Make) -> None:
    citizen = sit_down()
    citizen.type("wo")
    citizen.tap("key:space")
    citizen.type("wo")
    citizen.tap("key:backspace", "key:backspace")
    assert (citizen.text, citizen.keyboard.composing) == ("我", "")
    citizen.tap("key:backspace")
    assert citizen.text == ""


def test_keys_faster_than_the_engine_keep_their_order(sit_down: Make) -> None:
    """Nothing is awaited between taps: the second backspace meets an empty composition and erases text."""
    citizen = sit_down()
    citizen.text = "号"
    for key in ["w", "backspace", "backspace", "w", "o", "space", "space"]:
        citizen.keyboard.press(key)
    citizen.settle()
    assert citizen.text == "我 "


def test_capitals_and_symbols_end_what_is_composed(sit_down: Make) -> None:
    citizen = sit_down()
    citizen.type("danyuan")
    citizen.tap("key:shift")
    assert citizen.control("key:a").text == "A"
    citizen.type("a")
    assert citizen.text == "单元A"
    assert citizen.control("key:a").text == "a"
    citizen.type("shebao")
    citizen.tap("key:symbols")
    assert (citizen.text, citizen.keyboard.composing) == ("单元A社保", "")
    citizen.tap("key:，", "key:。")
    assert citizen.text == "单元A社保，。"
    citizen.tap("key:pinyin")
    assert citizen.controls("candidate:") == []


def test_every_layout_is_one_tap_from_another(sit_down: Make) -> None:
    citizen = sit_down()
    ways = ("123", "digits"), ("handwriting", "handwriting"), ("latin", "latin"), ("rare", "rare_parts")
    for key, layout in (*ways, ("symbols", "symbols"), ("pinyin", "pinyin")):
        citizen.tap(f"key:{key}")
        assert citizen.keyboard.layout == layout
        assert citizen.control(f"key:{key}").selected


def test_latin_goes_straight_to_the_field(sit_down: Make) -> None:
    citizen = sit_down("latin")
    citizen.type("sbzm")
    citizen.tap("key:shift", "key:b", "key:1")
    assert (citizen.text, citizen.keyboard.composing) == ("sbzmB1", "")


def test_an_id_number(sit_down: Make) -> None:
    citizen = sit_down("id")
    citizen.type("10X")
    citizen.tap("key:backspace", "key:X")
    assert citizen.text == "10X"
    assert sorted(citizen.controls("key:")) == sorted(f"key:{name}" for name in [*"0123456789X", "backspace"])


def test_another_field_starts_clean(sit_down: Make) -> None:
    citizen = sit_down()
    citizen.type("wangxiaoming")
    citizen.keyboard.reset()
    citizen.settle()
    assert (citizen.text, citizen.keyboard.composing) == ("", "")
    citizen.type("sb")
    assert citizen.keyboard.composing == "s b"


def test_a_keyboard_does_not_see_what_another_left(sit_down: Make) -> None:
    first = sit_down()
    first.type("wangxiaoming")
    second = sit_down()
    second.type("sb")
    assert second.keyboard.composing == "s b"


def test_pressed_at_once_and_only_a_lift_inside_counts(sit_down: Make) -> None:
    citizen = sit_down("latin")
    touch = citizen.down("key:q")
    assert citizen.control("key:q").pressed
    assert citizen.text == ""
    touch.touch_move(*citizen.control("key:p").center)
    assert not citizen.control("key:q").pressed
    touch.touch_up()
    assert citizen.text == ""


def test_a_text_field_keeps_the_focus(sit_down: Make, window: Any) -> None:
    from kivy.uix.textinput import TextInput

    citizen = sit_down("latin")
    field = TextInput(pos=(0, 700), size=(400, 80), size_hint=(None, None))
    window.add_widget(field)
    try:
        field.focus = True
        citizen.tap("key:q")
        touch = citizen.down("key:w")
        touch.touch_up()
        assert field.focus
    finally:
        field.focus = False
        window.remove_widget(field)


def test_words_on_keys_follow_the_language(sit_down: Make) -> None:
    citizen = sit_down(language="en")
    assert citizen.control("key:backspace").text == "Delete"
    citizen.type("shebao")
    citizen.keyboard.language = "zh"
    assert citizen.control("candidate:0").text == "社保", "what is composed stays"
    assert citizen.control("key:backspace").text == "删除"


@pytest.mark.parametrize("crash", [signal.SIGKILL, signal.SIGSEGV])
def test_what_is_typed_survives_the_engines_crash(sit_down: Make, engine: PinyinInput, crash: signal.Signals) -> None:
    citizen = sit_down()
    citizen.type("she")
    assert engine.worker_pid is not None
    os.kill(engine.worker_pid, crash)
    citizen.type("bao")
    citizen.tap("key:space")
    assert citizen.text == "社保"


def test_every_key_is_named(sit_down: Make) -> None:
    """A screen reader and a test find every key: an id of its own, a role and a name."""
    citizen = sit_down()
    for layout in LAYOUTS:
        citizen.keyboard.layout = layout
        ids = citizen.controls("key:")
        assert len(ids) == len(set(ids)) >= 11
        for control_id in ids:
            assert citizen.control(control_id).role == "key"
            assert citizen.control(control_id).control_name
