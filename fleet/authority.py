"""The platform's own certificate authority: one P-256 root, the server's certificate, terminals' certificates."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from fleet.data_folder import DataFolder, write_private, write_public
from fleet.errors import EnrolmentRefused

CA_LIFETIME = timedelta(days=3650)
#: The longest a browser accepts for a server (CA/Browser Forum SC-081 lowers it further; `init` is not a browser's).
SERVER_LIFETIME = timedelta(days=397)
#: A stolen disk opens the platform for a week at most.
DEVICE_LIFETIME = timedelta(days=7)
#: Terminals' clocks are wrong by minutes; a certificate is valid a little before it is made.
CLOCK_SLACK = timedelta(minutes=10)


@dataclass(frozen=True)
class IssuedDevice:
    """A terminal's new certificate."""

    certificate: x509.Certificate
    serial: str
    issued_at: datetime
    expires_at: datetime


class Authority:
    """Signs what terminals and the server prove themselves with."""

    def __init__(self, folder: DataFolder) -> None:
        self.certificate = x509.load_pem_x509_certificate(folder.ca_certificate.read_bytes())
        key = serialization.load_pem_private_key((folder.keys / "ca.key").read_bytes(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        self._key = key

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the CA certificate (DER), hex: what a voucher tells the terminal to trust."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    def ca_certificates(self) -> bytes:
        """The EST answer of /cacerts: PKCS#7 certs-only (DER)."""
        return pkcs7.serialize_certificates([self.certificate], serialization.Encoding.DER)

    def sign_device(self, request: bytes, terminal_id: str, now: datetime) -> IssuedDevice:
        """A client certificate for `terminal_id` from a PKCS#10 request (DER); the request's own name counts nothing.

        Raises EnrolmentRefused unless the request is signed by the P-256 key it names.
        """
        try:
            asked = x509.load_der_x509_csr(request)
            key = asked.public_key()
            proven = asked.is_signature_valid
        except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature):
            raise EnrolmentRefused("the request is not a PKCS#10 certificate request in DER") from None
        if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
            raise EnrolmentRefused("the device key must be P-256")
        if not proven:
            raise EnrolmentRefused("the request is not signed by the key it names")
        builder = _builder(terminal_id, self.certificate.subject, now, DEVICE_LIFETIME)
        builder = _leaf(builder.public_key(key), ExtendedKeyUsageOID.CLIENT_AUTH, self.certificate)
        certificate = builder.sign(self._key, hashes.SHA256())
        serial = format_serial(certificate.serial_number)
        return IssuedDevice(certificate, serial, now, certificate.not_valid_after_utc)


def create_authority(folder: DataFolder, hosts: list[str], now: datetime) -> None:
    """Make the root and, signed by it, the server's certificate for `hosts` (names or addresses)."""
    ca_key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Bianmin platform root")
    ca = (
        _builder("Bianmin platform root", name, now, CA_LIFETIME)
        .public_key(ca_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    server_key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(hosts[0], name, now, SERVER_LIFETIME).public_key(server_key.public_key())
    builder = builder.add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
    server = _leaf(builder, ExtendedKeyUsageOID.SERVER_AUTH, ca).sign(ca_key, hashes.SHA256())
    write_private(folder.keys / "ca.key", _private_pem(ca_key))
    write_private(folder.server_key, _private_pem(server_key))
    write_public(folder.ca_certificate, ca.public_bytes(serialization.Encoding.PEM))
    write_public(folder.server_certificate, server.public_bytes(serialization.Encoding.PEM))


def certs_only(certificate: x509.Certificate) -> bytes:
    """PKCS#7 certs-only (DER) holding `certificate`: the EST answer of /simpleenroll."""
    return pkcs7.serialize_certificates([certificate], serialization.Encoding.DER)


def format_serial(serial: int) -> str:
    """A serial number as nginx writes it ($ssl_client_serial): capital hex of whole bytes."""
    text = f"{serial:X}"
    return text.zfill(len(text) + len(text) % 2)


def _builder(common_name: str, issuer: x509.Name, now: datetime, lifetime: timedelta) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_name(common_name))
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before((now - CLOCK_SLACK).astimezone(UTC))
        .not_valid_after((now + lifetime).astimezone(UTC))
    )


def _leaf(
    builder: x509.CertificateBuilder, usage: x509.ObjectIdentifier, issuer: x509.Certificate
) -> x509.CertificateBuilder:
    issuer_key = issuer.public_key()
    assert isinstance(issuer_key, ec.EllipticCurvePublicKey)
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False)
    )


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
