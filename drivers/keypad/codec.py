"""Keys as the kernel numbers them -> keys as XFS4IoT names them (PinPad and Keyboard). Pure: the time is handed in."""

from __future__ import annotations

from collections.abc import Mapping

from evdev import ecodes

from drivers.errors import ConfigError
from drivers.input_device import DOWN, LOST, REPEAT, UP
from drivers.input_device import KeyEvent as RawKey
from drivers.keypad.events import KeyEvent, KeyHeld, KeyPressed, KeyRepeated

# Seconds. A slow press of an unsteady hand is shorter; the kernel begins to repeat after 0.25 s.
LONG_PRESS = 1.0

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# XFS4IoT names 32 function keys beside a screen
_FUNCTIONS = tuple(f"fdk{number:02d}" for number in range(1, 33))
_OTHERS = (
    "enter", "cancel", "clear", "backspace", "help", "decPoint", "doubleZero", "tripleZero", "shift",
    "up", "down", "left", "right",
)  # fmt: skip
NAMES = frozenset((*DIGITS, *_FUNCTIONS, *_OTHERS))

DEFAULT_KEYS: dict[str, str] = {
    **{f"KEY_{number}": name for number, name in enumerate(DIGITS)},
    **{f"KEY_KP{number}": name for number, name in enumerate(DIGITS)},
    **{f"KEY_F{number}": f"fdk{number:02d}" for number in range(1, 25)},
    "KEY_ENTER": "enter", "KEY_KPENTER": "enter", "KEY_ESC": "cancel", "KEY_CANCEL": "cancel", "KEY_DELETE": "clear",
    "KEY_CLEAR": "clear", "KEY_BACKSPACE": "backspace", "KEY_HELP": "help", "KEY_DOT": "decPoint",
    "KEY_KPDOT": "decPoint", "KEY_UP": "up", "KEY_DOWN": "down", "KEY_LEFT": "left", "KEY_RIGHT": "right",
}  # fmt: skip


def key_map(own: Mapping[str, str] | None = None) -> dict[int, str]:
    """Number -> name: the default keys and over them `own`, as KEY_F5 = "help". "" takes a key away.

    Raises ConfigError for a key the kernel does not know, or a name that is none of NAMES.
    """
    named = DEFAULT_KEYS | dict(own or {})
    numbers: dict[int, str] = {}
    for key, name in named.items():
        number = ecodes.ecodes.get(key) if key.startswith(("KEY_", "BTN_")) else None
        if number is None:
            raise ConfigError(detail=f"{key} is no key of linux/input-event-codes.h")
        if name and name not in NAMES:
            raise ConfigError(detail=f"{name} is no name of a key; there are {', '.join(sorted(NAMES))}")
        if name:
            numbers[number] = name
    return numbers


class Keys:
    """Follows which keys are down, and since when (seconds of any clock that does not go back)."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._names = names
        self._down_at: dict[int, float] = {}
        self._held: set[int] = set()

    def feed(self, event: RawKey, now: float) -> list[KeyEvent]:
        """What this event of the kernel means; nothing for a key that has no name."""
        name = self._names.get(event.code)
        if event.code == LOST:
            self._down_at.clear()
            self._held.clear()
        elif name is None:
            return []
        elif event.value == DOWN and event.code not in self._down_at:
            self._down_at[event.code] = now
            return [KeyPressed(name)]
        elif event.value == REPEAT and event.code in self._down_at:
            return [*self.passed(now), KeyRepeated(name)]
        elif event.value == UP:
            found = self.passed(now)  # a long press that ended before anybody looked
            self._down_at.pop(event.code, None)
            self._held.discard(event.code)
            return found
        return []

    def passed(self, now: float) -> list[KeyEvent]:
        """The keys that have now been down for long."""
        long = [code for code, at in self._down_at.items() if now - at >= LONG_PRESS and code not in self._held]
        self._held.update(long)
        return [KeyHeld(self._names[code]) for code in long]

    @property
    def any_down(self) -> bool:
        """Whether passed() may have something to tell."""
        return len(self._down_at) > len(self._held)
