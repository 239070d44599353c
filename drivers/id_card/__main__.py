"""For technicians: python -m drivers.id_card status|read --port PORT [--json] [--timeout SECONDS]

read waits for one card. Exit 0 done, 1 device fault or no card in time, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import queue
import sys
import time
from dataclasses import asdict

from drivers.id_card import CardEvent, CardFailed, CardRead, IdCard, IdCardReader


def _card(card: IdCard) -> dict[str, str | int | None]:
    values = {field: value for field, value in asdict(card).items() if field != "photo"}
    for field in ("birth", "valid_from", "valid_to"):
        values[field] = values[field].isoformat() if values[field] else None
    return values | {"photo_bytes": len(card.photo)}


def _say(values: dict[str, object], as_json: bool) -> None:
    text = json.dumps(values, ensure_ascii=False) if as_json else "\n".join(f"{k}: {v}" for k, v in values.items())
    print(text, flush=True)


def _read(reader: IdCardReader, timeout: float, as_json: bool) -> int:
    events: queue.Queue[CardEvent] = queue.Queue()
    reader.start(events.put)
    deadline = time.monotonic() + timeout
    try:
        while (left := deadline - time.monotonic()) > 0:
            try:
                event = events.get(timeout=left)
            except queue.Empty:
                break
            if isinstance(event, CardRead):
                _say({"result": "read", "card": _card(event.card)}, as_json)
                return 0
            if isinstance(event, CardFailed):
                _say({"result": "failed", "reason": event.reason}, as_json)
                return 1
        status = reader.status
        _say({"result": "no-card", "device": status.device.value, "detail": status.detail}, as_json)
        return 1
    finally:
        reader.stop()


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m drivers.id_card", description=__doc__)
    parser.add_argument("command", choices=("status", "read"))
    parser.add_argument("--port", required=True)
    parser.add_argument("--baudrate", type=int, default=115200)
    parser.add_argument("--timeout", type=float, default=30.0, help="seconds to wait for a card")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    reader = IdCardReader(options.port, options.baudrate)
    if options.command == "read":
        return _read(reader, options.timeout, options.json)
    status = reader.check()
    _say(asdict(status), options.json)
    return 0 if status.usable else 1


if __name__ == "__main__":
    sys.exit(main())
