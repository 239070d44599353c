"""Checking the archive package of a case (contract/archives.py) on any machine: every file, and nothing else.

Nothing is unpacked to a disk. Sizes are judged before anything is read, and what is read is never more than was said.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from pydantic import ValidationError

from contract.archives import (
    FORMAT,
    LARGEST_FILE,
    LARGEST_MANIFEST,
    LARGEST_WHOLE,
    MANIFEST,
    MOST_FILES,
    PATH,
    SIGNATURE,
    Manifest,
)
from kiosk.cose import NotGenuine, signed_payload
from kiosk.documents.errors import PackageError

#: ZIP's end record without a comment, and a local header's fixed part (APPNOTE 4.3.16, 4.3.7)
_END, _LOCAL = struct.Struct("<4s4H2LH"), struct.Struct("<4s5H3L2H")
#: a central record of a name of ours
_LONGEST_RECORD = 46 + 300
_PIECE = 1024 * 1024
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    ValueError,
)


def verify_package(path: Path, keys: Mapping[str, bytes]) -> Manifest:
    """The manifest of a genuine package, signed by one of `keys` (key id -> 32 bytes of public key).

    Raises PackageError, OSError where the file cannot be read.
    """
    with path.open("rb") as file:
        return verify_opened(file, keys)


def verify_opened(file: BinaryIO, keys: Mapping[str, bytes]) -> Manifest:
    """The same for a file that is open. Raises PackageError."""
    try:
        _look_at_end(file)
        with zipfile.ZipFile(file) as package:
            infos = _refuse_oddities(package)
            _refuse_hidden(file, package)
            manifest = _manifest(package, infos, keys)
            _compare(package, infos, manifest)
    except _BROKEN:
        raise PackageError("not-a-package") from None
    return manifest


def _look_at_end(file: BinaryIO) -> None:
    """The end record stands at the very end and announces no more than is allowed, before a ZIP reader believes it."""
    size = file.seek(0, 2)
    if size > LARGEST_WHOLE:
        raise PackageError("too-large")
    if size < _END.size:
        raise PackageError("not-a-package")
    file.seek(-_END.size, 2)
    mark, disk, first, here, count, length, start, comment = _END.unpack(file.read(_END.size))
    if mark != b"PK\x05\x06":
        raise PackageError("not-a-package")
    if count > MOST_FILES + 2 or length > count * _LONGEST_RECORD:
        raise PackageError("too-large")
    if (disk, first, here, comment) != (0, 0, count, 0) or start + length + _END.size != size:
        raise PackageError("hidden-bytes")
    file.seek(0)


def _refuse_oddities(package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos: dict[str, zipfile.ZipInfo] = {}
    for info in package.infolist():
        # orig_filename: zipfile cuts a name at its first zero byte
        if not re.fullmatch(PATH, info.orig_filename) or info.filename != info.orig_filename:
            raise PackageError("unsafe-name")
        if info.filename.casefold() in infos:
            raise PackageError("duplicate", info.filename)
        if info.flag_bits & ~0x800 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise PackageError("not-a-package", info.filename)
        if info.extra or info.comment:
            raise PackageError("hidden-bytes", info.filename)
        if info.file_size > LARGEST_FILE:
            raise PackageError("too-large", info.filename)
        infos[info.filename.casefold()] = info
    if sum(info.file_size for info in infos.values()) > LARGEST_WHOLE:
        raise PackageError("too-large")
    return {info.filename: info for info in infos.values()}


def _refuse_hidden(file: BinaryIO, package: zipfile.ZipFile) -> None:
    """Each file begins where the one before ends, the first at 0, the directory after the last: so none overlap."""
    place = 0
    for info in sorted(package.infolist(), key=lambda each: each.header_offset):
        file.seek(info.header_offset)
        *_, name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
        if info.header_offset != place or extra:
            raise PackageError("hidden-bytes", info.filename)
        place += _LOCAL.size + name + info.compress_size
    if place != package.start_dir:
        raise PackageError("hidden-bytes")


def _manifest(package: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo], keys: Mapping[str, bytes]) -> Manifest:
    for name in (MANIFEST, SIGNATURE):
        if name not in infos:
            raise PackageError("not-signed" if name == SIGNATURE else "missing", name)
        if infos[name].file_size > LARGEST_MANIFEST:
            raise PackageError("too-large", name)
    said = _read(package, infos[MANIFEST])
    try:
        if signed_payload(_read(package, infos[SIGNATURE]), keys) != said:
            raise PackageError("bad-signature", MANIFEST)
    except NotGenuine as error:
        known = error.reason in ("unknown-key", "bad-signature")
        raise PackageError(error.reason if known else "not-signed", SIGNATURE) from None
    try:
        manifest = Manifest.model_validate_json(said)
    except ValidationError:
        raise PackageError("not-a-package", MANIFEST) from None
    if manifest.format != FORMAT:
        raise PackageError("not-a-package", MANIFEST)
    return manifest


def _compare(package: zipfile.ZipFile, infos: dict[str, zipfile.ZipInfo], manifest: Manifest) -> None:
    named = {entry.path: entry for entry in manifest.files}
    if len(named) != len(manifest.files):
        raise PackageError("duplicate", MANIFEST)
    for path in infos:
        if path not in named and path not in (MANIFEST, SIGNATURE):
            raise PackageError("extra", path)
    for path, entry in named.items():
        if path not in infos:
            raise PackageError("missing", path)
        if infos[path].file_size != entry.size or _digest(package, infos[path]) != entry.sha256:
            raise PackageError("changed", path)


def _read(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with package.open(info) as file:
            return file.read(info.file_size)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise PackageError("changed", info.filename) from None


def _digest(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    """zipfile itself never hands out more than `file_size` bytes."""
    digest = hashlib.sha256()
    try:
        with package.open(info) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise PackageError("changed", info.filename) from None
    return digest.hexdigest()
