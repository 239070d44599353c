"""Signatures of a PDF (PAdES, ISO 32000-2 section 12.8): pyHanko verifies, here is what we ask of its findings."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from kiosk.documents.seals.results import Refusal, Seal

#: A signer's clock may be ahead of ours by this much.
CLOCKS = timedelta(minutes=10)
#: More are a way to keep the terminal busy.
MOST_SIGNATURES = 16
_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


def check_pdf(content: bytes, roots: Sequence[bytes], now: datetime) -> tuple[Seal, ...]:
    """Every signature of the PDF, each verified; the last covers all but what keeps seals checkable. Raises Refusal.

    Nothing is asked of a network: a certificate that was revoked is not noticed here.
    """
    if not roots:
        raise Refusal("no-trust-list")
    # pyHanko logs what it stumbles over, which may quote the document
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        trusted = [x509.Certificate.load(root, strict=True) for root in roots]
        reader = PdfFileReader(io.BytesIO(content), strict=True)
        if reader.encrypted:
            raise Refusal("unsupported", "encrypted")
        found = list(reader.embedded_signatures)
    except Refusal:
        raise
    except Exception as error:  # pyHanko's errors and whatever broken bytes make of it
        raise Refusal("not-a-document", type(error).__name__) from None
    seals = [signature for signature in found if signature.sig_object_type == "/Sig"]
    if not seals:
        raise Refusal("no-seal")
    if len(found) > MOST_SIGNATURES:
        raise Refusal("unsupported", "too many signatures")
    last = seals[-1]
    return tuple(_seal(signature, trusted, now, signature is last) for signature in seals)


def _seal(signature: EmbeddedPdfSignature, roots: list[x509.Certificate], now: datetime, last: bool) -> Seal:
    try:
        signed_at = signature.self_reported_timestamp
        if signed_at is None:
            raise Refusal("no-time")
        signed_at = signed_at.astimezone(UTC) if signed_at.tzinfo else signed_at.replace(tzinfo=UTC)
        if signed_at > now + CLOCKS:
            raise Refusal("in-future")
        context = ValidationContext(trust_roots=roots, moment=signed_at, allow_fetching=False)
        status = validate_pdf_signature(signature, context, key_usage_settings=_USAGE)
    except Refusal:
        raise
    except Exception as error:
        raise Refusal("broken-seal", type(error).__name__) from None
    # the hole the signature is written into is covered by nothing: what is left of it must be empty
    whole_length = len(cms.ContentInfo.load(signature.pkcs7_content).dump())
    if signature.pkcs7_content[whole_length:].strip(b"\0"):
        raise Refusal("changed", "padding")
    _accept(status, signed_at, last)
    stamp = status.timestamp_validity
    if stamp is not None and not (stamp.valid and stamp.intact and stamp.trusted):
        raise Refusal("unknown-signer", "timestamp")
    whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    certificate = status.signing_cert
    return Seal(
        signer=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        signed_at=stamp.timestamp.astimezone(UTC) if stamp is not None else signed_at,
        timestamped=stamp is not None,
        covers="document" if whole else "document-before-maintenance",
    )


def _accept(status: PdfSignatureStatus, signed_at: datetime, last: bool) -> None:
    """Raises Refusal for the first thing that is wrong, the gravest first."""
    if not status.intact:
        raise Refusal("changed", "digest")
    if not status.valid:
        raise Refusal("broken-seal", "signature")
    if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        raise Refusal("changed", "coverage")
    allowed = ModificationLevel.LTA_UPDATES if last else ModificationLevel.FORM_FILLING
    level = status.modification_level
    if not status.docmdp_ok or level is None or level > allowed:
        raise Refusal("changed", "update")
    if not status.trusted:
        dates = status.signing_cert["tbs_certificate"]["validity"]
        held = dates["not_before"].native <= signed_at <= dates["not_after"].native
        raise Refusal("unknown-signer" if held else "not-valid-then", str(status.trust_problem_indic))
    if not status.bottom_line:
        raise Refusal("broken-seal", "policy")


def _name(name: x509.Name) -> str:
    """The common name, else the organisation, of a certificate's subject or issuer."""
    said = name.native
    value = said.get("common_name") or said.get("organization_name") or ""
    return value if isinstance(value, str) else str(value[0])
