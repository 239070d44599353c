"""For technicians: python -m drivers.smart_card status|read [--reader NAME] [--timeout SECONDS] [--json]

read reads the card that is in the reader, or waits for one. A bank card's number is masked, always.
NAME is a part of the reader's PC/SC name. Exit 0 done, 1 device fault or no card in time, 2 wrong use.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import time

from drivers.command_line import DONE, FAULT, json_option, parser, say, say_status, seconds
from drivers.smart_card import CardFailed, CardRead, SmartCardEvent, SmartCardReader, StatusChanged
from drivers.smart_card.cards import to_values
from drivers.smart_card.device import CHECK_WITHIN
from drivers.status import DeviceState

# pcscd or a reader that is not there, and not there after this either, will read no card.
_ABSENT_WITHIN = 3.0


def _read(reader: SmartCardReader, timeout: float, as_json: bool) -> int:
    events: queue.Queue[SmartCardEvent] = queue.Queue()
    reader.start(events.put)
    deadline = end = time.monotonic() + timeout
    try:
        while (left := deadline - time.monotonic()) > 0:
            try:
                event = events.get(timeout=left)
            except queue.Empty:
                break
            if isinstance(event, CardRead):
                values = to_values(event.card)
                say({"result": "read", "card": values} if as_json else {"result": "read", **values}, as_json)
                return DONE
            if isinstance(event, CardFailed):
                say({"result": "failed", "reason": event.reason}, as_json)
                return FAULT
            if isinstance(event, StatusChanged):
                absent = event.status.device is DeviceState.OFFLINE
                deadline = min(end, time.monotonic() + _ABSENT_WITHIN) if absent else end
        status = reader.status
        result = "no-card" if status.device is DeviceState.ONLINE else "failed"
        say({"result": result, "reason": status.detail or None, "device": status.device.value}, as_json)
        return FAULT
    finally:
        reader.stop()


def _watch(reader: str, after_failure: bool) -> int:
    """The worker of device.py."""
    from drivers.smart_card.watch import Watch, listen

    watch = Watch(reader, after_failure)
    threading.Thread(target=listen, args=(watch,), daemon=True).start()
    with contextlib.suppress(BrokenPipeError):
        watch.run()
    os._exit(DONE)  # nothing is left to flush, and the pipe may be gone


def main() -> int:
    """Run the command line."""
    line = parser("smart_card", __doc__)
    commands = line.add_subparsers(dest="command", required=True)
    for name, timeout in (("status", CHECK_WITHIN), ("read", 30.0), ("watch", 0.0)):
        command = commands.add_parser(name)
        command.add_argument("--reader", default="", metavar="NAME", help="a part of the reader's name; any without")
        if timeout:
            command.add_argument("--timeout", type=seconds, default=timeout, metavar="SECONDS")
            json_option(command)
        else:
            command.add_argument("--after-failure", action="store_true", help="the card that is there has failed")
    options = line.parse_args()
    try:
        if options.command == "watch":
            return _watch(options.reader, options.after_failure)
        reader = SmartCardReader(options.reader)
        if options.command == "read":
            return _read(reader, options.timeout, options.json)
        return say_status(reader.check(options.timeout), options.json)
    except KeyboardInterrupt:
        return FAULT


if __name__ == "__main__":
    sys.exit(main())
