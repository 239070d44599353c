"""For technicians: python -m drivers.receipt_printer status|print|watch|models [--to ADDRESS] [FILE] [--json]

ADDRESS is tcp://HOST:PORT, serial:/dev/ttyS0?baudrate=9600, usb:0483:5743 or file:/dev/usb/lp0. print takes a text file
(UTF-8 or GB18030), "-" for standard input: "# x" a heading, "---" a rule, "[QR: x]" a QR code, all else as it stands
there. watch tells each change of status for --seconds. Exit 0 done (a print: confirmed, as far as the
model can), 1 device fault or uncertain, 2 wrong use.
"""

from __future__ import annotations

import contextlib
import sys
import time
from dataclasses import asdict
from pathlib import Path

from drivers.command_line import DONE, FAULT, WRONG_USE, json_option, parser, say, say_status, seconds
from drivers.errors import ConfigError
from drivers.receipt_printer.device import PRINT_TIME, ReceiptPrinter
from drivers.receipt_printer.events import Event
from drivers.receipt_printer.profile import DEFAULT, models, profile
from drivers.receipt_printer.text_file import read_receipt

_FAR_TOO_LONG = 1_000_000  # bytes; a receipt has a few hundred


def _print(printer: ReceiptPrinter, file: Path, as_json: bool) -> int:
    try:
        if str(file) == "-":
            data = sys.stdin.buffer.read(_FAR_TOO_LONG + 1)
        else:
            with file.open("rb") as opened:
                data = opened.read(_FAR_TOO_LONG + 1)
        if len(data) > _FAR_TOO_LONG:
            raise ValueError("the file is no receipt: too long")
        outcome = printer.print(read_receipt(data))
    except (OSError, ValueError) as error:
        detail = error.strerror if isinstance(error, OSError) else str(error)
        say({"result": "failed", "reason": "file", "detail": detail}, as_json)
        return WRONG_USE
    say(asdict(outcome), as_json)
    return DONE if outcome.result == "confirmed" else FAULT


def _watch(printer: ReceiptPrinter, seconds: float, as_json: bool) -> int:
    def on_event(event: Event) -> None:
        say({"event": type(event).__name__, **asdict(event.status)}, as_json)

    printer.start(on_event)
    with contextlib.suppress(KeyboardInterrupt):
        time.sleep(seconds)
    printer.stop()
    return DONE if printer.last_status.usable else FAULT


def main() -> int:
    """Run the command line."""
    options = parser("receipt_printer", __doc__)
    options.add_argument("command", choices=("status", "print", "watch", "models"))
    options.add_argument("--to", metavar="ADDRESS")
    options.add_argument("--model", default=DEFAULT, metavar="MODEL", help=f"one of {', '.join(models())}")
    options.add_argument("file", nargs="?", type=Path)
    options.add_argument("--timeout", type=seconds, default=5.0, help="of each answer, seconds (5)")
    options.add_argument("--print-time", type=seconds, default=PRINT_TIME, help="of the printing, seconds (10)")
    options.add_argument("--seconds", type=float, default=10.0, help="how long watch watches (10)")
    json_option(options)
    chosen = options.parse_intermixed_args()
    if chosen.command == "models":
        for name in models():
            say(asdict(profile(name)), chosen.json)
        return DONE
    if not chosen.to:
        options.error("--to is needed")
    if min(chosen.timeout, chosen.print_time) <= 0 or chosen.seconds < 0:
        options.error("times are above 0")
    try:
        printer = ReceiptPrinter(chosen.to, chosen.model, chosen.timeout, chosen.print_time)
    except ConfigError as error:
        options.error(error.detail)
    if chosen.command == "watch":
        return _watch(printer, chosen.seconds, chosen.json)
    if chosen.command == "status":
        return say_status(printer.status(), chosen.json)
    if chosen.file is None:
        options.error("print needs a FILE")
    return _print(printer, chosen.file, chosen.json)


if __name__ == "__main__":
    sys.exit(main())
