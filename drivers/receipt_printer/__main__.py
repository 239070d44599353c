"""For technicians: python -m drivers.receipt_printer status|print --to tcp://HOST:PORT [FILE.txt] [--json]

print takes a text file: "# x" a heading, "---" a rule, "label：value" or "label: value" a field, "[QR: x]"
a QR code. Exit 0 done (a print: confirmed), 1 device fault or uncertain, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import asdict
from pathlib import Path

from drivers.errors import ConfigError
from drivers.receipt_printer.device import ReceiptPrinter
from drivers.receipt_printer.document import Feed, Field, Heading, Line, Qr, Receipt, Rule, Text


def _line(text: str) -> Line:
    if text.startswith("# "):
        return Heading(text[2:])
    if re.fullmatch(r"-{3,}", text):
        return Rule()
    if found := re.fullmatch(r"\[QR: (.+)\]", text):
        return Qr(found[1])
    if found := re.fullmatch(r"([^：:]{1,10})(?:：|: )\s*(.+)", text):
        return Field(found[1], found[2])
    return Text(text) if text.strip() else Feed(1)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m drivers.receipt_printer", description=__doc__)
    parser.add_argument("command", choices=("status", "print"))
    parser.add_argument("--to", required=True, metavar="tcp://HOST:PORT")
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--timeout", type=float, default=5.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_intermixed_args()
    try:
        printer = ReceiptPrinter(options.to, options.timeout)
    except ConfigError as error:
        parser.error(error.detail)
    if options.command == "status":
        status = printer.status()
        values, done = asdict(status), status.usable
    else:
        if options.file is None:
            parser.error("print needs a FILE")
        try:
            lines = options.file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            parser.error(f"cannot read the file: {type(error).__name__}")
        outcome = printer.print(Receipt([_line(line) for line in lines]))
        values, done = asdict(outcome), outcome.result == "confirmed"
    print(json.dumps(values) if options.json else "\n".join(f"{k}: {v}" for k, v in values.items()))
    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
