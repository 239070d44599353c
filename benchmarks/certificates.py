"""Certificates: from data to a sealed or plain PDF page, and seals verified, beside pyHanko and cryptography alone."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pypdfium2
from asn1crypto import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

import fleet.sample_city
from benchmarks.figures import Figure, milliseconds
from contract.certificates import Certificate
from contract.model import Words
from fleet.sample_city.seals import ofd, pdf, picture, ses, sm2
from fleet.sample_city.seals.keys import DEPARTMENT, SampleKeys, sample_keys
from kiosk.documents import certificates, typesetting
from kiosk.documents.seals import checking
from kiosk.documents.seals.ofd import check_ofd
from kiosk.documents.seals.ofd_pages import OfdPages
from kiosk.documents.seals.pdf import check_pdf
from kiosk.documents.seals.results import Checked
from kiosk.documents.seals.sm2 import verify
from kiosk.documents.seals.trust import TrustList

TIMES = 20
_TEMPLATE = Path(next(iter(fleet.sample_city.__path__))) / "templates" / "insurance_certificate.typ"
_CERTIFICATE = Certificate(
    number="CB-26-118204", name=Words(zh="参保登记证明"), template="insurance_certificate", holder="王示例",
    fields=[("姓名", "王示例"), ("缴费基数", "4504 元"), ("开始缴费月份", "2026 年 12 月")],
    authority="海湾市人力资源和社会保障局（示例）", issued_at=datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    code="6BF" * 116,
)  # fmt: skip
_LINES: list[ofd.Line] = [
    (60, 48, 9, "住房公积金缴存证明"),
    (30, 82, 5, "姓名：王示例"),
    (30, 94, 5, "3702**********002X"),
]


def run() -> list[Figure]:
    """Medians; what runs in the worker is measured in this process too, so that its start is seen apart."""
    with tempfile.TemporaryDirectory() as folder:
        keys = sample_keys(Path(folder))
    now = datetime.now(UTC).replace(microsecond=0)
    return [*_laid_out(), *_pdf(keys, now), *_ofd(keys, now)]


def _laid_out() -> list[Figure]:
    template = _TEMPLATE.read_text("utf-8")

    def anew() -> None:
        typesetting._compiler.cache_clear()
        certificates.render(_CERTIFICATE, template, "海湾市")

    first = milliseconds(anew, 3)[0]
    ours = milliseconds(lambda: certificates.render(_CERTIFICATE, template, "海湾市"), TIMES)[0]
    page = certificates.render(_CERTIFICATE, template, "海湾市")
    drawn = milliseconds(lambda: pypdfium2.PdfDocument(page)[0].render(scale=900 / 595).to_pil(), TIMES)[0]
    return [
        Figure("certificate data to PDF/A, median", ours, "fonts looked for anew", first, "ms"),
        Figure("the same to a picture for the screen, with worker", _worker(page), "pdfium alone", drawn, "ms"),
    ]


def _worker(page: bytes) -> float:
    return milliseconds(lambda: checking.preview(page), 3)[0]


def _pdf(keys: SampleKeys, now: datetime) -> list[Figure]:
    content: dict[str, object] = {
        "name": "住房公积金缴存证明", "number": "GJ-S-1", "holder": "王示例", "holder_number": "3702**********002X",
        "lines": [], "authority": "海湾市住房公积金管理中心（示例）", "date": "2026 年 11 月 28 日",
    }  # fmt: skip
    sealed = pdf.sealed_pdf(content, keys, picture.seal_picture(), now)
    root = x509.Certificate.load(keys.pdf_authority)

    def alone() -> None:
        signature = PdfFileReader(io.BytesIO(sealed)).embedded_signatures[0]
        assert validate_pdf_signature(signature, ValidationContext(trust_roots=[root])).bottom_line

    ours = milliseconds(lambda: check_pdf(sealed, [keys.pdf_authority], now), TIMES)[0]
    trust = TrustList((keys.pdf_authority,))
    whole = milliseconds(lambda: _good(checking.check(sealed, trust, now)), 3)[0]
    peer = milliseconds(alone, TIMES)[0]
    return [
        Figure("seal of a PDF verified, median", ours, "pyHanko alone", peer, "ms"),
        Figure("the same with preview, text and a worker's start", whole, "pyHanko alone", peer, "ms"),
    ]


def _ofd(keys: SampleKeys, now: datetime) -> list[Figure]:
    day = timedelta(days=1)
    seal = ses.make_seal(DEPARTMENT, picture.seal_picture(), 38, keys.ofd, keys.ofd_authority, now - day, now + day)
    sealed, roots = ofd.sealed_ofd(ofd.page_entries(_LINES), seal, now), [keys.ofd_authority.certificate]
    point, message = sm2.public_point(keys.ofd.key), b"message digest" * 40
    signature = sm2.sign(keys.ofd.key, message)
    p256 = ec.generate_private_key(ec.SECP256R1())
    other = p256.sign(message, ec.ECDSA(hashes.SHA256()))
    found = check_ofd(sealed, roots, now)

    def unpacked() -> None:
        with zipfile.ZipFile(io.BytesIO(sealed)) as archive:
            assert all(archive.read(name) for name in archive.namelist())

    opened = milliseconds(unpacked, 50)[0]
    ours = milliseconds(lambda: check_ofd(sealed, roots, now), TIMES)[0]
    one = milliseconds(lambda: verify(point, message, signature), 200)[0]
    peer = milliseconds(lambda: p256.public_key().verify(other, message, ec.ECDSA(hashes.SHA256())), 200)[0]
    drawn = milliseconds(lambda: list(OfdPages(found).draw()), 5)[0]
    trust = TrustList((), tuple(roots))
    whole = milliseconds(lambda: _good(checking.check(sealed, trust, now)), 3)[0]
    return [
        Figure("one SM2 signature verified, median", one, "cryptography, ECDSA P-256", peer, "ms"),
        Figure("seal of an OFD verified, 3 signatures", ours, "its package unpacked", opened, "ms"),
        Figure("the same, drawn at 300 dpi, with a worker's start", whole, "its page drawn", drawn, "ms"),
    ]


def _good(answer: object) -> None:
    assert isinstance(answer, Checked) and answer.printable
