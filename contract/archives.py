"""The archive package of a case (电子档案): one ZIP with this layout, in this order.

    manifest.json               Manifest: every other file with its SHA-256
    manifest.cose               COSE_Sign1 (RFC 9052, Ed25519) whose payload is manifest.json, byte for byte
    case.json                   Case, as the terminal sent it
    form/instance.xml           the form's instance (XForms), where there was a form
    form/answers.json           the answers with their labels
    materials/<id>.<ending>     scanned papers, pictures, signed letters
    signatures.json             the records of signed letters, strokes and hashes
    outcome.json                CaseAnswer, the present one
    notices.json                every Notice (文书) of the case
    log.jsonl                   what happened, a line an event: at, kind, by, subject

Nothing else stands in it: no other file, no bytes between, before or behind the files. Files are stored or deflated.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field

from contract.model import Message

FORMAT = "bianmin-case/1"
MANIFEST, SIGNATURE = "manifest.json", "manifest.cose"
#: what a path may be made of: no absolute ones, no "..", nothing a file system reads differently
PATH = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,120}(/[A-Za-z0-9][A-Za-z0-9_.-]{0,120})?$"
#: files, and bytes of one and of all: a case is some ten files of some MB
MOST_FILES, LARGEST_FILE, LARGEST_WHOLE = 500, 256 * 1024 * 1024, 1024 * 1024 * 1024
#: bytes of manifest and signature
LARGEST_MANIFEST = 1024 * 1024


class Entry(Message):
    """A file of the package."""

    path: str = Field(pattern=PATH)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0, le=LARGEST_FILE)


class Manifest(Message):
    """What the package holds."""

    format: str
    case_id: UUID
    case_number: str
    made_at: datetime
    files: list[Entry] = Field(max_length=MOST_FILES)
