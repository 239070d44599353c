"""Cases (办件): what a terminal submits and what the platform answers."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from uuid import UUID

from pydantic import Field

from contract.certificates import Certificate, FinishedDocument
from contract.codes import (
    FROM_PLATFORM,
    SOURCE_SELF_SERVICE,
    Assurance,
    CaseState,
    LetterKind,
    LoginWay,
    MaterialOrigin,
    PaperDoubt,
)
from contract.identity import Company, Helper, Person
from contract.model import Message
from contract.outcomes import Notice


class Answer(Message):
    """One answered question: its path in the form, its label, the stored value and the text the citizen saw."""

    path: str
    label: str
    value: str
    shown: str


class MaterialSent(Message):
    """A material of the case; its bytes travel apart, addressed by `sha256` (hex).

    `origins` says how its pages came, each way once; [] for what the terminal made itself. What came from the platform
    says in `reference` from whom it is and under which number.
    """

    material_id: str
    name: str
    media_type: str
    sha256: str
    size: int
    pages: int
    #: what did not fit when it was read at the terminal; the citizen saw it and gave the paper all the same
    doubts: list[PaperDoubt] = []
    #: another paper was given first, was doubted, and this one took its place (当场更正)
    corrected: bool = False
    origins: list[MaterialOrigin] = []
    reference: str = ""

    @property
    def from_platform(self) -> bool:
        """Whether the platform had it."""
        return bool(FROM_PLATFORM.intersection(self.origins))


class Stroke(Message):
    """One stroke of a handwritten signature: (x, y, milliseconds since the first touch), in 0…1 of the pad, y down."""

    points: list[tuple[float, float, int]]


class Signature(Message):
    """A signature by hand, bound to the exact document and moment.

    The signed PDF travels as a material of hash `pdf_sha256`. Its first `letter_size` bytes, of hash `letter_sha256`,
    are the letter as it was before anything was signed; the device's signature over the whole states `signed_at` and,
    as its reason, `binding` (below). `document_sha256` is that of the text `document` in UTF-8, `picture_sha256` that
    of the handwriting's grey pixels, row by row, as they stand in the PDF.
    """

    kind: LetterKind
    title: str
    document: str
    document_sha256: str
    letter_sha256: str
    letter_size: int = Field(gt=0)
    strokes: list[Stroke]
    #: the pad's width by its height
    pad_shape: float = Field(gt=0)
    picture_sha256: str
    pdf_sha256: str
    signed_at: datetime


def binding(document_sha256: str, letter_sha256: str, strokes: list[Stroke], pad_shape: float) -> str:
    """What the device signs beside the PDF: the hashes of the text, of the unsigned letter and of the strokes."""
    drawn = json.dumps([pad_shape, *(stroke.points for stroke in strokes)], separators=(",", ":"))
    hand = hashlib.sha256(drawn.encode()).hexdigest()
    return f"text {document_sha256} letter {letter_sha256} strokes {hand}"


class Case(Message):
    """办件: one application. `case_id` makes delivery idempotent; `receipt_number` (收件编号) is the terminal's own."""

    case_id: UUID
    receipt_number: str
    terminal_id: str
    task_code: str
    item_name: str
    release_version: int
    source: str = SOURCE_SELF_SERVICE
    #: how the person at the terminal, the applicant or the agent, showed who they are, and how sure that is
    login: LoginWay
    assurance: Assurance = Assurance.SUBSTANTIAL
    applicant: Person
    #: 代理人: who stands at the terminal, where that is not the applicant
    agent: Person | None = None
    #: with an agent: the applicant's own ID card was read; False: the agent wrote name and number
    principal_card: bool = False
    #: the company applies, the applicant acts for it
    company: Company | None = None
    #: 帮办员: who helped; never saw what is the citizen's alone
    helper: Helper | None = None
    situations: dict[str, str] = {}
    answers: list[Answer] = []
    instance: str = ""
    materials: list[MaterialSent] = []
    signatures: list[Signature] = []
    #: ids of materials the applicant brings later (容缺后补), as the signed letter says
    owed: list[str] = []
    #: the name (contract/saving.py) of the saved application this one finishes, which is then shredded; or ""
    continues: str = Field(default="", pattern=r"^([0-9a-f]{32})?$")
    submitted_at: datetime

    @property
    def hashes(self) -> list[str]:
        """SHA-256 of everything that travels apart, each once: the materials, then the signed letters."""
        named = [material.sha256 for material in self.materials]
        named += [signature.pdf_sha256 for signature in self.signatures]
        return list(dict.fromkeys(named))

    def __repr__(self) -> str:
        return f"Case({self.case_id})"

    __str__ = __repr__


class CaseAnswer(Message):
    """The platform's answer to PUT /api/v1/cases/{case_id}.

    While `missing` names hashes, those uploads are still owed and nothing is accepted. Afterwards
    `case_number` (办件编号) and `state` stand, and for instant items (秒批秒办) the certificate: one to be
    laid out by the terminal, or a document that is finished.

    `content_sha256` is that of the bytes of the request whose content the platform holds under this id; a terminal
    believes no other acknowledgement.
    """

    case_id: UUID
    content_sha256: str = ""
    state: CaseState
    missing: list[str] = []
    case_number: str = ""
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    notice: Notice | None = None
    #: path of the receipt's page for the citizen's phone, for a day
    receipt_link: str = ""
    certificate: Certificate | None = None
    document: FinishedDocument | None = None
