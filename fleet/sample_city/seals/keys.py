"""The sample city's sealing keys: made once in a data folder, their authorities put on its trust list."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from fleet.data_folder import kept_private, write_public
from fleet.sample_city.seals import sm2
from fleet.sample_city.seals.sm2_certificate import Sm2Holder, certify

AUTHORITY, DEPARTMENT = "海湾市电子印章示例根（无法律效力）", "海湾市政务服务专用章（示例）"
YEARS = timedelta(days=3650)


@dataclass(frozen=True)
class SampleKeys:
    """A department that seals PDFs (PEM of key and certificate, DER of its authority's) and OFDs."""

    pdf_key: bytes
    pdf_certificate: bytes
    pdf_authority: bytes
    ofd: Sm2Holder
    ofd_authority: Sm2Holder


def sample_keys(folder: Path, trusted: Path | None = None) -> SampleKeys:
    """The keys in `folder`, made there the first time; their authorities are written into `trusted` as PEM."""
    now = datetime.now(UTC).replace(microsecond=0)
    pdf_root, pdf_root_certificate = _pdf_pair(folder / "authority-pdf.pem", AUTHORITY, now, None)
    issuer = (pdf_root, pdf_root_certificate)
    key, certificate = _pdf_pair(folder / "department-pdf.pem", DEPARTMENT, now, issuer)
    ofd_root = _sm2_pair(folder / "authority-ofd", AUTHORITY, now, None)
    department = _sm2_pair(folder / "department-ofd", DEPARTMENT, now, ofd_root)
    if trusted is not None:
        pdf_pem = pdf_root_certificate.public_bytes(Encoding.PEM)
        for name, content in (("sample-pdf.pem", pdf_pem), ("sample-ofd.pem", _armoured(ofd_root.certificate))):
            if not (trusted / name).exists():
                write_public(trusted / name, content)
    return SampleKeys(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        certificate.public_bytes(Encoding.PEM),
        pdf_root_certificate.public_bytes(Encoding.DER),
        department,
        ofd_root,
    )


def _armoured(certificate: bytes) -> bytes:
    content: bytes = pem.armor("CERTIFICATE", certificate)
    return content


def _pdf_pair(
    path: Path, name: str, now: datetime, issuer: tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    def make() -> bytes:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = pdf_certificate(name, key, now - timedelta(days=30), now + YEARS, issuer)
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return secret + certificate.public_bytes(Encoding.PEM)

    content = kept_private(path, make)
    key = load_pem_private_key(content, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key, x509.load_pem_x509_certificate(content)


def pdf_certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    begins: datetime,
    ends: datetime,
    issuer: tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None = None,
) -> x509.Certificate:
    """A certificate of `name`: an authority's own without an issuer, a department's with one."""
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, name)])
    authority = issuer is None
    usage = x509.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False)
    maker = issuer[1].subject if issuer else subject
    signer = issuer[0] if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(maker)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    return builder.sign(signer, hashes.SHA256())


def _sm2_pair(path: Path, name: str, now: datetime, issuer: Sm2Holder | None) -> Sm2Holder:
    secret = kept_private(path.with_suffix(".key"), lambda: f"{secrets.randbelow(sm2.N - 2) + 1:064x}".encode())
    key = int(secret, 16)
    made = kept_private(
        path.with_suffix(".crt"), lambda: certify(name, key, now - timedelta(days=30), now + YEARS, issuer).certificate
    )
    return Sm2Holder(key, made)
