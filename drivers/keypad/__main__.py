"""For technicians: python -m drivers.keypad status|read --address ADDRESS [--json] [--timeout SECONDS]

read prints each key until the time is over: {"event": "pressed"|"repeated"|"held", "key"} or {"event": "status", …}.
Exit 0 done, 1 device fault or no key in time, 2 wrong use.
"""

from __future__ import annotations

import queue
import sys
import time

from drivers.command_line import DONE, FAULT, WRONG_USE, json_option, parser, say, say_status, seconds
from drivers.errors import ConfigError
from drivers.keypad import KeyHeld, Keypad, KeypadEvent, KeyPressed, KeyRepeated, StatusChanged

_WORDS = {KeyPressed: "pressed", KeyRepeated: "repeated", KeyHeld: "held"}


def _read(keypad: Keypad, timeout: float, count: int, as_json: bool) -> int:
    events: queue.Queue[KeypadEvent] = queue.Queue()
    keypad.start(events.put)
    deadline, pressed = time.monotonic() + timeout, 0
    try:
        while (left := deadline - time.monotonic()) > 0 and not 0 < count <= pressed:
            try:
                event = events.get(timeout=left)
            except queue.Empty:
                break
            if isinstance(event, StatusChanged):
                say({"event": "status", "device": event.status.device.value, "detail": event.status.detail}, as_json)
            else:
                pressed += isinstance(event, KeyPressed)
                say({"event": _WORDS[type(event)], "key": event.key}, as_json)
        if not pressed:
            status = keypad.status
            say({"result": "no-key", "device": status.device.value, "detail": status.detail}, as_json)
        return DONE if pressed else FAULT
    except KeyboardInterrupt:
        return DONE if pressed else FAULT
    finally:
        keypad.stop()


def main() -> int:
    """Run the command line."""
    options = parser("keypad", __doc__)
    commands = options.add_subparsers(dest="command", required=True)
    for name in ("status", "read"):
        command = commands.add_parser(name)
        command.add_argument(
            "--address", "--source", required=True, help="evdev:PATH, evdev:VENDOR:PRODUCT, evdev:NAME"
        )
        command.add_argument("--timeout", type=seconds, default=30.0, help="seconds to wait for keys")
        json_option(command)
    commands.choices["read"].add_argument("--count", type=int, default=0, help="end after so many presses; 0: all")
    chosen = options.parse_args()
    try:
        keypad = Keypad(chosen.address)
    except ConfigError as error:
        say({"result": "failed", "reason": error.code, "detail": error.detail}, chosen.json)
        return WRONG_USE
    if chosen.command == "read":
        return _read(keypad, chosen.timeout, chosen.count, chosen.json)
    return say_status(keypad.check(), chosen.json)


if __name__ == "__main__":
    sys.exit(main())
