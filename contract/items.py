"""Service items (事项, 实施清单): what can be done at a terminal, and what a citizen is told about it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from contract.codes import (
    Assurance,
    ColourMode,
    MaterialForm,
    MaterialNeed,
    MaterialSource,
    PaperRead,
    ProjectType,
    ServerType,
    TaskType,
)
from contract.model import Message, Words


class Theme(Message):
    """A tile of the home screen (主题): what people come for, in their own words."""

    id: str
    name: Words
    icon: str


class Fee(Message):
    """收费: empty basis and name mean the item is free."""

    charged: bool = False
    name: str = ""
    standard: str = ""
    basis: str = ""


class Guide(Message):
    """办事指南 of one item: plain words (白话版) first, the formal wording one tap away."""

    plain: Words
    condition: str
    flow: str
    law: str
    legal_days: int
    promise_days: int
    fee: Fee = Fee()
    place: str = ""
    hours: str = ""
    consult: str = ""
    supervise: str = ""
    visits: int = 0


class Choice(Message):
    """One answer to a situation question."""

    value: str
    label: Words
    help: Words | None = None


class Situation(Message):
    """情形: a question asked before the form; its answer chooses materials and form pages."""

    id: str
    question: Words
    help: Words | None = None
    choices: list[Choice] = Field(min_length=2)


class MaterialWay(StrEnum):
    """How a material reaches the office: the card just read, data another office shares, a scan."""

    CARD = "card"
    SHARED = "shared"
    SCAN = "scan"


class Material(Message):
    """材料: one paper, named exactly, and how it is given."""

    id: str
    name: Words
    way: MaterialWay
    need: MaterialNeed = MaterialNeed.REQUIRED
    form: MaterialForm = MaterialForm.ORIGINAL
    source: MaterialSource = MaterialSource.AUTHORITY
    copies: int = 1
    #: 2: front and back are both scanned
    sides: int = Field(default=1, ge=1, le=2)
    #: pages it may have when it is scanned
    most_pages: int = Field(default=10, ge=1)
    #: how its scanned pages are kept
    colour: ColourMode = ColourMode.COLOUR
    #: which paper it is, where the terminal reads it: the form then offers what it says
    reads: PaperRead | None = None
    #: of a form of the office's own: field -> the label its value stands beside
    labels: dict[str, str] = {}
    #: whether it names the applicant: name and number are then compared with who logged in
    of_applicant: bool = True
    notes: Words | None = None
    #: 证照类型代码 of the electronic licence that answers it; "" for none
    licence: str = Field(default="", max_length=40)
    #: months for which one given in an earlier case may be used again; 0: never
    reuse_months: int = Field(default=0, ge=0, le=120)
    #: `situation id=value` pairs, any of which asks for this material; empty: always asked for.
    when: list[str] = []

    @property
    def given(self) -> bool:
        """Whether a file of it belongs to the case: one scanned, or a shared one that the platform can fetch."""
        return self.way is MaterialWay.SCAN or (self.way is MaterialWay.SHARED and bool(self.licence))

    @property
    def may_be_held(self) -> bool:
        """Whether the platform is asked for it before it is scanned."""
        return self.given and bool(self.licence or self.reuse_months)


class Commitment(Message):
    """承诺书: read in full on the screen, then signed by hand."""

    title: Words
    paragraphs: list[Words] = Field(min_length=1)


class ResultField(Message):
    """A line of a certificate: the label, and the name of the question or calculation that fills it."""

    label: str
    question: str


class Result(Message):
    """审批结果: the certificate the item yields, and the typst template it is printed with."""

    name: Words
    template: str
    #: letters before the certificate's number, such as CB
    series: str
    #: lines after name and ID number, in this order; those without an answer are left out
    fields: list[ResultField] = []
    #: questions that name the holder's name and ID number where that is not the applicant; [] or both
    holder: list[str] = []


class Printing(Message):
    """How the item's paper may be printed: pages at the most, and how often a paper that surely failed is tried."""

    most_pages: int = Field(default=10, ge=1)
    attempts: int = Field(default=3, ge=1)


class ServiceItem(Message):
    """事项: one service as the release offers it."""

    task_code: str = Field(max_length=36, description="实施编码")
    catalog_code: str = Field(min_length=12, max_length=12, description="基本编码")
    name: Words
    popular_terms: list[str] = Field(default=[], description="日常用语: what neighbours call it")
    life_events: list[str] = Field(default=[], description="人生事件: what happened in a life that asks for it")
    task_type: TaskType
    project_type: ProjectType
    server_types: list[ServerType]
    dept_name: Words
    dept_code: str = Field(min_length=18, max_length=18, description="实施主体编码, a USCC")
    theme: str
    minutes: int = Field(ge=1, description="how long it takes at the terminal")
    agent_allowed: bool = True
    #: how sure it must be who applies (实名级别)
    assurance: Assurance = Assurance.SUBSTANTIAL
    #: shown under 这里常办 on the home screen, in this order; 0 is not shown
    popular_rank: int = 0
    guide: Guide
    situations: list[Situation] = []
    materials: list[Material] = []
    #: name of the XForm in the department's folder of the release; None: nothing to fill in
    form: str | None = None
    commitment: Commitment | None = None
    #: 容缺受理承诺书, where a material may follow later: signed by who does not have it today
    later_letter: Commitment | None = None
    #: working days within which papers that were missing are brought or put right
    later_days: int = Field(default=5, ge=1)
    result: Result | None = None
    printing: Printing = Printing()
    #: False: the terminal shows the guide only (不支持自助终端办理)
    at_terminal: bool = True


class DepartmentItems(Message):
    """The target `<dept_code>/items.json` of a release: one department's items."""

    dept_code: str
    dept_name: Words
    items: list[ServiceItem]
