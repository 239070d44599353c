"""Keys and how long they are down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ConfigError
from drivers.input_device import DOWN, LOST, REPEAT, UP, KeyEvent
from drivers.keypad.codec import DIGITS, LONG_PRESS, NAMES, Keys, key_map
from drivers.keypad.events import KeyHeld, KeyPressed, KeyRepeated

FIVE = 76  # KEY_KP5


def test_the_default_keys() -> None:
    names = key_map()
    assert [names[number] for number in (11, 2, 3, 4, 5, 6, 7, 8, 9, 10)] == list(DIGITS)
    assert [names[number] for number in (82, 79, 80, 81, 75, 76, 77, 71, 72, 73)] == list(DIGITS)
    assert {names[1], names[28], names[96], names[14], names[111]} == {"cancel", "enter", "backspace", "clear"}
    assert (names[59], names[103], names[108], names[105], names[106]) == ("fdk01", "up", "down", "left", "right")
    assert set(names.values()) <= NAMES


def test_own_keys_stand_over_the_default_ones() -> None:
    names = key_map({"KEY_F1": "help", "KEY_A": "fdk32", "KEY_KP5": ""})
    assert (names[59], names[30]) == ("help", "fdk32") and FIVE not in names


@pytest.mark.parametrize("own", [{"KEY_NONSENSE": "help"}, {"F1": "help"}, {"KEY_F1": "nonsense"}, {"EV_KEY": "one"}])
def test_a_key_that_is_not_understood_is_said(own: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        key_map(own)


def test_a_press_a_repeat_and_a_long_press_are_told_apart() -> None:
    keys = Keys(key_map())
    assert keys.feed(KeyEvent(FIVE, DOWN), 0.0) == [KeyPressed("five")]
    assert keys.feed(KeyEvent(FIVE, REPEAT), 0.3) == [KeyRepeated("five")]
    assert keys.passed(LONG_PRESS - 0.01) == [] and keys.any_down
    assert keys.passed(LONG_PRESS) == [KeyHeld("five")] and not keys.any_down
    assert keys.passed(LONG_PRESS + 5) == []
    assert keys.feed(KeyEvent(FIVE, UP), 9.0) == []
    assert keys.feed(KeyEvent(FIVE, DOWN), 9.1) == [KeyPressed("five")]
    assert keys.feed(KeyEvent(FIVE, UP), 9.2) == []


def test_a_long_press_nobody_looked_at_is_told_when_it_ends() -> None:
    keys = Keys(key_map())
    keys.feed(KeyEvent(FIVE, DOWN), 0.0)
    assert keys.feed(KeyEvent(FIVE, UP), LONG_PRESS + 1) == [KeyHeld("five")]


def test_after_lost_events_no_key_is_down() -> None:
    keys = Keys(key_map())
    keys.feed(KeyEvent(FIVE, DOWN), 0.0)
    assert keys.feed(KeyEvent(LOST, UP), 0.1) == [] and keys.passed(9) == []
    assert keys.feed(KeyEvent(FIVE, DOWN), 9.0) == [KeyPressed("five")]


@given(st.lists(st.tuples(st.integers(-1, 300), st.integers(-1, 3), st.floats(0, 2))))
def test_each_press_is_told_once_and_held_once_at_most(events: list[tuple[int, int, float]]) -> None:
    keys, now, down = Keys(key_map()), 0.0, 0
    for code, value, pause in events:
        now += pause
        told = keys.feed(KeyEvent(code, value), now) + keys.passed(now)
        pressed = sum(isinstance(event, KeyPressed) for event in told)
        held = sum(isinstance(event, KeyHeld) for event in told)
        down += pressed
        assert pressed <= 1 and held <= down
    assert "five" not in repr(KeyPressed("five"))
