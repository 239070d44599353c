"""The certificate of a case made ready for the printer: checked, drawn, or withheld with what to do next."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from contract.cases import Case
from contract.certificates import Certificate, FinishedDocument
from contract.items import Result, ServiceItem
from kiosk.documents.certificates import CHINA, render
from kiosk.documents.codes import verify_code
from kiosk.documents.errors import CodeError, TypesettingError
from kiosk.documents.holder import belongs, names_holder
from kiosk.documents.seals.checking import check, preview
from kiosk.documents.seals.results import Checked, SealRefused
from kiosk.documents.seals.trust import TrustList
from offline_cache.document_service import DocumentService
from offline_cache.errors import NoRelease, PlatformError
from offline_cache.releases.installed import InstalledRelease

#: Seconds before a document that did not come is asked for once more: the answer about it came just now.
FETCH_AGAIN = 2.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, repr=False)
class Ready:
    """What goes to the printer, its first page as a JPEG, and of a sealed document who sealed it when."""

    pdf: bytes
    preview: bytes = field(default=b"")
    signer: str = ""
    sealed_on: str = ""


@dataclass(frozen=True)
class Withheld:
    """Not printed: `line` is the key of the words. With `phone` the file is genuine and the phone may have it.

    With `not_here` the file did not come: it may when it is asked for once more.
    """

    line: str
    phone: bool = False
    not_here: bool = False


def laid_out(certificate: Certificate, case: Case, item: ServiceItem, installed: InstalledRelease) -> Ready | Withheld:
    """A certificate laid out here from the release's template. Blocks for about a second.

    Its code must be signed by a key of the release and say the same number and holder as the certificate.
    """
    keys = {key.id: bytes.fromhex(key.public) for key in installed.about.certificate_keys}
    try:
        code = verify_code(certificate.code, keys)
    except CodeError as error:
        log.error("certificate withheld: its code is not genuine (%s)", error.reason)
        return Withheld("seal.code")
    if (code.number, code.holder) != (certificate.number, certificate.holder):
        return Withheld("seal.code")
    if not belongs(certificate.holder, code.masked_number, case, item.result or _NO_RESULT):
        return _another_holder()
    try:
        pdf = render(certificate, installed.template(item, certificate.template), installed.about.city.zh)
    except (TypesettingError, NoRelease):
        return Withheld("paper.reason_template")
    return Ready(pdf, preview(pdf))


def finished(
    document: FinishedDocument, case: Case, item: ServiceItem, installed: InstalledRelease, service: DocumentService
) -> Ready | Withheld:
    """A document sealed elsewhere: fetched, its seals checked against the release. Blocks for seconds."""
    if not belongs(document.holder, document.holder_number, case, item.result or _NO_RESULT):
        return _another_holder()
    content = _fetched(document, case, service)
    if content is None:
        return Withheld("seal.not_fetched", not_here=True)
    checked = check(content, TrustList.of(installed.about.seal_authorities), datetime.now(UTC))
    if isinstance(checked, SealRefused):
        log.error("document withheld: %s (%s)", checked.reason, checked.detail)
        return Withheld(refusal_words(checked))
    if f"application/{checked.kind}" != document.media_type:
        return Withheld("seal.not_a_document")
    if not names_holder(checked.text, document.holder):
        return _another_holder()
    if not checked.printable:
        log.warning("a page cannot be drawn faithfully: %s", checked.unprintable)
        return Withheld("seal.unprintable", phone=bool(document.link))
    return _ready(checked)


def refusal_words(refused: SealRefused) -> str:
    """The key of the words for a document that is refused."""
    return f"seal.{refused.reason.replace('-', '_')}"


def _fetched(document: FinishedDocument, case: Case, service: DocumentService) -> bytes | None:
    """The bytes, asked for once more after a pause where they did not come; None where they did not come again."""
    for pause in (FETCH_AGAIN, None):
        try:
            return service.fetch(case.case_id, document)
        except PlatformError as error:
            log.warning("the document could not be fetched: %s", type(error).__name__)
        if pause is not None:
            time.sleep(pause)
    return None


def _ready(checked: Checked) -> Ready:
    seal = checked.seals[0]
    return Ready(checked.printable, checked.preview, seal.signer, f"{seal.signed_at.astimezone(CHINA):%Y-%m-%d}")


def _another_holder() -> Withheld:
    log.error("certificate withheld: it names somebody else than the visit")
    return Withheld("seal.holder")


_NO_RESULT = Result.model_validate({"name": {"zh": ""}, "template": "", "series": ""})
