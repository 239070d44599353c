"""Attack on archive packages of cases: a ZIP that anybody may hand in to be checked."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import UTC, datetime
from uuid import UUID

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.archives import FORMAT, MANIFEST, SIGNATURE, Entry, Manifest
from kiosk.documents.errors import PackageError
from kiosk.documents.packages import verify_opened

DECLARED = (PackageError,)
_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_KEYS = {"k": _KEY.public_key().public_bytes_raw()}
_HEADERS = cbor2.dumps({1: -8, 4: b"k"})
_FILE = "log.jsonl"


def _signed(payload: bytes) -> bytes:
    signature = _KEY.sign(cbor2.dumps(["Signature1", _HEADERS, b"", payload]))
    return b"\xd2" + cbor2.dumps([_HEADERS, {}, payload, signature])


def _package(content: bytes, how: int) -> bytes:
    entry = Entry(path=_FILE, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    made_at = datetime(2026, 11, 21, tzinfo=UTC)
    manifest = Manifest(format=FORMAT, case_id=UUID(int=1), case_number="1", made_at=made_at, files=[entry])
    said = manifest.model_dump_json().encode()
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        for name, each in ((MANIFEST, said), (SIGNATURE, _signed(said)), (_FILE, content)):
            package.writestr(zipfile.ZipInfo(name), each, how)
    return whole.getvalue()


SEEDS = [_package(b"a line\n", zipfile.ZIP_STORED), _package(bytes(4000), zipfile.ZIP_DEFLATED)]


def one_input(data: bytes) -> None:
    """Refused with a reason, or the very files that were signed."""
    genuine = verify_opened(io.BytesIO(data), _KEYS)
    assert [entry.path for entry in genuine.files] == [_FILE]
