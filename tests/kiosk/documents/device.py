"""A city's authority and a terminal's key and certificate, made for a test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fleet.authority import Authority, create_authority
from fleet.data_folder import DataFolder
from provisioning.device_key import certificate_request, create_key


@dataclass(frozen=True)
class Device:
    """`pki` is a terminal's folder; `authority` the certificate that made it one."""

    pki: Path
    authority: x509.Certificate

    @property
    def trust(self) -> Path:
        return self.pki / "ca.crt"

    @property
    def fingerprint(self) -> str:
        return self._certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def public_key(self) -> bytes:
        """As it stands in the certificate (SubjectPublicKeyInfo)."""
        return self._certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def _certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate((self.pki / "device.crt").read_bytes())


def device_folder(root: Path, name: str = "T-1", enrolled_at: datetime | None = None) -> Device:
    """A new authority under `root` and, enrolled by it, the terminal `name`."""
    root.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    folder = DataFolder(root / "fleet")
    if not folder.ca_certificate.exists():
        create_authority(folder, ["127.0.0.1"], now - timedelta(days=30))
    authority = Authority(folder)
    pki = root / f"pki-{name}"
    pki.mkdir(exist_ok=True)
    (pki / "device.key").unlink(missing_ok=True)
    key = create_key(pki / "device.key")
    issued = authority.sign_device(certificate_request(key, name), name, enrolled_at or now)
    (pki / "device.crt").write_bytes(issued.certificate.public_bytes(Encoding.PEM))
    (pki / "ca.crt").write_bytes(authority.certificate.public_bytes(Encoding.PEM))
    return Device(pki, authority.certificate)
