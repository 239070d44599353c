"""A certificate laid out by typst and sealed by pyHanko (PAdES B-B), no change allowed afterwards."""

from __future__ import annotations

import io
import json
import threading
from datetime import datetime
from functools import cache
from importlib.resources import files

import typst
from asn1crypto import keys as asn1_keys
from asn1crypto import pem, x509
from PIL import Image
from pyhanko.pdf_utils.images import PdfImage
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from fleet.sample_city.seals.keys import SampleKeys

#: typst.Compiler keeps inputs between calls
_compiling = threading.Lock()


def sealed_pdf(content: dict[str, object], keys: SampleKeys, picture: bytes, when: datetime) -> bytes:
    """The PDF of `content` (name, number, holder, holder_number, lines, authority, date), sealed."""
    return seal_pdf(plain_pdf(content, when), keys, picture)


def plain_pdf(content: dict[str, object], when: datetime) -> bytes:
    """The same before it is sealed."""
    template = files("fleet.sample_city.seals").joinpath("sealed.typ").read_bytes()
    with _compiling:
        inputs = {"document": json.dumps(content, ensure_ascii=False)}
        pdf = _compiler().compile(
            template, format="pdf", sys_inputs=inputs, pdf_standards="a-2b", timestamp=int(when.timestamp())
        )
        _compiler().compile(b"", format="svg", sys_inputs={})
    assert isinstance(pdf, bytes)
    return pdf


def seal_pdf(pdf: bytes, keys: SampleKeys, picture: bytes) -> bytes:
    """`pdf` with the seal's picture at the bottom right of its first page."""
    signer = SimpleSigner(
        signing_cert=x509.Certificate.load(pem.unarmor(keys.pdf_certificate)[2]),
        signing_key=asn1_keys.PrivateKeyInfo.load(pem.unarmor(keys.pdf_key)[2]),
        cert_registry=SimpleCertificateStore(),
    )
    style = StaticStampStyle(border_width=0, background=_image(picture), background_opacity=1)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    place = fields.SigFieldSpec("seal", on_page=0, box=(400, 110, 505, 215))
    how = signers.PdfSignatureMetadata(
        field_name="seal",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    made = signers.PdfSigner(how, signer, stamp_style=style, new_field_spec=place).sign_pdf(writer)
    content: bytes = made.getvalue()
    return content


def _image(picture: bytes) -> PdfImage:
    with Image.open(io.BytesIO(picture)) as opened:
        opened.load()
        return PdfImage(opened, box=BoxConstraints(105, 105))


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler()
