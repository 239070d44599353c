"""Certificates (电子证照, 证明): what the platform issues and the terminal prints once."""

from __future__ import annotations

from datetime import datetime

from contract.model import Message, Words


class Certificate(Message):
    """A certificate's content.

    `code` is the text of its QR: base45 of a COSE_Sign1 (Ed25519) over a CBOR map
    {1: number, 2: task code, 3: holder's name, 4: masked ID number, 5: issue time (epoch seconds), 6: authority}.
    """

    number: str
    name: Words
    template: str
    holder: str
    fields: list[tuple[str, str]]
    authority: str
    issued_at: datetime
    code: str

    def __repr__(self) -> str:
        return f"Certificate({self.number})"

    __str__ = __repr__
