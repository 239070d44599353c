"""Attack on the keys of a keypad."""

from __future__ import annotations

from drivers.input_device import KeyEvent
from drivers.keypad.codec import LONG_PRESS, NAMES, Keys, key_map
from drivers.keypad.events import KeyHeld, KeyPressed

DECLARED: tuple[type[Exception], ...] = ()
SEEDS = [bytes([77, 1, 3, 77, 2, 9, 77, 0, 1]), bytes([0, 0, 0, 30, 1, 1, 97, 1, 60, 97, 0, 1])]
_NAMES = key_map()


def one_input(data: bytes) -> None:
    """No key is held that was not pressed, and none twice."""
    keys, now, pressed = Keys(_NAMES), 0.0, {}
    for key, value, pause in zip(data[::3], data[1::3], data[2::3], strict=False):
        now += pause / 100
        for event in keys.feed(KeyEvent(key - 1, value % 4), now) + keys.passed(now):
            assert event.key in NAMES
            if isinstance(event, KeyPressed):
                pressed[event.key] = pressed.get(event.key, 0) + 1
            elif isinstance(event, KeyHeld):
                assert pressed.get(event.key, 0) > 0 and now >= LONG_PRESS
                pressed[event.key] -= 1
