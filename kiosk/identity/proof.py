"""What a way in yields: a person, how they showed it, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, field

from contract.codes import Assurance, LoginWay
from contract.identity import Person


@dataclass(frozen=True)
class Proof:
    """`photo` is the picture on the ID card's chip, b"" for none: for a face check of this visit, kept nowhere."""

    person: Person
    way: LoginWay
    assurance: Assurance
    photo: bytes = field(default=b"", repr=False)
