"""Asks an IPP printer how it is and prints the answer as JSON: `python ask.py URI`.

A program of its own because libcups has no timeout: whoever started it can end it. It imports nothing of this house,
so that it starts in 30 ms.
"""

from __future__ import annotations

import json
import sys
from urllib.parse import urlsplit

import cups

ATTRIBUTES = ["printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "queued-job-count"]


def main() -> int:
    """Exit 0 with the answer on standard output, 1 when the printer cannot be asked."""
    uri = sys.argv[1]
    parts = urlsplit(uri)
    encryption = cups.HTTP_ENCRYPT_ALWAYS if parts.scheme == "ipps" else cups.HTTP_ENCRYPT_IF_REQUESTED
    try:
        printer = cups.Connection(host=parts.hostname or "localhost", port=parts.port or 631, encryption=encryption)
        said = printer.getPrinterAttributes(uri=uri, requested_attributes=ATTRIBUTES)
    except (cups.IPPError, RuntimeError):
        return 1
    json.dump({name: said.get(name) for name in ATTRIBUTES}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
