"""For technicians and inspectors:

    python -m kiosk.documents scan IMAGE... --out FILE.pdf [--json]
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
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2

from kiosk.documents.pdf import pages_to_pdf
from kiosk.documents.scan_results import ScanRefused
from kiosk.documents.scanned_page import scan
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
    scanning.add_argument("--json", action="store_true")
    code_arguments(commands.add_parser("verify-code", help="is the code on this paper genuine?"))
    seal_arguments(commands.add_parser("verify-seal", help="is this PDF or OFD sealed by somebody the release trusts?"))
    pdf_arguments(commands.add_parser("verify-pdf", help="who signed this PDF, when, and is it unchanged?"))
    package_arguments(commands.add_parser("verify-package", help="is this archive of a case whole and genuine?"))
    options = parser.parse_args()
    run = {
        "scan": _scan,
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
    pages = []
    for path in options.images:
        image = cv2.imread(str(path))
        if image is None:
            return False, {"image": str(path), "reason": "not-a-picture"}
        result = scan(image)
        if isinstance(result, ScanRefused):
            return False, {"image": str(path), "reason": result.reason}
        pages.append(result)
    options.out.write_bytes(pages_to_pdf([page.jpeg for page in pages]))
    described = [{"width": page.width, "height": page.height, **asdict(page.quality)} for page in pages]
    return True, {"out": str(options.out), "pages": described}


if __name__ == "__main__":
    sys.exit(main())
