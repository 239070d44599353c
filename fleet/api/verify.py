"""The public page that says whether a certificate's code is genuine, to a citizen or an officer.

Nothing can be looked up here: only who holds a signed code learns what it says, and whether it was revoked.
"""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.templating import Jinja2Templates

from fleet.api.callers import ThePlatform
from fleet.api.phone import SAFE, TEMPLATES, posted
from fleet.certificates import CodeContent, judge_code
from fleet.office_time import OFFICE_TIME
from fleet.platform import Platform
from fleet.tables import IssuedCertificate

router = APIRouter()
_pages = Jinja2Templates([TEMPLATES / "certificates", TEMPLATES / "device"])
#: Characters of the longest code: a QR of version 25 in the alphanumeric mode holds 1,853.
LONGEST = 2000


@router.get("/verify")
def verify(request: Request, platform: ThePlatform, code: str = "") -> Response:
    """The page, with a verdict where a code is given."""
    return _page(request, platform, code)


@router.post("/verify")
async def check(request: Request, platform: ThePlatform) -> Response:
    """The verdict on a code that was typed or scanned into the page: it stands in no address and no history."""
    return _page(request, platform, dict(posted(await request.body())).get("code", ""))


def _page(request: Request, platform: Platform, code: str) -> Response:
    # scanners end with a line break, some programs break the code into lines or show it in lower case
    text = code.translate({ord(character): None for character in "\r\n\t"}).upper()[:LONGEST]
    page: dict[str, object] = {"verdict": ""}
    if text.strip():
        judged = _judged(text, platform)
        page = _found(platform, judged) if isinstance(judged, CodeContent) else {"verdict": judged}
    return _pages.TemplateResponse(request, "verify.html", page, headers=SAFE)


def _judged(text: str, platform: Platform) -> CodeContent | str:
    """A space is a digit of base45: one at the end is easily lost, and one too many easily caught."""
    stripped = text.strip(" ")
    verdicts = [judge_code(said, [platform.certificate_key.public_key]) for said in (stripped, stripped + " ", text)]
    return next((verdict for verdict in verdicts if isinstance(verdict, CodeContent)), verdicts[0])


def _found(platform: Platform, content: CodeContent) -> dict[str, object]:
    with platform.database.reading() as session:
        record = session.get(IssuedCertificate, content.number)
    if record is None:
        return {"verdict": "unknown"}
    said = {"content": content, "issued": content.issued_at.astimezone(OFFICE_TIME)}
    if record.revoked_at is not None:
        return {"verdict": "revoked", "revoked": record.revoked_at.astimezone(OFFICE_TIME), **said}
    return {"verdict": "genuine", **said}
