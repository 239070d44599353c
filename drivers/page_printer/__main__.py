"""For technicians: python -m drivers.page_printer status|print --uri IPP_URI [--json]
[--server HOST:PORT --queue A4 FILE.pdf]

print goes through the queue, as on the terminal.
Exit 0 done (a print: confirmed), 1 device fault or uncertain, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from drivers.page_printer.device import PagePrinter


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m drivers.page_printer", description=__doc__)
    parser.add_argument("command", choices=("status", "print"))
    parser.add_argument("--uri", required=True, help="the printer itself: ipp://host:port/ipp/print")
    parser.add_argument("--server", default="localhost:631", help="the print server, host:port or a socket's path")
    parser.add_argument("--queue", default="A4")
    parser.add_argument("--timeout", type=float, default=60.0)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("file", nargs="?", type=Path)
    options = parser.parse_intermixed_args()
    printer = PagePrinter(options.queue, options.server, options.uri)
    if options.command == "status":
        status = printer.status()
        values, done = asdict(status), status.usable
    else:
        if options.file is None:
            parser.error("print needs a FILE")
        try:
            pdf = options.file.read_bytes()
        except OSError as error:
            parser.error(f"cannot read the file: {type(error).__name__}")
        outcome = printer.print(pdf, timeout=options.timeout)
        values, done = asdict(outcome), outcome.result == "confirmed"
    print(json.dumps(values) if options.json else "\n".join(f"{k}: {v}" for k, v in values.items()))
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
