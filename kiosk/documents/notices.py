"""Notices (文书) laid out by typst: what the office decided becomes the paper that says so."""

from __future__ import annotations

from contract.outcomes import Notice
from kiosk.documents.typesetting import CHINA, typeset
from kiosk.words import say


def render(notice: Notice, template: str, city: str) -> bytes:
    """The notice as PDF/A-2b; `template` is the release's notice.typ. Raises TypesettingError."""
    content = {
        "title": notice.title,
        "number": notice.number,
        "city": city,
        "addressee": notice.addressee,
        "case_label": say("receipt.case_number"),
        "case_number": notice.case_number,
        "paragraphs": notice.paragraphs,
        "owed_head": [say("notice.paper"), say("notice.reason")],
        "owed": [(paper.name, paper.reason) for paper in notice.owed],
        "authority": notice.authority,
        "seal_here": say("notice.seal_here"),
        "date": f"{notice.issued_at.astimezone(CHINA):%Y-%m-%d}",
    }
    return typeset(template, "notice", content, notice.issued_at)
