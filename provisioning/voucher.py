"""The operator's voucher: who the terminal is, its one-time secret, and whom it may trust."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.errors import VoucherUnreadable

_VOUCHER = re.compile(r"([A-Za-z0-9_-]{1,40})\.([A-Za-z0-9_-]{20,100})\.([0-9a-f]{64})")


@dataclass(frozen=True, repr=False)
class Voucher:
    """`fingerprint` is the SHA-256 of the platform's CA certificate (DER), hex."""

    terminal_id: str
    secret: str
    fingerprint: str

    @classmethod
    def read(cls, text: str) -> Voucher:
        """The voucher of `<terminal>.<secret>.<fingerprint>`. Raises VoucherUnreadable."""
        match = _VOUCHER.fullmatch(text.strip())
        if match is None:
            raise VoucherUnreadable
        return cls(*match.groups())
