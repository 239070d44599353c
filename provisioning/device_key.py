"""The device's own key: made on the device, never leaving it."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def create_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """A new P-256 key, kept at `path` with mode 0600 from its first byte. The file must not be there yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return key


def read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The key at `path`. Raises OSError or ValueError."""
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the device key is not an elliptic-curve key")
    return key


def certificate_request(key: ec.EllipticCurvePrivateKey, terminal_id: str) -> bytes:
    """A PKCS#10 request (DER) signed by `key`."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, terminal_id)])
    request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.DER)
