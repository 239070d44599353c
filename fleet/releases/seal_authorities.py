"""The trust list of a release: whose seals terminals believe, one PEM certificate a file, put there by an operator."""

from __future__ import annotations

import base64
from pathlib import Path

from asn1crypto import pem, x509

from contract.releases import SealAuthority
from fleet.errors import ReleaseRefused

#: sm2p256v1: such a certificate stands behind seals on OFDs, every other behind signatures on PDFs
_SM2 = "1.2.156.10197.1.301"


def read_seal_authorities(folder: Path) -> list[SealAuthority]:
    """The certificates in `folder` (*.pem, *.crt, *.cer), by file name. Raises ReleaseRefused for one that is none."""
    files = sorted(path for path in folder.glob("*") if path.suffix in (".pem", ".crt", ".cer"))
    return [_authority(path) for path in files]


def _authority(path: Path) -> SealAuthority:
    content = path.read_bytes()
    try:
        der = pem.unarmor(content)[2] if pem.detect(content) else content
        read = x509.Certificate.load(der, strict=True)
        basic = read.basic_constraints_value
        if basic is None or not basic["ca"].native:
            raise ReleaseRefused(f"{path} is not the certificate of an authority; remove it from the trust list")
        name = read.subject.native.get("common_name") or read.subject.human_friendly
        key = read.public_key["algorithm"]
        sm2 = key["algorithm"].native == "ec" and key["parameters"].chosen.dotted == _SM2
    except (ValueError, TypeError, KeyError):
        raise ReleaseRefused(f"{path} is no X.509 certificate; remove it from the trust list") from None
    encoded = base64.b64encode(der).decode()
    return SealAuthority(name=str(name), kind="ofd" if sm2 else "pdf", certificate=encoded)
