"""What technicians and inspectors ask on the command line: is this seal good, is this code genuine?"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from contract import signed_pdf
from contract.releases import Release
from contract.signed_pdf import NotGenuine, authority
from kiosk.documents.codes import verify_code
from kiosk.documents.errors import CodeError, PackageError
from kiosk.documents.packages import verify_package
from kiosk.documents.seals.checking import LARGEST, check
from kiosk.documents.seals.results import SealRefused
from kiosk.documents.seals.trust import TrustList
from kiosk.words import say

Result = tuple[bool, dict[str, Any]]


def seal_arguments(parser: argparse.ArgumentParser) -> None:
    """Of `verify-seal`."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--release", type=release, required=True, metavar="DIR", help="an installed release")
    parser.add_argument("--json", action="store_true")


def code_arguments(parser: argparse.ArgumentParser) -> None:
    """Of `verify-code`."""
    parser.add_argument("text")
    keys = parser.add_mutually_exclusive_group(required=True)
    _key_argument(keys)
    keys.add_argument("--release", type=release, metavar="DIR", help="an installed release: its keys")
    parser.add_argument("--json", action="store_true")


def pdf_arguments(parser: argparse.ArgumentParser) -> None:
    """Of `verify-pdf`."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--trust", action="append", required=True, type=Path, metavar="CERT", help="an authority's PEM")
    parser.add_argument("--json", action="store_true")


def package_arguments(parser: argparse.ArgumentParser) -> None:
    """Of `verify-package`."""
    parser.add_argument("file", type=Path)
    _key_argument(parser, required=True)
    parser.add_argument("--json", action="store_true")


def _key_argument(parser: argparse._ActionsContainer, required: bool = False) -> None:
    about = "public key of the platform; without an id it stands for any"
    parser.add_argument("--key", action="append", required=required, metavar="[ID=]HEX", type=_key, help=about)


def verify_seal(options: argparse.Namespace) -> Result:
    """Whether the document's every seal is good, who set them, and whether a terminal would print it."""
    try:
        with options.file.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        return False, {"file": str(options.file), "reason": "not-readable", "detail": type(error).__name__}
    checked = check(content, TrustList.of(options.release.seal_authorities), datetime.now(UTC))
    if isinstance(checked, SealRefused):
        words = say(f"seal.{checked.reason.replace('-', '_')}")
        said = {"reason": checked.reason, "detail": checked.detail, "words": words}
        return False, {"file": str(options.file), **said}
    return True, {
        "file": str(options.file),
        "kind": checked.kind,
        "seals": [asdict(seal) for seal in checked.seals],
        "pages": checked.pages,
        "printable": bool(checked.printable),
        "unprintable": checked.unprintable,
        "milliseconds": checked.milliseconds,
    }


def verify_text(options: argparse.Namespace) -> Result:
    """Whether the code of a certificate is genuine, and what it says."""
    if options.release is not None:
        keys = {key.id: bytes.fromhex(key.public) for key in options.release.certificate_keys}
        try:
            return True, asdict(verify_code(options.text, keys))
        except CodeError as error:
            return False, {"reason": error.reason}
    reasons = []
    for key_id, key in options.key:
        try:
            return True, asdict(verify_code(options.text, _keys(key_id, key)))
        except CodeError as error:
            reasons.append(error.reason)
    # Of several keys, the one that was the signer's says most.
    return False, {"reason": next((reason for reason in reasons if reason != "unknown-key"), "unknown-key")}


def verify_signed(options: argparse.Namespace) -> Result:
    """Who signed the PDF and when, and that it is as it was signed."""
    try:
        trusted = [authority(path.read_bytes()) for path in options.trust]
        with options.file.open("rb") as file:
            document = file.read(signed_pdf.LARGEST + 1)
        signatures = signed_pdf.verify(document, trusted)
    except NotGenuine as error:
        return False, {"reason": error.reason, "changed": error.reason in ("altered", "changed-after")}
    except OSError:
        return False, {"reason": "unreadable"}
    except ValueError:
        return False, {"reason": "not-a-certificate"}
    # the moment is the signer's word: level B-B has no time stamp of somebody else
    return True, {"covers_whole_document": True, "changed": False, "signatures": [asdict(each) for each in signatures]}


def verify_archive(options: argparse.Namespace) -> Result:
    """Whether the archive of a case is whole and genuine, and what is in it."""
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


def release(text: str) -> Release:
    """The release in folder `text`, as the terminal's agent verified and installed it (DATA/releases/current)."""
    try:
        return Release.model_validate_json((Path(text) / "release.json").read_bytes())
    except OSError:
        raise argparse.ArgumentTypeError(f"{text} holds no release.json; try DATA/releases/current") from None
    except ValidationError:
        raise argparse.ArgumentTypeError(f"{text}/release.json is no release of this version") from None


def _keys(key_id: str | None, key: bytes) -> Mapping[str, bytes]:
    """One key under its id, or under every id where it has none."""
    return defaultdict(lambda: key) if key_id is None else {key_id: key}


def _key(text: str) -> tuple[str | None, bytes]:
    key_id, _, digits = text.rpartition("=")
    key = bytes.fromhex(digits)
    if len(key) != 32:
        raise ValueError("a key has 32 bytes")
    return key_id or None, key
