"""For technicians: python -m drivers.page_printer status|capabilities|print --uri IPP_URI [--json]

    print --uri ipp://192.0.2.8/ipp/print FILE [--copies 2] [--sides two-sided-long-edge] [--tray main] [--color color]

print sends FILE (PDF, JPEG, PNG or text) straight to the printer; with --queue it goes through CUPS, as on a terminal
that has a queue. Exit 0 done (a print: the printer said that it is completed), 1 device fault, refused or uncertain,
2 wrong use.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from drivers.command_line import DONE, FAULT, json_option, parser, say, say_status, seconds
from drivers.errors import ConfigError, DriverError
from drivers.page_printer.capabilities import SIDES
from drivers.page_printer.device import PagePrinter
from drivers.page_printer.documents import as_pdf


def main() -> int:
    """Run the command line."""
    options = parser("page_printer", __doc__)
    options.add_argument("command", choices=("status", "capabilities", "print"))
    options.add_argument("--uri", required=True, help="the printer itself: ipp://host:port/ipp/print")
    options.add_argument("--queue", default="", help="print through this queue of CUPS")
    options.add_argument("--server", default="", help="the print server, host:port or a socket's path")
    options.add_argument("--copies", type=int, default=1)
    options.add_argument("--sides", default="", choices=("", *SIDES), metavar="|".join(SIDES))
    options.add_argument("--tray", default="", help="a media-source, as capabilities names them")
    options.add_argument("--color", default="", help="a print-color-mode: color, monochrome, …")
    options.add_argument("--low-at", action="append", default=[], metavar="toner=15", help="percent; may be repeated")
    options.add_argument("--timeout", type=seconds, default=60.0, help="seconds a job may take")
    json_option(options)
    options.add_argument("file", nargs="?", type=Path)
    chosen = options.parse_intermixed_args()
    try:
        low_at = {name: int(percent) for name, _, percent in (word.partition("=") for word in chosen.low_at)}
        queue = chosen.queue or ("A4" if chosen.server else "")
        printer = PagePrinter(queue, chosen.server, chosen.uri, min(5.0, chosen.timeout), low_at, chosen.tray)
    except (ConfigError, ValueError) as error:
        options.error(error.detail if isinstance(error, ConfigError) else "--low-at takes name=percent")
    match chosen.command:
        case "status":
            report = printer.report()
            return say_status(report.status, chosen.json, reasons=report.reasons)
        case "capabilities":
            try:
                say(asdict(printer.capabilities()), chosen.json)
            except DriverError as error:
                say({"result": "failed", "reason": error.code, "detail": error.detail}, chosen.json)
                return FAULT
            return DONE
    return _print(printer, options, chosen)


def _print(printer: PagePrinter, options: argparse.ArgumentParser, chosen: argparse.Namespace) -> int:
    if chosen.file is None:
        options.error("print needs a FILE")
    try:
        document = chosen.file.read_bytes()
    except OSError as error:
        options.error(f"cannot read the file: {type(error).__name__}")
    try:
        pdf = as_pdf(document, chosen.timeout)
    except DriverError as error:
        say({"result": "failed", "reason": error.code, "detail": error.detail}, chosen.json)
        return FAULT
    outcome = printer.print(
        pdf,
        timeout=chosen.timeout,
        copies=chosen.copies,
        sides=chosen.sides,
        tray=chosen.tray,
        color_mode=chosen.color,
    )
    say(asdict(outcome), chosen.json)
    return DONE if outcome.result == "confirmed" else FAULT


if __name__ == "__main__":
    sys.exit(main())
