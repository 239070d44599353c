"""What operators read: cases with their materials, terminals, certificates."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException, Query
from fastapi.responses import FileResponse
from sqlalchemy import select

from contract.codes import Acting, CaseState
from contract.releases import CertificateKey
from fleet.api.callers import ThePlatform, require_operator
from fleet.tables import (
    CaseRecord,
    IssuedCertificate,
    MaterialHeld,
    RatingRecord,
)
from fleet.terminals import overview

router = APIRouter(prefix="/operator/v1", dependencies=[Depends(require_operator)])


@router.get("/cases")
def cases(
    platform: ThePlatform,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> list[dict[str, Any]]:
    """Cases, the newest first, without anything of the applicant."""
    query = select(CaseRecord).order_by(CaseRecord.received_at.desc(), CaseRecord.id).limit(limit).offset(offset)
    with platform.database.reading() as session:
        return [_summary(record) for record in session.scalars(query)]


@router.get("/cases/{case_id}")
def case(case_id: UUID, platform: ThePlatform) -> dict[str, Any]:
    """One case as it was sent, with agent, company and helper; what is held of it, and what became of it."""
    with platform.database.reading() as session:
        record = session.get(CaseRecord, str(case_id))
        if record is None:
            raise HTTPException(404, "no such case")
        held = session.scalars(select(MaterialHeld).where(MaterialHeld.case_id == str(case_id)))
        rating = session.scalars(select(RatingRecord).where(RatingRecord.case_id == str(case_id))).first()
        answer = record.answer or {}
        return {
            **_summary(record),
            "case": json.loads(record.content),
            "answer": record.answer,
            "materials": [{"sha256": material.sha256, "size": material.size} for material in held],
            "rating": json.loads(rating.content) if rating else None,
            "certificate": answer.get("certificate"),
        }


@router.get("/cases/{case_id}/materials/{sha256}")
def material(case_id: UUID, sha256: str, platform: ThePlatform) -> FileResponse:
    """The bytes of a material or of a signature's picture."""
    with platform.database.reading() as session:
        held = session.get(MaterialHeld, (str(case_id), sha256))
        record = session.get(CaseRecord, str(case_id))
    if held is None:
        raise HTTPException(404, "this case holds no such material")
    sent = json.loads(record.content)["materials"] if record else []
    media_type = next((part["media_type"] for part in sent if part["sha256"] == sha256), "application/octet-stream")
    return FileResponse(platform.uploads.path_of(held.sha256), media_type=media_type)


@router.get("/terminals")
def terminals(platform: ThePlatform) -> list[dict[str, Any]]:
    """Every terminal, when and how it was last heard, what waits there, and until when its certificate holds."""
    return overview(platform.database, datetime.now(UTC))


@router.get("/certificates/{number}")
def certificate(number: str, platform: ThePlatform) -> dict[str, Any]:
    """A certificate as issued."""
    with platform.database.reading() as session:
        issued = session.get(IssuedCertificate, number)
        if issued is None:
            raise HTTPException(404, "no such certificate")
        return {"case_id": issued.case_id, **issued.content}


@router.get("/certificate-keys")
def certificate_keys(platform: ThePlatform) -> list[CertificateKey]:
    """The keys that certificate codes are checked with."""
    return [platform.certificate_key.public_key]


@router.get("/identity-keys")
def identity_keys(platform: ThePlatform) -> list[CertificateKey]:
    """The keys that offline codes are checked with."""
    return [platform.identity_key.public_key]


def _summary(record: CaseRecord) -> dict[str, Any]:
    sent, answer = json.loads(record.content), record.answer or {}
    return {
        "case_id": record.id,
        "case_number": record.case_number or "",
        "receipt_number": sent["receipt_number"],
        "state": answer.get("state", CaseState.RECEIVED.value),
        "task_code": record.task_code,
        "item_name": sent["item_name"],
        "terminal_id": record.terminal_id,
        "acting": _acting(sent).value,
        "helped": sent.get("helper") is not None,
        "submitted_at": sent["submitted_at"],
        "received_at": record.received_at,
        "due_at": answer.get("due_at"),
    }


def _acting(sent: dict[str, Any]) -> Acting:
    if sent.get("company") is not None:
        return Acting.COMPANY
    return Acting.AGENT if sent.get("agent") is not None else Acting.SELF
