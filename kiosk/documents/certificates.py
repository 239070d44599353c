"""Certificates laid out by typst: a template of the release and a certificate of the platform become a PDF/A."""

from __future__ import annotations

import functools
import io
import json
import threading
from datetime import timedelta, timezone
from pathlib import Path

import segno
import typst

from contract.certificates import Certificate
from kiosk.documents.errors import CertificateError

#: Certificates are dated in Chinese time, wherever the clock of the machine stands.
CHINA = timezone(timedelta(hours=8), "CST")

_compiling = threading.Lock()


def render(certificate: Certificate, template: str, city: str, fonts: Path | None = None) -> bytes:
    """The certificate as PDF/A-2b, about 10 ms after the first. The same certificate gives the same bytes.

    `template` is the source text of the release's `<template>.typ`, `city` the name printed on top, `fonts` a
    folder of fonts to use before the system's. Raises CertificateError.
    """
    content = {
        "number": certificate.number,
        "name": certificate.name.zh,
        "name_en": certificate.name.en,
        "holder": certificate.holder,
        "fields": certificate.fields,
        "authority": certificate.authority,
        "issued_at": certificate.issued_at.astimezone(CHINA).isoformat(timespec="seconds"),
        "city": city,
        "code_svg": code_svg(certificate.code),
    }
    # A compiler keeps its inputs between calls: one certificate at a time, and none left behind.
    with _compiling:
        compiler = _compiler(fonts)
        try:
            pdf = compiler.compile(
                template.encode(),
                format="pdf",
                sys_inputs={"certificate": json.dumps(content, ensure_ascii=False)},
                pdf_standards="a-2b",
                timestamp=int(certificate.issued_at.timestamp()),
            )
        except typst.TypstError:
            # typst quotes what it stumbled on, which may be the citizen's.
            raise CertificateError("template") from None
        finally:
            compiler.compile(b"", format="svg", sys_inputs={})
    if not isinstance(pdf, bytes):
        raise CertificateError("template")
    return pdf


def code_svg(code: str) -> str:
    """The certificate's code as a QR drawing: error level M, base45 in the alphanumeric mode made for it."""
    try:
        drawing = segno.make(code, error="m", micro=False, boost_error=False)
    except segno.DataOverflowError:
        raise CertificateError("code-too-long") from None
    written = io.BytesIO()
    drawing.save(written, kind="svg", border=2, xmldecl=False, svgclass=None, lineclass=None)
    return written.getvalue().decode()


@functools.lru_cache(maxsize=2)
def _compiler(fonts: Path | None) -> typst.Compiler:
    """Looking through the fonts takes most of a second; it is done once."""
    return typst.Compiler(font_paths=[fonts] if fonts else [])
