"""Everything known in one visit. Saved, sealed, after every answer; gone when the visit ends."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from contract.cases import MaterialSent, Signature
from contract.codes import LoginWay
from contract.identity import Person
from kiosk.forms import FormSession

Strokes = tuple[tuple[tuple[float, float, int], ...], ...]


@dataclass
class VisitState:
    """One citizen's visit."""

    person: Person | None = None
    login: LoginWay | None = None
    item: str = ""
    situations: dict[str, str] = field(default_factory=dict)
    form: FormSession | None = None
    #: by the material's id
    materials: dict[str, MaterialSent] = field(default_factory=dict)
    strokes: Strokes = ()
    signature: Signature | None = None

    def begin_item(self, code: str) -> None:
        """Another item, or the same from the start: nothing of an earlier one remains."""
        self.item = code
        self.situations = {}
        self.form = None
        self.materials = {}
        self.strokes = ()
        self.signature = None

    def serialise(self) -> bytes:
        """The savepoint (to be sealed before it is kept)."""
        state = {
            "person": self.person and self.person.model_dump(mode="json"),
            "login": self.login,
            "item": self.item,
            "situations": self.situations,
            "form": self.form and self.form.serialise().decode(),
            "materials": {key: material.model_dump(mode="json") for key, material in self.materials.items()},
            "strokes": self.strokes,
            "signature": self.signature and self.signature.model_dump(mode="json"),
        }
        return json.dumps(state, ensure_ascii=False).encode()
