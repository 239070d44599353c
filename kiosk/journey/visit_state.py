"""Everything known in one visit. Saved, sealed, after every answer; gone when the visit ends."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from uuid import UUID, uuid4

from contract.cases import MaterialSent, Signature
from contract.codes import Acting, Assurance, LetterKind, LoginWay
from contract.identity import Company, Helper, Person
from contract.saved_codes import SavedKey
from kiosk.documents.page_text import PageText
from kiosk.forms import FormSession
from kiosk.identity import Proof
from kiosk.journey.material_pages import MaterialPages
from kiosk.journey.offers import Offers
from kiosk.journey.route import Stop

Strokes = tuple[tuple[tuple[float, float, int], ...], ...]


@dataclass
class VisitState:
    """One citizen's visit. `person` stands at the terminal; whom the matter concerns is `applicant`."""

    person: Person | None = None
    login: LoginWay | None = None
    assurance: Assurance = Assurance.LOW
    #: the picture on the card's chip, for a face check later in this visit; never saved
    photo: bytes = field(default=b"", repr=False)
    #: 委托人: whom the person acts for, and whether that person's own card was seen
    principal: Person | None = None
    principal_card: bool = False
    company: Company | None = None
    #: 帮办员: stays recorded once one was there
    helper: Helper | None = None
    item: str = ""
    #: the case this item becomes; fixed when the item begins, so that it is submitted once however often it is sent
    case_id: UUID = field(default_factory=uuid4, compare=False)
    situations: dict[str, str] = field(default_factory=dict)
    form: FormSession | None = None
    #: by the material's id
    materials: dict[str, MaterialSent] = field(default_factory=dict)
    #: by the material's id: what its PDF is made of
    pages: dict[str, MaterialPages] = field(default_factory=dict)
    #: by a picture's SHA-256: what stands on it, None where nobody could read it; never saved
    texts: dict[str, PageText | None] = field(default_factory=dict, repr=False)
    #: by the material's id: what its pages say, by the names of contract.papers; never saved
    readings: dict[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    #: ids of materials of which a page was doubted, and then exchanged (当场更正)
    corrected: set[str] = field(default_factory=set)
    #: what the platform has of them; asked anew for every item, and never in a savepoint
    offers: Offers = field(default_factory=Offers)
    #: whether something lay on the scanner's glass, and may still lie there; never saved
    on_glass: bool = False
    #: ids of materials the citizen does not have today
    later: set[str] = field(default_factory=set)
    #: by the letter they stand under
    strokes: dict[LetterKind, Strokes] = field(default_factory=dict)
    signatures: dict[LetterKind, Signature] = field(default_factory=dict)
    #: width by height of the pad they were drawn on
    pad_shape: float = 3.0
    #: the saved application this is, and the stop it goes on at once it is begun; neither is in a savepoint
    saved: SavedKey | None = None
    resume_at: Stop | None = None

    @classmethod
    def of(cls, proof: Proof) -> VisitState:
        """The state of a visit that begins with this proof."""
        return cls(person=proof.person, login=proof.way, assurance=proof.assurance, photo=proof.photo)

    @property
    def acting(self) -> Acting:
        """For whom."""
        if self.company is not None:
            return Acting.COMPANY
        return Acting.AGENT if self.principal is not None else Acting.SELF

    @property
    def applicant(self) -> Person | None:
        """申请人: whose matter it is."""
        return self.principal or self.person

    @property
    def cards(self) -> set[str]:
        """The numbers on the ID cards that were laid on the reader in this visit: the person's, the principal's."""
        own = {self.person.number} if self.person and self.login is LoginWay.ID_CARD else set()
        return own | ({self.principal.number} if self.principal and self.principal_card else set())

    @property
    def facts(self) -> dict[str, str]:
        """What chooses materials and pages: the situations, and for whom the citizen acts."""
        return {**self.situations, "acting": self.acting}

    def holds(self, digest: str) -> bool:
        """Whether bytes of this SHA-256 are still of a material or a page: the same file may have been given twice."""
        pages = (page.sha256 for kept in self.pages.values() for page in kept.pages)
        return digest in {*pages, *(material.sha256 for material in self.materials.values())}

    def surer(self, proof: Proof) -> None:
        """The same person proved who they are once more (升级实名)."""
        if proof.assurance > self.assurance or self.login is LoginWay.OFFLINE_CODE:
            self.login, self.assurance = proof.way, max(proof.assurance, self.assurance)
        self.photo = proof.photo or self.photo
        if self.person is not None and proof.way is LoginWay.ID_CARD:
            self.person = proof.person.model_copy(update={"mobile": self.person.mobile})

    def act_for(self, principal: Person | None = None, company: Company | None = None, card: bool = False) -> None:
        """For whom from now on: somebody else, a company, or with neither for oneself. An item begins anew."""
        self.principal, self.company, self.principal_card = principal, company, card
        self.begin_item("")

    def begin_item(self, code: str) -> None:
        """Another item, or the same from the start: nothing of an earlier one remains."""
        self.item, self.case_id = code, uuid4()
        self.situations = {}
        self.form = None
        self.materials, self.pages = {}, {}
        self.texts, self.readings = {}, {}
        self.later, self.corrected = set(), set()
        self.offers = Offers()
        self.strokes = {}
        self.signatures = {}
        self.saved = self.resume_at = None

    def serialise(self) -> bytes:
        """The savepoint (to be sealed before it is kept)."""
        state = {
            "person": self.person and self.person.model_dump(mode="json"),
            "login": self.login,
            "assurance": self.assurance,
            "principal": self.principal and self.principal.model_dump(mode="json"),
            "principal_card": self.principal_card,
            "company": self.company and self.company.model_dump(mode="json"),
            "helper": self.helper and self.helper.model_dump(mode="json"),
            "item": self.item,
            "case_id": str(self.case_id),
            "situations": self.situations,
            "form": self.form and self.form.serialise().decode(),
            "materials": {key: material.model_dump(mode="json") for key, material in self.materials.items()},
            "later": sorted(self.later),
            "pages": {key: asdict(pages) for key, pages in self.pages.items()},
            "strokes": self.strokes,
            "pad_shape": self.pad_shape,
            "signatures": {kind: signature.model_dump(mode="json") for kind, signature in self.signatures.items()},
        }
        return json.dumps(state, ensure_ascii=False).encode()
