"""A scanner that types what it reads, on a keyboard of the US layout.

    python -m drivers.simulators.wedge --end enter --others unicode

Commands: scan TEXT, type TEXT (without the end), keys CODE:VALUE… (as the kernel numbers them), plug, unplug, state
(grabbed: whether a program holds the device for itself), fault NAME|none.
Letters that are not on the keyboard are typed with Alt and numbers: --others unicode (their number), gbk (two bytes as
one number), gbk-bytes or utf8-bytes (each byte as one).
Faults: silence, drop (unplugged), busy (the grab is refused), garbage (keys that type nothing, and ups without downs),
half-frame (half of a code and no end), slow (50 ms a key), lost (the kernel's buffer ran over in the middle).
"""

from __future__ import annotations

import time
from typing import Any

from drivers.simulators.control import WrongCommand
from drivers.simulators.input_testbed import SYN, SYN_DROPPED, InputTestbed, start_in_testbed
from drivers.simulators.program import Faults, parser, serve

FAULTS = Faults(("silence", "drop", "busy", "garbage", "half-frame", "slow", "lost"))
DOWN, UP = 1, 0
SHIFT, CONTROL, ALT, CAPS = 42, 29, 56, 58
ENDS = {"enter": 28, "kpenter": 96, "tab": 15, "none": 0}
KEYPAD = {"0": 82, "1": 79, "2": 80, "3": 81, "4": 75, "5": 76, "6": 77, "7": 71, "8": 72, "9": 73}
# the rows of the keyboard, each from a first number on: linux/input-event-codes.h
ROWS = {2: ("1234567890-=", "!@#$%^&*()_+"), 16: ("qwertyuiop[]", "QWERTYUIOP{}"), 30: ("asdfghjkl;'`", 'ASDFGHJKL:"~'),
        43: ("\\zxcvbnm,./", "|ZXCVBNM<>?"), 57: (" ", " ")}  # fmt: skip
PLAIN = {letter: first + place for first, (plain, _) in ROWS.items() for place, letter in enumerate(plain)}
SHIFTED = {letter: first + place for first, (_, shifted) in ROWS.items() for place, letter in enumerate(shifted)}


def numbers(letter: str, others: str) -> list[int]:
    """What is typed with Alt for a letter that no key has."""
    if others == "unicode":
        return [ord(letter)]
    if others == "gbk":
        return [int.from_bytes(letter.encode("gb18030"), "big")]
    return list(letter.encode("gb18030" if others == "gbk-bytes" else "utf-8"))


def strokes(text: str, others: str, caps: bool, keypad: bool) -> list[tuple[int, int]]:
    """The keys that type a text."""
    keys: list[tuple[int, int]] = [(CAPS, DOWN), (CAPS, UP)] if caps else []
    for letter in text:
        if caps and letter.isascii():
            letter = letter.swapcase()
        if keypad and letter in KEYPAD:
            keys += [(KEYPAD[letter], DOWN), (KEYPAD[letter], UP)]
        elif letter in PLAIN:
            keys += [(PLAIN[letter], DOWN), (PLAIN[letter], UP)]
        elif letter in SHIFTED:
            keys += [(SHIFT, DOWN), (SHIFTED[letter], DOWN), (SHIFTED[letter], UP), (SHIFT, UP)]
        elif letter == "\x1d":
            keys += [(CONTROL, DOWN), (PLAIN["]"], DOWN), (PLAIN["]"], UP), (CONTROL, UP)]
        else:
            for number in numbers(letter, others):
                digits = [KEYPAD[digit] for digit in f"{number:04d}"]
                keys += [(ALT, DOWN), *((key, value) for key in digits for value in (DOWN, UP)), (ALT, UP)]
    return [*keys, (CAPS, DOWN), (CAPS, UP)] if caps else keys


class Wedge:
    """The scanner and its commands."""

    def __init__(self, device: InputTestbed, options: Any) -> None:
        self.device = device
        self.options = options

    def scan(self, words: list[str]) -> dict[str, Any]:
        """`scan TEXT`"""
        end = ENDS[self.options.end]
        return self.type(words, [(end, DOWN), (end, UP)] if end else [])

    def type(self, words: list[str], end: list[tuple[int, int]] | None = None) -> dict[str, Any]:
        """`type TEXT`"""
        if len(words) != 1:
            raise WrongCommand("scan TEXT")
        keys = strokes(words[0], self.options.others, self.options.caps, self.options.keypad) + (end or [])
        if FAULTS.name == "silence":
            keys = []
        elif FAULTS.name == "garbage":
            keys = [(code, value) for code in (183, 240, 464, 30, 42) for value in (UP, 2, UP)]
        elif FAULTS.name == "half-frame":
            keys = keys[: len(keys) // 2]
        for number, (code, value) in enumerate(keys):
            if FAULTS.name == "lost" and number == len(keys) // 2:
                self.device.send((SYN, SYN_DROPPED, 0))
            self.device.key(code, value)
            time.sleep(0.05 if FAULTS.name == "slow" else self.options.gap)
        return {"keys": len(keys)}

    def keys(self, words: list[str]) -> dict[str, Any]:
        """`keys CODE:VALUE…`"""
        for word in words:
            code, _, value = word.partition(":")
            self.device.key(int(code), int(value))
        return {"keys": len(words)}

    def fault(self, words: list[str]) -> dict[str, Any]:
        """`fault NAME|none`"""
        answer = FAULTS.set(words)
        self.device.refuse_grab = FAULTS.name == "busy"
        (self.device.unplug if FAULTS.name == "drop" else self.device.plug)([])
        return answer

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`"""
        device = self.device
        return {"fault": FAULTS.name, "plugged": device.plugged, "grabbed": device.grabbed, "grabs": device.grabs}


def main() -> None:
    """Run the simulator."""
    options = parser(__doc__ or "", FAULTS)
    options.add_argument("--end", choices=ENDS, default="enter")
    options.add_argument("--others", choices=("unicode", "gbk", "gbk-bytes", "utf8-bytes"), default="unicode")
    options.add_argument("--caps", action="store_true", help="the scanner switches caps lock on for each code")
    options.add_argument("--keypad", action="store_true", help="digits come from the keypad")
    options.add_argument("--gap", type=float, default=0.001, help="seconds between two keys")
    chosen = options.parse_args()
    start_in_testbed("drivers.simulators.wedge")
    device = InputTestbed("Invented Scanner 2D", 0x1D5A, 0x0C05)
    wedge = Wedge(device, chosen)
    wedge.fault([chosen.fault])
    handlers = {
        "scan": wedge.scan, "type": wedge.type, "keys": wedge.keys, "plug": device.plug, "unplug": device.unplug,
        "fault": wedge.fault, "state": wedge.state,
    }  # fmt: skip
    address = f"evdev:{device.vendor:04x}:{device.product:04x}"
    serve("wedge", handlers, chosen.with_parent, port=device.link, address=address, name=device.name,
          environment=device.environment)  # fmt: skip


if __name__ == "__main__":
    main()
