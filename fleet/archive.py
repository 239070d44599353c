"""A case as one signed package (contract/archives.py says what is in it)."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.archives import FORMAT, MANIFEST, PATH, SIGNATURE, Entry, Manifest
from contract.cases import Case, MaterialSent
from fleet.cases import find
from fleet.data_folder import write_private
from fleet.errors import ArchiveRefused
from fleet.platform import Platform
from fleet.tables import CaseEvent, CaseRecord, NoticeRecord

_ENDINGS = {"application/pdf": "pdf", "application/ofd": "ofd", "image/png": "png", "image/jpeg": "jpg"}
#: a file's time in the ZIP says nothing; the manifest's `made_at` does
_STAMP = (1980, 1, 1, 0, 0, 0)


def archive(platform: Platform, case: str, out: Path) -> Manifest:
    """Write the package of the case of this number or id to `out`, readable for its owner only.

    Raises ArchiveRefused for a case that is not there, not whole, or whose materials are not what they were.
    """
    with platform.database.reading() as session:
        record = find(session, case)
        if record is None:
            raise ArchiveRefused("there is no such case")
        if record.answer is None:
            raise ArchiveRefused("the case has not come whole yet; materials are still on their way")
        files = dict(_files(platform, session, record))
        entries = [
            Entry(path=path, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
            for path, content in files.items()
        ]
        manifest = Manifest(
            format=FORMAT,
            case_id=Case.model_validate_json(record.content).case_id,
            case_number=record.case_number or "",
            made_at=datetime.now(UTC),
            files=entries,
        )
    said = manifest.model_dump_json().encode()
    signed = {MANIFEST: said, SIGNATURE: platform.archive_key.sign(said)}
    write_private(out, _zipped(signed | files))
    return manifest


def _files(platform: Platform, session: Session, record: CaseRecord) -> Iterator[tuple[str, bytes]]:
    case = Case.model_validate_json(record.content)
    yield "case.json", record.content.encode()
    if case.instance:
        yield "form/instance.xml", case.instance.encode()
    yield "form/answers.json", _json([answer.model_dump(mode="json") for answer in case.answers])
    taken: set[str] = set()
    for place, material in enumerate(case.materials, 1):
        yield _path(material, place, taken), _content(platform, material)
    yield "signatures.json", _json([signature.model_dump(mode="json") for signature in case.signatures])
    yield "outcome.json", _json(record.answer)
    notices = session.scalars(select(NoticeRecord).where(NoticeRecord.case_id == record.id))
    yield "notices.json", _json(sorted((each.content for each in notices), key=lambda each: each["issued_at"]))
    events = session.scalars(select(CaseEvent).where(CaseEvent.case_id == record.id).order_by(CaseEvent.id))
    lines = [{"at": each.at.isoformat(), "kind": each.kind, "by": each.by, "subject": each.subject} for each in events]
    yield "log.jsonl", "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines).encode()


def _path(material: MaterialSent, place: int, taken: set[str]) -> str:
    """The material's own id where it can be a file's name, and a number where it cannot or is taken."""
    ending = _ENDINGS.get(material.media_type, "bin")
    path = f"materials/{material.material_id.removesuffix(f'.{ending}')}.{ending}"
    if not re.fullmatch(PATH, path) or path in taken:
        path = f"materials/material-{place}.{ending}"
    taken.add(path)
    return path


def _content(platform: Platform, material: MaterialSent) -> bytes:
    try:
        content = platform.uploads.path_of(material.sha256).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != material.sha256:
        raise ArchiveRefused(f"material {material.material_id} is missing or is not what was sent")
    return content


def _zipped(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        for path, content in files.items():
            packed = path.endswith((".json", ".jsonl", ".xml"))
            package.writestr(
                zipfile.ZipInfo(path, _STAMP), content, zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            )
    return whole.getvalue()


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1).encode()
