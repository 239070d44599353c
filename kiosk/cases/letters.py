"""Letters an applicant signs (告知承诺书, 容缺受理承诺书): read, bound by hash and signed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contract.cases import MaterialSent, Signature, Stroke, binding
from contract.codes import LetterKind
from contract.items import Commitment, ServiceItem
from kiosk.cases.signature_picture import picture
from kiosk.documents.pdf import page_count
from kiosk.documents.sealing import DeviceKey
from kiosk.documents.typesetting import CHINA, typeset
from kiosk.identity import masked_number
from kiosk.items.materials import owed_later
from kiosk.journey.visit_state import VisitState
from kiosk.words import say

Strokes = Sequence[Sequence[tuple[float, float, int]]]


@dataclass(frozen=True)
class Letter:
    """One letter in one language: who, which item, on what conditions, what is promised, what is owed."""

    kind: LetterKind
    title: str
    rows: tuple[tuple[str, str], ...]
    paragraphs: tuple[str, ...]
    owed_title: str = ""
    owed: tuple[str, ...] = ()
    owed_by: str = ""

    @property
    def text(self) -> str:
        """Everything that is promised, a line a part: what a signature is bound to."""
        rows = [f"{label}：{value}" for label, value in self.rows]
        owed = [self.owed_title, *(f"{name} {self.owed_by}" for name in self.owed)] if self.owed else []
        return "\n".join([self.title, *rows, *self.paragraphs, *owed])


def letter(kind: LetterKind, item: ServiceItem, state: VisitState, language: str = "zh") -> Letter:
    """The letter for this visit. The Chinese one is signed, whatever language it is read in."""
    words = item.commitment if kind is LetterKind.COMMITMENT else item.later_letter
    if words is None:
        words = Commitment(title=item.name, paragraphs=[item.name])
    owed = owed_later(item, state.facts, state.later) if kind is LetterKind.LATER else []
    days = item.later_days
    return Letter(
        kind=kind,
        title=words.title.in_language(language),
        rows=tuple(_rows(item, state, language)),
        paragraphs=tuple(paragraph.in_language(language) for paragraph in words.paragraphs),
        owed_title=say("letter.owed", language) if owed else "",
        owed=tuple(material.name.in_language(language) for material in owed),
        owed_by=say("letter.within", language, days=days) if owed else "",
    )


def _rows(item: ServiceItem, state: VisitState, language: str) -> list[tuple[str, str]]:
    person, rows = state.applicant, []
    if state.company is not None:
        rows.append((say("letter.company", language), f"{state.company.name} {state.company.uscc}"))
    if person is not None:
        rows.append((say("letter.who", language), f"{person.name} {masked_number(person.number)}"))
    if state.principal is not None and state.person is not None:
        rows.append((say("letter.agent", language), f"{state.person.name} {masked_number(state.person.number)}"))
    rows.append((say("letter.item", language), item.name.in_language(language)))
    # conditions and office have their formal wording in Chinese only
    rows.append((say("letter.condition", language), item.guide.condition))
    rows.append((say("letter.office", language), item.dept_name.in_language(language)))
    return rows


def render(letter: Letter, template: str, city: str, office: str, at: datetime) -> bytes:
    """The letter as PDF/A-2b, unsigned; `template` is the release's letter.typ. Raises TypesettingError."""
    content = {
        "title": letter.title,
        "city": city,
        "office": office,
        "rows": letter.rows,
        "paragraphs": letter.paragraphs,
        "owed_title": letter.owed_title,
        "owed": [(name, letter.owed_by) for name in letter.owed],
        "sign_here": say("letter.sign_here"),
        "date": f"{at.astimezone(CHINA):%Y-%m-%d}",
    }
    return typeset(template, "letter", content, at)


def sign(
    letter: Letter, unsigned: bytes, strokes: Strokes, shape: float, key: DeviceKey, place: str
) -> tuple[Signature, MaterialSent, bytes]:
    """The handwriting put on the letter and both signed by the device: record, material and PDF. Raises SealError.

    `shape` is that of the pad, width by height.
    """
    hand = picture(strokes, shape)
    drawn = [Stroke(points=list(stroke)) for stroke in strokes]
    text, before = _sha256(letter.text.encode()), _sha256(unsigned)
    sealed = key.seal(unsigned, hand, binding(text, before, drawn, shape), place)
    signature = Signature(
        kind=letter.kind,
        title=letter.title,
        document=letter.text,
        document_sha256=text,
        letter_sha256=before,
        letter_size=len(unsigned),
        strokes=drawn,
        pad_shape=shape,
        picture_sha256=_sha256(hand.tobytes()),
        pdf_sha256=_sha256(sealed.pdf),
        signed_at=sealed.signed_at,
    )
    material = MaterialSent(
        material_id=material_id(letter.kind),
        name=letter.title,
        media_type="application/pdf",
        sha256=signature.pdf_sha256,
        size=len(sealed.pdf),
        pages=page_count(sealed.pdf),
    )
    return signature, material, sealed.pdf


def material_id(kind: LetterKind) -> str:
    """Under which a signed letter travels among the materials."""
    return f"letter-{kind.value}"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
