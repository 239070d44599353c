"""Signed letters (承诺书) of a case: bound by their hashes, and signed by the terminal that sent them."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding

from contract.cases import Case, Signature, binding
from contract.codes import LetterKind
from contract.items import Commitment, ServiceItem
from contract.signed_pdf import NotGenuine, appearance_pixels, authority, verify
from fleet.errors import CaseRefused
from fleet.platform import Platform

#: a letter is signed before its case is submitted; terminals' clocks do not go back further than this
CLOCK_SLACK = timedelta(minutes=10)


def refuse_unbound(case: Case, item: ServiceItem) -> None:
    """Raises CaseRefused for a signature over another text than the item's letter, before any PDF is here."""
    if len({signature.kind for signature in case.signatures}) != len(case.signatures):
        raise CaseRefused("the same letter is signed twice")
    later = {material.id: material.name.zh for material in item.materials}
    for signature in case.signatures:
        if hashlib.sha256(signature.document.encode()).hexdigest() != signature.document_sha256:
            raise CaseRefused("a signature is not bound to its document: document_sha256 differs")
        letter = item.commitment if signature.kind is LetterKind.COMMITMENT else item.later_letter
        if letter is None or not _says(signature, letter):
            raise CaseRefused("a signed letter is not the one of this item")
        if signature.kind is LetterKind.LATER and not all(
            later.get(owed, "") and later[owed] in signature.document for owed in case.owed
        ):
            raise CaseRefused("the signed letter does not name the papers that are owed")
        if signature.pdf_sha256 not in {material.sha256 for material in case.materials}:
            raise CaseRefused("a signed letter is not among the materials")
        if signature.signed_at > case.submitted_at + CLOCK_SLACK:
            raise CaseRefused("a letter is signed after the case was submitted")


def refuse_forged(case: Case, platform: Platform) -> None:
    """Raises CaseRefused, with the reason, unless every signed PDF is what its record says; they must be held."""
    trusted = [authority(platform.authority.certificate.public_bytes(Encoding.DER))]
    for signature in case.signatures:
        pdf = platform.uploads.path_of(signature.pdf_sha256).read_bytes()
        letter = pdf[: signature.letter_size]
        if hashlib.sha256(letter).hexdigest() != signature.letter_sha256:
            raise CaseRefused("the signed PDF does not begin with the letter that was read: letter_sha256 differs")
        try:
            signed = verify(pdf, trusted)
            if len(signed) != 1 or signed[0].signer != case.terminal_id:
                raise CaseRefused("the letter is not signed by the terminal that sent it, and by it alone")
            pixels = appearance_pixels(pdf, signed[0].field)
        except NotGenuine as error:
            raise CaseRefused(f"a signed letter is not genuine: {error.reason}") from None
        said = binding(signature.document_sha256, signature.letter_sha256, signature.strokes, signature.pad_shape)
        if signed[0].note != said:
            raise CaseRefused("the PDF is signed for another text, letter or hand")
        if signed[0].signed_at != signature.signed_at:
            raise CaseRefused("the PDF is signed at another moment than the record says")
        if hashlib.sha256(pixels).hexdigest() != signature.picture_sha256:
            raise CaseRefused("the handwriting in the PDF is not the one of the record: picture_sha256 differs")


def _says(signature: Signature, letter: Commitment) -> bool:
    paragraphs = [paragraph.zh for paragraph in letter.paragraphs]
    return signature.document.startswith(letter.title.zh) and all(each in signature.document for each in paragraphs)
