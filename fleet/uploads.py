"""Materials on their way (tus 1.0) and those that are here, addressed by their hash."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from fleet.data_folder import DataFolder
from fleet.database import Database
from fleet.errors import UploadRefused
from fleet.tables import MaterialHeld, Upload

#: A scanned paper of twenty A4 pages is 10 MB; far more is a mistake or an attack.
LARGEST = 64 * 1024 * 1024
#: A terminal that was cut off for two weeks begins its uploads again; a citizen's paper does not lie here longer.
ABANDONED = timedelta(days=14)
#: tus checksum extension: the content is not what its hash says.
WRONG_HASH = 460
#: How long a PATCH waits for the one before it, whose line broke and whose last bytes are still being written, seconds.
_LOCK_SECONDS = 3.0
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Progress:
    """How far an upload is, in bytes."""

    offset: int
    length: int


class UploadStore:
    """Uploads under `uploads/<id>`, finished ones under `materials/<first two>/<sha256>`."""

    def __init__(self, database: Database, folder: DataFolder) -> None:
        self._database = database
        self._uploads = folder.uploads
        self._materials = folder.materials

    def create(self, terminal_id: str, length: int, metadata: Mapping[str, str]) -> str:
        """Begin an upload of `length` bytes; its id.

        `metadata` must hold sha256 (hex) and case_id (UUID). Raises UploadRefused (400, 413).
        """
        if length < 1:
            raise UploadRefused(400, "Upload-Length must be at least 1")
        if length > LARGEST:
            raise UploadRefused(413, f"an upload may have at most {LARGEST} bytes")
        sha256 = metadata.get("sha256", "").lower()
        if not _SHA256.fullmatch(sha256):
            raise UploadRefused(400, "Upload-Metadata must hold sha256, the content's SHA-256 in hex")
        try:
            case_id = str(UUID(metadata.get("case_id", "")))
        except ValueError:
            raise UploadRefused(400, "Upload-Metadata must hold case_id, a UUID") from None
        upload_id = secrets.token_hex(16)
        os.close(os.open(self._path(upload_id), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        upload = Upload(id=upload_id, terminal_id=terminal_id, case_id=case_id, sha256=sha256, length=length)
        with self._database.writing() as session:
            session.add(upload)
        return upload_id

    def progress(self, terminal_id: str, upload_id: str) -> Progress:
        """Where the upload stands. Raises UploadRefused (404) when it is not this terminal's or not there."""
        upload = self._upload(terminal_id, upload_id)
        if upload.finished_at is not None:
            return Progress(upload.length, upload.length)
        try:
            return Progress(self._path(upload_id).stat().st_size, upload.length)
        except FileNotFoundError:
            raise UploadRefused(404, "no such upload; begin it again") from None

    def append(self, terminal_id: str, upload_id: str, offset: int) -> Append:
        """Open the upload for the bytes that follow `offset`. Raises UploadRefused (404, 409, 423)."""
        upload = self._upload(terminal_id, upload_id)
        if upload.finished_at is not None:
            raise UploadRefused(409, "this upload is finished")
        try:
            handle = os.open(self._path(upload_id), os.O_WRONLY | os.O_APPEND)
        except FileNotFoundError:
            raise UploadRefused(404, "no such upload; begin it again") from None
        try:
            _lock(handle)
            stands = os.fstat(handle).st_size
            if stands != offset:
                raise UploadRefused(409, f"this upload stands at {stands}")
        except UploadRefused:
            os.close(handle)
            raise
        return Append(handle, stands, upload.length)

    def finish(self, terminal_id: str, upload_id: str) -> None:
        """Check the whole content and keep it; a wrong one is thrown away. Raises UploadRefused (460)."""
        upload = self._upload(terminal_id, upload_id)
        path = self._path(upload_id)
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
        if found != upload.sha256:
            path.unlink()
            raise UploadRefused(WRONG_HASH, "the content's SHA-256 is not the one announced; send it again")
        kept = self.path_of(upload.sha256)
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.replace(path, kept)
        held = MaterialHeld(case_id=upload.case_id, sha256=upload.sha256, terminal_id=terminal_id, size=upload.length)
        with self._database.writing() as session:
            session.merge(held)
            session.get_one(Upload, upload_id).finished_at = datetime.now(UTC)

    def remove_abandoned(self, now: datetime) -> int:
        """Remove the bytes of uploads nobody went on with; how many there were. A terminal begins them again."""
        removed = 0
        for path in self._uploads.iterdir():
            if now.timestamp() - path.stat().st_mtime > ABANDONED.total_seconds():
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def path_of(self, sha256: str) -> Path:
        """Where the content of this hash is kept."""
        return self._materials / sha256[:2] / sha256

    def _upload(self, terminal_id: str, upload_id: str) -> Upload:
        with self._database.reading() as session:
            upload = session.get(Upload, upload_id)
        if upload is None or upload.terminal_id != terminal_id:
            raise UploadRefused(404, "no such upload; begin it again")
        return upload

    def _path(self, upload_id: str) -> Path:
        return self._uploads / upload_id


class Append:
    """An upload open for more bytes; what was written stays, however the line breaks."""

    def __init__(self, handle: int, offset: int, length: int) -> None:
        self._handle = handle
        self.offset = offset
        self.length = length

    def write(self, content: bytes) -> None:
        """Add bytes. Raises UploadRefused (413) for more than announced, and keeps none of this piece."""
        if self.offset + len(content) > self.length:
            raise UploadRefused(413, "more bytes than Upload-Length announced")
        view = memoryview(content)
        while view:
            view = view[os.write(self._handle, view) :]
        self.offset += len(content)

    def close(self) -> None:
        """Let the next one write."""
        os.close(self._handle)


def _lock(handle: int) -> None:
    deadline = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise UploadRefused(423, "this upload is being written; ask for its offset again") from None
            time.sleep(0.02)
