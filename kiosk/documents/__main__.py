"""For technicians and inspectors:

    python -m kiosk.documents scan IMAGE... --out FILE.pdf [--mode colour|grey|bw] [--title TITLE] [--no-text] [--json]
    python -m kiosk.documents read KIND IMAGE [--json]
    python -m kiosk.documents verify-code TEXT (--release DIR | --key HEX [--key ID=HEX]...) [--json]
    python -m kiosk.documents verify-seal FILE --release DIR [--json]
    python -m kiosk.documents verify-pdf FILE --trust CERT [--trust CERT]... [--json]
    python -m kiosk.documents verify-package FILE --key [ID=]HEX [--key [ID=]HEX]... [--json]

Exit 0 done or genuine, 1 refused with the reason, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2

from kiosk.documents.page_detection import find_page
from kiosk.documents.page_text import PageText
from kiosk.documents.pdf import pages_to_pdf
from kiosk.documents.reading import PaperKind, read_paper
from kiosk.documents.scan_results import ColourMode, ScannedPage, ScanRefused
from kiosk.documents.scanned_page import scan
from kiosk.documents.text_reader import TextReader
from kiosk.documents.verify_commands import (
    code_arguments,
    package_arguments,
    pdf_arguments,
    seal_arguments,
    verify_archive,
    verify_seal,
    verify_signed,
    verify_text,
)


def main() -> int:
    """Run one command; the exit status is the answer."""
    parser = argparse.ArgumentParser(
        prog="python -m kiosk.documents", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    scanning = commands.add_parser("scan", help="pictures of pages into one PDF")
    scanning.add_argument("images", nargs="+", type=Path)
    scanning.add_argument("--out", type=Path, required=True)
    scanning.add_argument("--mode", choices=[mode.value for mode in ColourMode], default=ColourMode.COLOUR)
    scanning.add_argument("--title", default="", help="what viewers show: the kind of paper")
    scanning.add_argument("--no-text", action="store_true", help="without reading the pages: no text layer")
    scanning.add_argument("--json", action="store_true")
    reading = commands.add_parser("read", help="the fields of one paper")
    reading.add_argument("kind", choices=[kind.value for kind in PaperKind])
    reading.add_argument("image", type=Path)
    reading.add_argument("--json", action="store_true")
    code_arguments(commands.add_parser("verify-code", help="is the code on this paper genuine?"))
    seal_arguments(commands.add_parser("verify-seal", help="is this PDF or OFD sealed by somebody the release trusts?"))
    pdf_arguments(commands.add_parser("verify-pdf", help="who signed this PDF, when, and is it unchanged?"))
    package_arguments(commands.add_parser("verify-package", help="is this archive of a case whole and genuine?"))
    options = parser.parse_args()
    run = {
        "scan": _scan,
        "read": _read,
        "verify-code": verify_text,
        "verify-seal": verify_seal,
        "verify-pdf": verify_signed,
        "verify-package": verify_archive,
    }
    done, values = run[options.command](options)
    print(
        json.dumps(values, ensure_ascii=False, default=str)
        if options.json
        else "\n".join(f"{key}: {value}" for key, value in values.items())
    )
    return 0 if done else 1


def _scan(options: argparse.Namespace) -> tuple[bool, dict[str, Any]]:
    pages, described = [], []
    for path in options.images:
        image = cv2.imread(str(path))
        if image is None:
            return False, {"image": str(path), "reason": "not-a-picture"}
        began = time.perf_counter()
        corners = find_page(image)
        found = time.perf_counter()
        result = scan(image, ColourMode(options.mode))
        finished = time.perf_counter()
        if isinstance(result, ScanRefused):
            faults = [asdict(fault) for fault in result.faults]
            return False, {"image": str(path), "reason": result.reason, "faults": faults}
        assert corners is not None
        pages.append(result)
        described.append(
            {
                "image": str(path),
                "corners": corners.round(1).tolist(),
                "quality": result.quality.as_json(),
                "width": result.width,
                "height": result.height,
                "milliseconds": {"find": _milliseconds(began, found), "scan": _milliseconds(found, finished)},
            }
        )
    texts = [] if options.no_text else _texts(pages, described)
    pdf = pages_to_pdf(pages, options.title, texts)
    options.out.write_bytes(pdf)
    return True, {"out": str(options.out), "bytes": len(pdf), "mode": str(options.mode), "pages": described}


def _texts(pages: list[ScannedPage], described: list[dict[str, Any]]) -> list[PageText | None]:
    """What stands on each page; what it took is added to its description."""
    reader, texts = TextReader(), list[PageText | None]()
    try:
        for page, description in zip(pages, described, strict=True):
            began = time.perf_counter()
            [text] = reader.read([page])
            description["milliseconds"]["read"] = _milliseconds(began, time.perf_counter())
            description["text"] = text.text if text else None
            texts.append(text)
    finally:
        reader.stop()
    return texts


def _milliseconds(began: float, ended: float) -> int:
    return round((ended - began) * 1000)


def _read(options: argparse.Namespace) -> tuple[bool, dict[str, Any]]:
    image = cv2.imread(str(options.image))
    if image is None:
        return False, {"image": str(options.image), "reason": "not-a-picture"}
    page = scan(image)
    if isinstance(page, ScanRefused):
        return False, {"image": str(options.image), "reason": page.reason}
    reader = TextReader()
    try:
        [text] = reader.read([page])
    finally:
        reader.stop()
    if text is None:
        return False, {"image": str(options.image), "reason": "worker-died"}
    read = read_paper(PaperKind(options.kind), text)
    return not read.unlike, read.as_json()


if __name__ == "__main__":
    sys.exit(main())
