"""The platform as a machine sees it that is being brought into service (EST, RFC 7030, and two questions after)."""

from __future__ import annotations

import base64
import binascii
import ssl
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import pkcs7
from pydantic import ValidationError
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root

from contract.terminals import TerminalProfile
from provisioning.errors import BadAnswer, Refused, ServerNotTrusted, ServerUnreachable
from provisioning.voucher import Voucher

#: Seconds to connect and to wait for an answer: a slow village line, and a technician who waits.
LIMITS = (10.0, 30.0)


def fetch_authority(server: str, voucher: Voucher) -> x509.Certificate:
    """The platform's CA certificate, if its fingerprint is the voucher's.

    The connection itself is not trusted yet, so nothing is sent over it but the question.
    Raises ServerUnreachable, ServerNotTrusted.
    """
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with urlopen(f"{server}/.well-known/est/cacerts", timeout=LIMITS[1], context=context) as answer:
            body = answer.read(100_000)
    except (URLError, OSError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise ServerUnreachable(server, type(reason).__name__) from None
    try:
        certificates = pkcs7.load_der_pkcs7_certificates(base64.b64decode(body))
    except (ValueError, binascii.Error):
        raise ServerNotTrusted(server) from None
    for certificate in certificates:
        if certificate.fingerprint(hashes.SHA256()).hex() == voucher.fingerprint:
            return certificate
    raise ServerNotTrusted(server)


class Platform:
    """Calls over TLS that trusts `pki`/ca.crt only."""

    def __init__(self, server: str, pki: Path) -> None:
        self._server = server
        self._pki = pki
        self._session = requests.Session()
        self._session.trust_env = False  # REQUESTS_CA_BUNDLE would trust others
        self._session.verify = str(pki / "ca.crt")

    def enrol(self, voucher: Voucher, request: bytes) -> x509.Certificate:
        """The first certificate, for the voucher. Raises ServerUnreachable, Refused, BadAnswer."""
        return self._certificate("simpleenroll", request, (voucher.terminal_id, voucher.secret))

    def renew(self, request: bytes) -> x509.Certificate:
        """The next certificate, for the present one. Raises ServerUnreachable, Refused, BadAnswer."""
        self._present_certificate()
        return self._certificate("simplereenroll", request, None)

    def profile(self) -> TerminalProfile:
        """Who this terminal is. Raises ServerUnreachable, Refused, BadAnswer."""
        self._present_certificate()
        try:
            return TerminalProfile.model_validate_json(self._call("GET", "/api/v1/terminal").content)
        except ValidationError:
            raise BadAnswer("terminal profile") from None

    def trust_root(self) -> bytes:
        """The TUF root, signed by its own keys. Raises ServerUnreachable, Refused, BadAnswer."""
        self._present_certificate()
        content = self._call("GET", "/api/v1/trust-root").content
        try:
            root = Metadata[Root].from_bytes(content)
            root.signed.verify_delegate(Root.type, root.signed_bytes, root.signatures)
        except (RepositoryError, ValueError):
            raise BadAnswer("release root") from None
        return content

    def _certificate(self, operation: str, request: bytes, user: tuple[str, str] | None) -> x509.Certificate:
        answer = self._call("POST", f"/.well-known/est/{operation}", base64.encodebytes(request), user)
        try:
            certificate = pkcs7.load_der_pkcs7_certificates(base64.b64decode(answer.content))[0]
            own = x509.load_der_x509_csr(request).public_key()
        except (ValueError, IndexError, binascii.Error):
            raise BadAnswer("certificate") from None
        if certificate.public_key() != own:
            raise BadAnswer("certificate")
        return certificate

    def _present_certificate(self) -> None:
        self._session.cert = (str(self._pki / "device.crt"), str(self._pki / "device.key"))

    def _call(
        self, method: str, path: str, body: bytes | None = None, user: tuple[str, str] | None = None
    ) -> requests.Response:
        headers = {"Content-Type": "application/pkcs10", "Content-Transfer-Encoding": "base64"} if body else {}
        try:
            answer = self._session.request(
                method,
                self._server + path,
                data=body,
                headers=headers,
                auth=user,
                timeout=LIMITS,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise ServerUnreachable(self._server, type(error).__name__) from None
        if answer.status_code != 200:
            raise Refused(answer.status_code, _reason(answer))
        return answer


def _reason(answer: requests.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return answer.reason or "no reason given"
