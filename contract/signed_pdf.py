"""What counts as a genuine signed PDF, for both sides: PAdES (ETSI EN 319 142-1) read by pyHanko.

The moment is the one the signer states (level B-B has no time stamp): a certificate counts as it stood then.
"""

from __future__ import annotations

import io
import logging
import struct
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import pem
from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation import KeyUsageConstraints, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError

# their warnings quote the document and its signer
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)

#: bytes of the largest PDF that is looked at: a signed letter has some 60,000
LARGEST = 32 * 1024 * 1024
#: signatures looked at in one document; ours have one
MOST_SIGNATURES = 8

#: what pyHanko and what it stands on raise for a file that is not what it claims to be
_BROKEN = (
    PdfError, CMSExtractionError, SignatureValidationError, ValueError, TypeError, LookupError, ArithmeticError,
    AttributeError, AssertionError, NotImplementedError, RecursionError, EOFError, OSError, zlib.error, struct.error,
)  # fmt: skip


class NotGenuine(Exception):
    """`reason`: "not-a-pdf", "too-large", "not-signed", "altered" (what was signed is not what stands there),
    "changed-after" (something was added to what was signed), "untrusted" (not of a known authority),
    "expired" (the certificate did not hold at the stated moment) or "bad-signature".
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Signed:
    """A genuine signature. `signed_at` is what the signer states, `note` what it wrote as its reason."""

    signer: str
    fingerprint: str
    signed_at: datetime
    field: str
    note: str


def authority(content: bytes) -> asn1.Certificate:
    """A certificate from PEM or DER. Raises ValueError."""
    try:
        der = pem.unarmor(content)[2] if pem.detect(content) else content
        certificate = asn1.Certificate.load(der, strict=True)
        certificate.native  # noqa: B018  (lazily parsed: a broken one is found here)
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError("not a certificate") from error
    return certificate


def verify(document: bytes, trusted: Sequence[asn1.Certificate]) -> list[Signed]:
    """Every signature of `document`, oldest first, all of them genuine and the newest covering all of it.

    `trusted` are the authorities. Nothing is fetched from anywhere. Raises NotGenuine.
    """
    if len(document) > LARGEST:
        raise NotGenuine("too-large")
    if not document.startswith(b"%PDF-"):
        raise NotGenuine("not-a-pdf")
    with _broken_is("not-a-pdf"):
        found = list(PdfFileReader(io.BytesIO(document), strict=True).embedded_regular_signatures)
    if not found:
        raise NotGenuine("not-signed")
    if len(found) > MOST_SIGNATURES:
        raise NotGenuine("bad-signature")
    return [_judge(each, trusted, last=each is found[-1]) for each in found]


def appearance_pixels(document: bytes, field: str) -> bytes:
    """The grey pixels, row by row, of the picture shown where the signature `field` stands. Raises NotGenuine."""
    with _broken_is("bad-signature"):
        reader = PdfFileReader(io.BytesIO(document), strict=True)
        (signature,) = [each for each in reader.embedded_regular_signatures if each.field_name == field]
        pictures = list(_pictures(signature.sig_field["/AP"]["/N"], depth=4))
        (picture,) = pictures
        return bytes(picture.data)
    raise NotGenuine("bad-signature")


def _pictures(form: Any, depth: int) -> Iterator[Any]:
    inner = form.get("/Resources", {}).get("/XObject", {})
    for name in inner:
        each = inner[name]
        if each.get("/Subtype") == "/Image":
            yield each
        elif depth:
            yield from _pictures(each, depth - 1)


def _judge(signature: EmbeddedPdfSignature, trusted: Sequence[asn1.Certificate], last: bool) -> Signed:
    with _broken_is("bad-signature"):
        stated = signature.self_reported_timestamp
        if stated is None or stated.tzinfo is None:
            raise NotGenuine("bad-signature")
        context = ValidationContext(
            trust_roots=list(trusted), moment=stated, allow_fetching=False, best_signature_time=stated
        )
        usage = KeyUsageConstraints(key_usage={"digital_signature"})
        status = validate_pdf_signature(signature, context, key_usage_settings=usage)
        _refuse(status, signature, stated, last)
        return Signed(
            signer=status.signing_cert.subject.native.get("common_name", ""),
            fingerprint=status.signing_cert.sha256.hex(),
            signed_at=stated.astimezone(UTC),
            field=signature.field_name,
            note=str(signature.sig_object.get("/Reason", "")),
        )
    raise NotGenuine("bad-signature")


def _refuse(status: PdfSignatureStatus, signature: EmbeddedPdfSignature, stated: datetime, last: bool) -> None:
    if not status.intact:
        raise NotGenuine("altered")
    if not status.valid:
        raise NotGenuine("bad-signature")
    if last and status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        raise NotGenuine("changed-after")
    if not status.docmdp_ok:
        raise NotGenuine("changed-after")
    if not status.trusted:
        validity = status.signing_cert["tbs_certificate"]["validity"].native
        holds = validity["not_before"] <= stated <= validity["not_after"]
        raise NotGenuine("untrusted" if holds else "expired")


@contextmanager
def _broken_is(reason: str) -> Iterator[None]:
    try:
        yield
    except NotGenuine:
        raise
    except (*_BROKEN, PathError):
        # the texts of these errors can quote the document
        raise NotGenuine(reason) from None
