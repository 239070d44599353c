"""A keypad with tactile keys, as a USB keyboard.

Commands: press NAME (down and up), hold NAME SECONDS (with the kernel's repeats), keys CODE:VALUE…
(as the kernel numbers them), plug, unplug, state (grabbed: whether
a program holds the device for itself), fault NAME|none. Names: 0 to 9, enter, cancel, clear, backspace, help, up, down,
left, right, f1 to f8; or a key's number.
Faults: silence, drop (unplugged), busy (the grab is refused), garbage (keys a keypad does not have), stuck (a key goes
down and never up), lost (the kernel's buffer ran over while a key was down).
"""

from __future__ import annotations

import time
from typing import Any

from drivers.simulators.control import WrongCommand
from drivers.simulators.input_testbed import SYN, SYN_DROPPED, InputTestbed, start_in_testbed
from drivers.simulators.program import Faults, parser, serve

FAULTS = Faults(("silence", "drop", "busy", "garbage", "stuck", "lost"))
UP, DOWN, REPEAT = 0, 1, 2
# Linux repeats a key that stays down, first after 250 ms, then each 33 ms.
REPEAT_AFTER, REPEAT_EVERY = 0.25, 0.033
# linux/input-event-codes.h
KEYS = {
    "0": 82, "1": 79, "2": 80, "3": 81, "4": 75, "5": 76, "6": 77, "7": 71, "8": 72, "9": 73, "enter": 96, "cancel": 1,
    "clear": 111, "backspace": 14, "help": 138, "up": 103, "down": 108, "left": 105, "right": 106,
} | {f"f{number}": 58 + number for number in range(1, 9)}  # fmt: skip


class Keypad:
    """The keypad and its commands."""

    def __init__(self, device: InputTestbed) -> None:
        self.device = device

    def press(self, words: list[str]) -> dict[str, Any]:
        """`press NAME`"""
        return self.hold([*words, "0.02"])

    def hold(self, words: list[str]) -> dict[str, Any]:
        """`hold NAME SECONDS`"""
        if len(words) != 2 or not (words[0] in KEYS or words[0].isdigit()):
            raise WrongCommand("press NAME or hold NAME SECONDS")
        code, seconds = KEYS.get(words[0]) or int(words[0]), float(words[1])
        if FAULTS.name == "silence":
            return {"key": 0}
        if FAULTS.name == "garbage":
            for odd in (240, 464, 700):
                self.device.key(odd, DOWN)
                self.device.key(odd, UP)
            self.device.key(code, UP)
            return {"key": 0}
        self.device.key(code, DOWN)
        if FAULTS.name == "lost":
            self.device.send((SYN, SYN_DROPPED, 0))
        elif FAULTS.name != "stuck":
            end, due = time.monotonic() + seconds, REPEAT_AFTER
            while (left := end - time.monotonic()) > 0:
                time.sleep(min(left, due))
                if left > due:
                    self.device.key(code, REPEAT)
                due = REPEAT_EVERY
            self.device.key(code, UP)
        return {"key": code}

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
    chosen = parser(__doc__ or "", FAULTS).parse_args()
    start_in_testbed("drivers.simulators.keypad")
    device = InputTestbed("Invented Keypad 16", 0x1D5A, 0x0C16)
    keypad = Keypad(device)
    keypad.fault([chosen.fault])
    handlers = {
        "press": keypad.press, "hold": keypad.hold, "keys": keypad.keys, "plug": device.plug, "unplug": device.unplug,
        "fault": keypad.fault, "state": keypad.state,
    }  # fmt: skip
    address = f"evdev:{device.vendor:04x}:{device.product:04x}"
    serve("keypad", handlers, chosen.with_parent, port=device.link, address=address, name=device.name,
          environment=device.environment)  # fmt: skip


if __name__ == "__main__":
    main()
