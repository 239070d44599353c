"""For technicians and inspectors:

    python -m kiosk.documents scan IMAGE... --out FILE.pdf [--json]
    python -m kiosk.documents verify-code TEXT --key HEX [--key ID=HEX]... [--json]
    python -m kiosk.documents verify-pdf FILE --trust CERT [--trust CERT]... [--json]
    python -m kiosk.documents verify-package FILE --key [ID=]HEX [--key [ID=]HEX]... [--json]

Exit 0 done or genuine, 1 refused with the reason, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2

from contract.signed_pdf import LARGEST, NotGenuine, authority, verify
from kiosk.documents.codes import verify_code
from kiosk.documents.errors import CodeError, PackageError
from kiosk.documents.packages import verify_package
from kiosk.documents.pdf import pages_to_pdf
from kiosk.documents.scan_results import ScanRefused
from kiosk.documents.scanned_page import scan


def main() -> int:
    """Run one command; the exit status is the answer."""
    parser = argparse.ArgumentParser(
        prog="python -m kiosk.documents", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    scanning = commands.add_parser("scan", help="pictures of pages into one PDF")
    scanning.add_argument("images", nargs="+", type=Path)
    scanning.add_argument("--out", type=Path, required=True)
    checking = commands.add_parser("verify-code", help="is the code on this paper genuine?")
    checking.add_argument("text")
    signed = commands.add_parser("verify-pdf", help="who signed this PDF, when, and is it unchanged?")
    signed.add_argument("file", type=Path)
    signed.add_argument("--trust", action="append", required=True, type=Path, metavar="CERT", help="an authority's PEM")
    package = commands.add_parser("verify-package", help="is this archive of a case whole and genuine?")
    package.add_argument("file", type=Path)
    for each in (checking, package):
        about = "public key of the platform; without an id it stands for any"
        each.add_argument("--key", action="append", required=True, metavar="[ID=]HEX", type=_key, help=about)
    for each in (scanning, checking, signed, package):
        each.add_argument("--json", action="store_true")
    options = parser.parse_args()
    run = {"scan": _scan, "verify-code": _verify, "verify-pdf": _verify_pdf, "verify-package": _verify_package}
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


def _verify(options: argparse.Namespace) -> tuple[bool, dict[str, Any]]:
    reasons = []
    for key_id, key in options.key:
        try:
            return True, asdict(verify_code(options.text, _keys(key_id, key)))
        except CodeError as error:
            reasons.append(error.reason)
    # Of several keys, the one that was the signer's says most.
    return False, {"reason": next((reason for reason in reasons if reason != "unknown-key"), "unknown-key")}


def _verify_pdf(options: argparse.Namespace) -> tuple[bool, dict[str, Any]]:
    try:
        trusted = [authority(path.read_bytes()) for path in options.trust]
        with options.file.open("rb") as file:
            document = file.read(LARGEST + 1)
        signatures = verify(document, trusted)
    except NotGenuine as error:
        return False, {"reason": error.reason, "changed": error.reason in ("altered", "changed-after")}
    except OSError:
        return False, {"reason": "unreadable"}
    except ValueError:
        return False, {"reason": "not-a-certificate"}
    # the moment is the signer's word: level B-B has no time stamp of somebody else
    return True, {"covers_whole_document": True, "changed": False, "signatures": [asdict(each) for each in signatures]}


def _verify_package(options: argparse.Namespace) -> tuple[bool, dict[str, Any]]:
    refusals: list[PackageError] = []
    for key_id, key in options.key:
        try:
            manifest = verify_package(options.file, _keys(key_id, key))
        except PackageError as error:
            refusals.append(error)
        except OSError:
            return False, {"reason": "unreadable", "file": ""}
        else:
            return True, manifest.model_dump(mode="json")
    refused = next((each for each in refusals if each.reason != "unknown-key"), refusals[0])
    return False, {"reason": refused.reason, "file": refused.file}


def _keys(key_id: str | None, key: bytes) -> Mapping[str, bytes]:
    """One key under its id, or under every id where it has none."""
    return defaultdict(lambda: key) if key_id is None else {key_id: key}


def _key(text: str) -> tuple[str | None, bytes]:
    key_id, _, digits = text.rpartition("=")
    key = bytes.fromhex(digits)
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    return key_id or None, key


if __name__ == "__main__":
    sys.exit(main())
