"""The terminal signs a document with its device key: PAdES B-B (ETSI EN 319 142-1), and nothing may change afterwards.

The handwriting becomes the visible face of that signature, on the line the template keeps for it, so the bytes that
were read and signed by hand are the beginning of the signed file, unchanged. Nothing is written to any disk.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pikepdf
import tzlocal
from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from PIL import Image
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from contract.signed_pdf import NotGenuine, authority, verify
from kiosk.documents.errors import SealError


def _date_in_utc() -> None:
    """pyHanko dates what it writes in tzlocal's zone, which raises for a TZ such as CST-8: tell it UTC, once."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    try:
        tzlocal.reload_localzone()
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before


_date_in_utc()

#: the name of the signature field, as viewers list it
FIELD = "Signature"
#: the handwriting on the page, in points: three wide to one high, like the pad
WIDTH, HEIGHT = 150, 50
#: the line of text the bookmark stands at, with the gap below it, in points
LINE = 28


@dataclass(frozen=True)
class Sealed:
    """A signed document, and the moment it states."""

    pdf: bytes
    signed_at: datetime


class DeviceKey:
    """The terminal's key and certificate in the folder `pki`, read anew each time: certificates are renewed daily."""

    def __init__(self, pki: Path) -> None:
        self._pki = pki

    def seal(self, document: bytes, handwriting: Image.Image, note: str, place: str) -> Sealed:
        """`document` with the handwriting on its line, signed; checked before it is handed out.

        `note` is the signature's reason, `place` its location; neither names a person. 30 ms. Raises SealError.
        """
        signer, name, root = self._read()
        page, box = _line(document)
        face = StaticStampStyle(
            border_width=0,
            background=PdfImage(handwriting),
            background_opacity=1.0,
            background_layout=layout.SimpleBoxLayoutRule(
                layout.AxisAlignment.ALIGN_MID, layout.AxisAlignment.ALIGN_MID, margins=layout.Margins.uniform(0)
            ),
        )
        about = PdfSignatureMetadata(
            field_name=FIELD,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm="sha256",
            name=name,
            reason=note,
            location=place,
        )
        field = SigFieldSpec(FIELD, on_page=page, box=box, readable_field_name=FIELD)
        written = io.BytesIO()
        PdfSigner(about, signer, stamp_style=face, new_field_spec=field).sign_pdf(
            IncrementalPdfFileWriter(io.BytesIO(document)), output=written
        )
        pdf = written.getvalue()
        try:
            (signed,) = verify(pdf, [root])
        except NotGenuine as error:
            raise SealError("expired" if error.reason == "expired" else "bad-signature") from None
        return Sealed(pdf, signed.signed_at)

    def _read(self) -> tuple[SimpleSigner, str, asn1.Certificate]:
        try:
            certificate, root = (authority((self._pki / name).read_bytes()) for name in ("device.crt", "ca.crt"))
            key = load_pem_private_key((self._pki / "device.key").read_bytes(), password=None)
        except (OSError, ValueError, TypeError):
            raise SealError("no-key") from None
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        signer = SimpleSigner(
            signing_cert=certificate,
            signing_key=keys.PrivateKeyInfo.load(der),
            cert_registry=SimpleCertificateStore.from_certs([root]),
        )
        return signer, str(certificate.subject.native["common_name"]), root


def _line(document: bytes) -> tuple[int, tuple[int, int, int, int]]:
    """Page and box of the handwriting: below the last bookmark of the document, which its template sets there."""
    with pikepdf.open(io.BytesIO(document)) as opened, opened.open_outline() as outline:
        target = outline.root[-1].destination if outline.root else None
        if not isinstance(target, pikepdf.Array):
            raise SealError("no-line")
        page = opened.pages.index(pikepdf.Page(target[0]))
        left, top = round(float(target[2])), round(float(target[3])) - LINE
        return page, (left, top - HEIGHT, left + WIDTH, top)
