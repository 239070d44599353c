"""The receipt (受理凭证) on the citizen's phone, where the terminal could not print it: by the link it showed."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from fastapi.templating import Jinja2Templates

from contract.cases import Case, CaseAnswer
from fleet.api.callers import ThePlatform
from fleet.api.phone import SAFE, TEMPLATES
from fleet.certificates import masked
from fleet.office_time import OFFICE_TIME
from fleet.tables import CaseRecord

router = APIRouter()
_pages = Jinja2Templates([TEMPLATES / "certificates", TEMPLATES / "device"])


@router.get("/receipts/{token}")
def receipt(request: Request, token: str, platform: ThePlatform) -> Response:
    """The receipt, or 404 in words; who asks is not known and not kept."""
    case_id = platform.receipt_links.case(token, datetime.now(UTC))
    record = None
    if case_id is not None:
        with platform.database.reading() as session:
            record = session.get(CaseRecord, str(case_id))
    if record is None or record.answer is None:
        return _pages.TemplateResponse(request, "document_gone.html", status_code=404, headers=SAFE)
    case, answer = Case.model_validate_json(record.content), CaseAnswer.model_validate(record.answer)
    page = {
        "case": case,
        "answer": answer,
        "masked_number": masked(case.applicant.number),
        "submitted": case.submitted_at.astimezone(OFFICE_TIME),
        "due": answer.due_at.astimezone(OFFICE_TIME) if answer.due_at else None,
        "issued": answer.certificate or answer.document,
    }
    return _pages.TemplateResponse(request, "receipt.html", page, headers=SAFE)
