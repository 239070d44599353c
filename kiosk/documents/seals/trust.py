"""Whom the installed release trusts to seal documents."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass

from contract.releases import SealAuthority


@dataclass(frozen=True)
class TrustList:
    """Certificates (DER) that sealing certificates must be signed by: `pdf` for PAdES, `ofd` SM2 ones for OFD."""

    pdf: tuple[bytes, ...] = ()
    ofd: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, authorities: Iterable[SealAuthority]) -> TrustList:
        """Of the release; an entry that is no base64 trusts nobody."""
        found: dict[str, list[bytes]] = {"pdf": [], "ofd": []}
        for authority in authorities:
            try:
                found[authority.kind].append(base64.b64decode(authority.certificate, validate=True))
            except binascii.Error:
                continue
        return cls(tuple(found["pdf"]), tuple(found["ofd"]))
