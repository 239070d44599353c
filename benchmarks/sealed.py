"""Certificate data to PDF/A, a letter signed by hand and device, and its verification, each beside its parts alone."""

from __future__ import annotations

import io
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typst
from asn1crypto import keys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509 import (
    BasicConstraints,
    CertificateBuilder,
    Name,
    NameAttribute,
    NameOID,
    random_serial_number,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.validation import KeyUsageConstraints, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

import fleet.sample_city
from benchmarks.figures import Figure, milliseconds
from contract.certificates import Certificate
from contract.codes import LetterKind
from contract.model import Words
from contract.signed_pdf import authority, verify
from fleet.paperwork import paperwork
from kiosk.cases import letters
from kiosk.documents import certificates
from kiosk.documents.sealing import DeviceKey

TIMES = 40
_NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
_STROKES = [[(0.1 + step / 40, 0.3 + (step % 7) / 20, step * 16) for step in range(30)] for _ in range(4)]
_LETTER = letters.Letter(
    LetterKind.COMMITMENT,
    "参保承诺书",
    (("承诺人", "王示例 3702**********002X"), ("办理事项", "灵活就业人员参保登记")),
    ("所填内容真实。", "没有单位正在为本人缴纳社会保险。", "如承诺不实，愿意承担责任。"),
)
_CERTIFICATE = Certificate(
    number="CB-26-118204", name=Words(zh="参保登记证明"), template="insurance_certificate", holder="王示例",
    fields=[("姓名", "王示例"), ("缴费基数", "5000 元")], authority="海湾市人力资源和社会保障局（示例）",
    issued_at=_NOW, code="6BF" + "A0" * 120,
)  # fmt: skip


def _device(folder: Path) -> Path:
    """A key and a certificate of its own authority, as enrolment leaves them in `pki`."""
    now = datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = Name([NameAttribute(NameOID.COMMON_NAME, "T-1")])
    certificate = (
        CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=7))
        .add_extension(BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "device.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    for part in ("device.crt", "ca.crt"):
        (folder / part).write_bytes(certificate.public_bytes(Encoding.PEM))
    return folder


class _Alone:
    """pyHanko called alone: an invisible signature, nothing placed, nothing checked."""

    def __init__(self, pki: Path) -> None:
        self.certificate = authority((pki / "device.crt").read_bytes())
        key = load_pem_private_key((pki / "device.key").read_bytes(), None)
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._signer = SimpleSigner(
            self.certificate, keys.PrivateKeyInfo.load(der), SimpleCertificateStore.from_certs([self.certificate])
        )

    def sign(self, document: bytes) -> bytes:
        out = io.BytesIO()
        about = PdfSignatureMetadata(field_name="S", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256")
        PdfSigner(about, self._signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(document)), output=out)
        return out.getvalue()

    def verify(self, document: bytes) -> bool:
        (signature,) = PdfFileReader(io.BytesIO(document)).embedded_regular_signatures
        context = ValidationContext(trust_roots=[self.certificate], allow_fetching=False)
        usage = KeyUsageConstraints(key_usage={"digital_signature"}, match_all_key_usages=False)
        return bool(validate_pdf_signature(signature, context, key_usage_settings=usage).bottom_line)


def run() -> list[Figure]:
    """Medians of 40; every compiler and module is warm."""
    template = Path(next(iter(fleet.sample_city.__path__))) / "templates" / "insurance_certificate.typ"
    text, letter = template.read_text("utf-8"), paperwork("letter.typ").decode()
    compiler, plain = typst.Compiler(), '#set text(font: "Noto Sans CJK SC")\n参保登记证明'.encode()
    with tempfile.TemporaryDirectory() as folder:
        pki = _device(Path(folder))
        key, alone = DeviceKey(pki), _Alone(pki)
        unsigned = letters.render(_LETTER, letter, "海湾市", "示例局", _NOW)
        signed, bare = letters.sign(_LETTER, unsigned, _STROKES, 3.0, key, "示例大厅")[2], alone.sign(unsigned)
        trusted = [alone.certificate]
        assert alone.verify(bare)
        pairs = [
            (
                "certificate data to PDF/A, median",
                lambda: certificates.render(_CERTIFICATE, text, "海湾市"),
                "typst, one line of text",
                lambda: compiler.compile(plain, format="pdf", pdf_standards="a-2b"),
            ),
            (
                "letter signed, with handwriting and check, median",
                lambda: letters.sign(_LETTER, unsigned, _STROKES, 3.0, key, "示例大厅"),
                "pyHanko alone, invisible",
                lambda: alone.sign(unsigned),
            ),
            (
                "signed PDF verified, median",
                lambda: verify(signed, trusted),
                "pyHanko alone",
                lambda: alone.verify(bare),
            ),
        ]
        figures = []
        for name, ours, peer, theirs in pairs:
            figures.append(Figure(name, milliseconds(ours, TIMES)[0], peer, milliseconds(theirs, TIMES)[0], "ms"))
        figures.append(Figure("signed letter, size", len(signed) / 1000, "before signing", len(unsigned) / 1000, "kB"))
    return figures
