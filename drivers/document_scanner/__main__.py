"""For technicians: python -m drivers.document_scanner list|status|capabilities|scan --device ADDRESS [--json]

    scan --device escl:http://192.0.2.9/eSCL --source feeder --resolution 300 --out FOLDER --json

ADDRESS is escl:http://host/eSCL, or a name of SANE as list shows it (test:0, fujitsu:…). scan writes one line a page;
--out is a folder, or the file of a single page. Exit 0 done, 1 device fault or an empty feeder, 2 wrong use.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from drivers.command_line import DONE, FAULT, json_option, parser, say, say_status, seconds
from drivers.document_scanner.device import DocumentScanner, found
from drivers.document_scanner.events import Page
from drivers.document_scanner.options import MODES, SOURCES
from drivers.errors import ConfigError, DriverError

_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png"}


def main() -> int:
    """Run the command line."""
    options = parser("document_scanner", __doc__)
    options.add_argument("command", choices=("list", "status", "capabilities", "scan"))
    options.add_argument("--device", help="where the scanner is; not for list")
    options.add_argument("--source", choices=SOURCES, default="flatbed")
    options.add_argument("--resolution", type=int, default=300, help="dots an inch")
    options.add_argument("--mode", choices=MODES, default="color")
    options.add_argument("--pages", type=int, default=0, help="at most; 0 is all that lie in the feeder")
    options.add_argument("--encoding", choices=("jpeg", "png"), default="")
    options.add_argument("--out", type=Path, help="a folder, or the file of the only page")
    options.add_argument("--timeout", type=seconds, default=60.0, help="seconds for one page, and for list and status")
    json_option(options)
    chosen = options.parse_args()
    if chosen.command != "list" and not chosen.device:
        options.error(f"{chosen.command} needs --device")
    try:
        if chosen.command == "list":
            for name, vendor, model, kind in found(min(chosen.timeout, 30.0)):
                say({"device": name, "vendor": vendor, "model": model, "type": kind}, chosen.json)
            return DONE
        wait = min(chosen.timeout, 10.0)
        scanner = DocumentScanner(chosen.device, chosen.resolution, chosen.mode, chosen.timeout, wait)
        if chosen.command == "status":
            return say_status(scanner.check(), chosen.json)
        if chosen.command == "capabilities":
            say(asdict(scanner.capabilities()), chosen.json)
            return DONE
        return _scan(scanner, options, chosen)
    except ConfigError as error:
        options.error(error.detail)
    except DriverError as error:
        say({"result": "failed", "reason": error.code, "detail": error.detail}, chosen.json)
    return FAULT


def _scan(scanner: DocumentScanner, options: argparse.ArgumentParser, chosen: argparse.Namespace) -> int:
    out: Path | None = chosen.out
    if out is None:
        options.error("scan needs --out")
    single = out.suffix.lower() in (".jpg", ".jpeg", ".png") and not out.is_dir()
    of_name = "png" if out.suffix.lower() == ".png" else "jpeg"
    encoding = chosen.encoding or (of_name if single else "")
    pages = 1 if single else chosen.pages
    try:
        (out.parent if single else out).mkdir(parents=True, exist_ok=True)
        for page in scanner.scan(chosen.source, pages=pages, encoding=encoding):
            path = out if single else _name(out, page)
            path.touch(mode=0o600)
            path.write_bytes(page.image)
            values = asdict(page) | {"path": str(path)}
            del values["image"]
            say(values, chosen.json)
    except OSError as error:
        options.error(f"cannot write: {type(error).__name__}")
    return DONE


def _name(folder: Path, page: Page) -> Path:
    return folder / f"page-{page.number:03d}{_ENDINGS[page.media_type]}"


if __name__ == "__main__":
    sys.exit(main())
