"""Certificates laid out by typst: a template of the release and a certificate of the platform become a PDF/A."""

from __future__ import annotations

from pathlib import Path

from contract.certificates import Certificate
from kiosk.documents.typesetting import CHINA, code_svg, typeset


def render(certificate: Certificate, template: str, city: str, fonts: Path | None = None) -> bytes:
    """The certificate as PDF/A-2b. `template` is the text of the release's `<template>.typ`, `city` the name on top.

    Raises TypesettingError.
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
    return typeset(template, "certificate", content, certificate.issued_at, fonts)
