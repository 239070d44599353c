"""For technicians: python -m drivers.id_card status|read|watch --port PORT [--json] [--timeout SECONDS]

    status   how the reader is, and the number of its SAM
    read     wait for one card and say what it says
    watch    say each thing that happens, without what stands on a card, until the time is over

PORT: /dev/ttyS0, serial:/dev/ttyS0?baudrate=9600, usb:0400:c35a, hid:0400:c35a, hid:/dev/hidraw0.
Exit 0 done, 1 device fault or no card in time, 2 wrong use.
"""

from __future__ import annotations

import argparse
import contextlib
import queue
import sys
import time
from dataclasses import asdict
from typing import Any

from drivers.command_line import DONE, FAULT, WRONG_USE, json_option, parser, say, say_status, seconds
from drivers.errors import ConfigError
from drivers.id_card import CardEvent, CardFailed, CardRead, IdCard, IdCardReader, StatusChanged

# The port cannot be opened: waiting for a card is no use.
_NOT_OPEN = ("gone", "in-use", "not-allowed", ConfigError.code)
# A reader in trouble is asked again and reset, which takes no longer than this, and then no card will help.
_TROUBLE_WITHIN = 5.0
_BLOCKS = ("photo", "fingerprint", "picture")


def _card(card: IdCard) -> dict[str, Any]:
    values = {field: value for field, value in asdict(card).items() if field not in _BLOCKS}
    for field in ("birth", "valid_from", "valid_to"):
        values[field] = values[field].isoformat() if values[field] else None
    return values | {
        "current_address": card.current_address,
        "number_checks": card.number_checks,
        "photo_bytes": len(card.photo),
        "fingerprint_bytes": len(card.fingerprint),
        "picture_bytes": len(card.picture or b""),
    }


def _read(reader: IdCardReader, timeout: float, as_json: bool) -> int:
    events: queue.Queue[CardEvent] = queue.Queue()
    reader.start(events.put)
    deadline = end = time.monotonic() + timeout
    try:
        while (left := deadline - time.monotonic()) > 0:
            try:
                event = events.get(timeout=left)
            except queue.Empty:
                break
            match event:
                case CardRead():
                    card = _card(event.card)
                    say({"result": "read", "card": card} if as_json else card, as_json)
                    return DONE
                case CardFailed():
                    more = {"sw": event.sw} if event.sw else {}
                    say({"result": "failed", "reason": event.reason, "detail": event.code, **more}, as_json)
                    return FAULT
                case StatusChanged() if event.status.detail in _NOT_OPEN:
                    break
                case StatusChanged() if event.status.usable:
                    deadline = end
                case StatusChanged():
                    deadline = min(deadline, time.monotonic() + _TROUBLE_WITHIN)
        status = reader.status
        result = "no-card" if status.usable else "fault"
        say({"result": result, "device": status.device.value, "detail": status.detail}, as_json)
        return WRONG_USE if status.detail == ConfigError.code else FAULT
    finally:
        reader.stop()


def _watch(reader: IdCardReader, timeout: float, as_json: bool) -> int:
    events: queue.Queue[CardEvent] = queue.Queue()
    reader.start(events.put)
    deadline = time.monotonic() + timeout
    try:
        while (left := deadline - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                event = events.get(timeout=left)
                more: dict[str, Any] = {}
                if isinstance(event, CardFailed):
                    more = {"reason": event.reason, "detail": event.code, "sw": event.sw}
                if isinstance(event, StatusChanged):
                    more = {"device": event.status.device.value, "detail": event.status.detail}
                say({"event": type(event).__name__, **more}, as_json)
    except KeyboardInterrupt:
        pass
    finally:
        usable = reader.status.usable
        reader.stop()
    return DONE if usable else FAULT


def _options() -> argparse.Namespace:
    options = parser("id_card", __doc__)
    options.add_argument("command", choices=("status", "read", "watch"))
    options.add_argument("--port", required=True, help="where the reader is")
    options.add_argument("--baudrate", type=int, default=115200, help="of a serial line")
    options.add_argument("--timeout", type=seconds, default=30.0, help="seconds to wait (30)")
    options.add_argument("--fingerprint", action="store_true", help="ask for the fingerprint; only its length is said")
    options.add_argument("--photo-decoder", default="", help="a program or module:attribute")
    json_option(options)
    return options.parse_args()


def main() -> int:
    """Run the command line."""
    options = _options()
    try:
        reader = IdCardReader(
            options.port, options.baudrate, photo_decoder=options.photo_decoder, fingerprint=options.fingerprint
        )
        if options.command == "read":
            return _read(reader, options.timeout, options.json)
        if options.command == "watch":
            return _watch(reader, options.timeout, options.json)
        status = reader.check()
        told = say_status(status, options.json, sam=reader.sam_number)
        return WRONG_USE if status.detail == ConfigError.code else told
    except ConfigError as error:
        say({"result": "wrong-use", "reason": error.code, "detail": error.detail}, options.json)
        return WRONG_USE
    except KeyboardInterrupt:
        return FAULT


if __name__ == "__main__":
    sys.exit(main())
