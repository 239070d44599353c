"""What the citizen sees, as data: one frozen class a page. Screens draw these and decide nothing.

Text in a view is already in the visit's language; a screen's own fixed labels come from `kiosk.words`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kiosk.journey.frame import Chrome, Notice
from kiosk.journey.papers import CertificateView, Paper, ReceiptView


@dataclass(frozen=True)
class View:
    """The base of all pages."""

    @property
    def spoken(self) -> tuple[str, ...]:
        """The texts of the page that can be read aloud, in the order they stand; none on most pages."""
        return ()


@dataclass(frozen=True)
class AttractView(View):
    """Nobody is here: the name of the terminal, the clock, one large button."""

    open: bool = True
    problem: str = ""


@dataclass(frozen=True)
class WayTile:
    """A way to say who you are: its `id` is the intent's, `line` says how, or why it cannot be used now."""

    id: str
    name: str
    line: str
    icon: str
    available: bool = True


@dataclass(frozen=True)
class LoginView(View):
    """Ways to say who you are: the ID card needs no touch, the others are tiles.

    `card` is the state of the reader, None where the card is not asked for; `problem` says what to do after a failure.
    `others` is the row for those who come for somebody else (text, button), or None.
    """

    title: str = ""
    line: str = ""
    card: Literal["waiting", "reading", "failed", "out_of_service"] | None = "waiting"
    problem: str = ""
    ways: tuple[WayTile, ...] = ()
    others: tuple[str, str] | None = None
    others_chosen: bool = False


@dataclass(frozen=True)
class SmartCardView(View):
    """The social security card goes into the slot. `seconds` left before it gives up."""

    state: Literal["waiting", "reading", "failed", "out_of_service"] = "waiting"
    problem: str = ""
    seconds: int = 60


@dataclass(frozen=True)
class CodeLoginView(View):
    """The scanner's camera is on and waits for a code. `seconds` left before it gives up.

    `title` and `line` say which code: a citizen's, a helper's, a business licence's.
    """

    title: str = ""
    line: str = ""
    state: Literal["waiting", "checking", "refused"] = "waiting"
    problem: str = ""
    seconds: int = 60


@dataclass(frozen=True)
class PhoneLoginView(View):
    """The terminal's code for the phone to scan. `code` is the QR's text, `user_code` what can be typed instead.

    `state`: asking (the platform is asked for a code), waiting (for the phone; `seconds` until it is renewed), over
    (denied, run out or no network: `problem` says so and the forward button asks for another).
    """

    state: Literal["asking", "waiting", "over"] = "asking"
    code: str = ""
    user_code: str = ""
    #: where to type `user_code`, without https://
    address: str = ""
    seconds: int = 0
    problem: str = ""


@dataclass(frozen=True)
class FaceView(View):
    """The face before the camera. The live picture comes apart, through `Terminal.preview`.

    `state`: starting, looking (`instruction` says what to do, step `done` of `total`), comparing, over (`problem` says
    what else can be done), gone (no camera). `promise` says what is done with the picture.
    """

    title: str
    promise: str
    state: Literal["starting", "looking", "comparing", "over", "gone"] = "starting"
    instruction: str = ""
    done: int = 0
    total: int = 0
    problem: str = ""
    seconds: int = 30
    #: the sign beside the instruction
    sign: Literal["", "look", "turn_left", "turn_right", "blink"] = ""


@dataclass(frozen=True)
class Tile:
    """A theme on the home screen."""

    id: str
    name: str
    icon: str


@dataclass(frozen=True)
class ItemRow:
    """An item in a list: its name, one line about it, and a badge ("可以办") with its colour's meaning."""

    code: str
    name: str
    line: str
    badge: str
    tone: Literal["good", "care", "plain"] = "good"


@dataclass(frozen=True)
class HomeView(View):
    """王女士，您好: search, themes and what is often done here."""

    greeting: str
    themes: tuple[Tile, ...]
    popular: tuple[ItemRow, ...]
    #: 接着上次没办完的, 替别人或单位办理, 帮办员: small rows at the end, (intent, text, button)
    with_others: tuple[tuple[Literal["continue_saved", "act_for", "helper"], str, str], ...] = ()


@dataclass(frozen=True)
class ItemsView(View):
    """A list of items: of one theme, or found by `query` (searching is True: the keyboard is up).

    `guessed`: nothing is quite so; the rows are what may have been meant.
    """

    title: str
    searching: bool
    query: str
    rows: tuple[ItemRow, ...]
    guessed: bool = False


@dataclass(frozen=True)
class MaterialRow:
    """A material in the guide: there already, not asked for, or to be scanned now."""

    name: str
    line: str
    badge: str
    tone: Literal["good", "care", "plain"]


@dataclass(frozen=True)
class GuideView(View):
    """The guide of one item: `tab` plain words (白话版) or the formal wording (正式条文)."""

    place: str
    title: str
    tab: Literal["plain", "formal"]
    paragraphs: tuple[str, ...]
    #: three short facts: (label, value)
    facts: tuple[tuple[str, str], ...]
    materials: tuple[MaterialRow, ...]


@dataclass(frozen=True)
class ChoiceRow:
    """One answer to choose. `picture` (PNG or JPEG) stands beside its label."""

    value: str
    label: str
    help: str = ""
    picture: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class SituationView(View):
    """A situation question: large choices, one selected or none."""

    title: str
    help: str
    choices: tuple[ChoiceRow, ...]
    selected: str = ""
    problem: str = ""


Kind = Literal[
    "text", "integer", "decimal", "date", "time", "datetime", "select_one", "select_multiple", "rank", "range", "note",
    "acknowledge", "image", "audio", "video", "file", "barcode", "geopoint", "geotrace", "geoshape",
]  # fmt: skip
#: how a question is asked where its kind alone does not say: a wheel comes first, a long list is searched, only months
#: or years are asked
Look = Literal["", "wheel", "search", "months", "years", "address", "money", "name"]
Keyboard = Literal["pinyin", "digits", "id", "number", "integer", "amount", "decimal", "latin"]


@dataclass(frozen=True)
class AddressPart:
    """An address being chosen: the divisions so far, what can be chosen next, and the street.

    `asks` says for what ("选择区县"); "" when nothing is open to choose. `skips`: the level may be left out.
    """

    chosen: tuple[ChoiceRow, ...] = ()
    options: tuple[ChoiceRow, ...] = ()
    asks: str = ""
    skips: bool = False
    street: str = ""


@dataclass(frozen=True)
class Field:
    """One question on a form page.

    `value` is the stored text; `source` says where a prefilled answer came from ("身份证"); `keyboard`
    which keyboard rises; `error` stands beside the field in the citizen's words.
    """

    path: str
    kind: Kind
    label: str
    hint: str = ""
    value: str = ""
    choices: tuple[ChoiceRow, ...] = ()
    readonly: bool = False
    required: bool = False
    source: str = ""
    error: str = ""
    keyboard: Keyboard = "pinyin"
    look: Look = ""
    #: more help, one touch away
    guidance: str = ""
    #: the answer as a person reads it, where it is not written in a field
    shown: str = ""
    #: prefilled and shown to be looked at; a touch opens it to be changed
    settled: bool = False
    #: of a list to search: what is chosen, what is searched for, how many there are, and how many were found
    picked: tuple[ChoiceRow, ...] = ()
    query: str = ""
    choice_count: int = 0
    found: int = 0
    #: of a range: first, last and step
    bounds: tuple[str, str, str] = ("", "", "")
    address: AddressPart = AddressPart()
    #: a line under what is typed: an amount in words, or a medium that cannot be shown here
    remark: str = ""
    #: what stands beside the label, PNG or JPEG
    picture: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class QuestionView(View):
    """One page of the form: the heading is the question. `focus` is the path to open first, or "".

    `problems` are those of the fields once more, (path, text), for the top of the page. `confirm` asks whether all
    that was filled in from elsewhere is right: "" nothing was, else asked or given.
    """

    title: str
    help: str
    fields: tuple[Field, ...]
    focus: str = ""
    place: str = ""
    problems: tuple[tuple[str, str], ...] = ()
    confirm: Literal["", "asked", "given"] = ""
    confirm_error: str = ""


@dataclass(frozen=True)
class EntryRow:
    """One of several ("第 1 个孩子：王小明"): its `path` is the intents' target."""

    path: str
    label: str
    line: str = ""


@dataclass(frozen=True)
class RepeatView(View):
    """Several of the same: those there are, each to change or take away, and one more to add.

    `removing` is the path of the one that is about to be taken away: the page asks once.
    """

    title: str
    help: str
    rows: tuple[EntryRow, ...]
    can_add: bool = True
    can_remove: bool = True
    removing: str = ""
    place: str = ""
    problem: str = ""


ScanState = Literal[
    "starting", "searching", "found", "steady", "working", "taken", "reading", "refused", "gone"
]  # fmt: skip


@dataclass(frozen=True)
class ScanView(View):
    """The document camera. The live picture comes apart, through `Terminal.preview`; `flags` are its checks.

    `state`: starting, searching (no page found), found, steady (about to shoot), working, taken (`picture`
    is the page looked at, JPEG; `problem` says what does not fit), refused (`problem` says why and what to do,
    `picture` what the camera saw), reading (the words of the pages are read before going on), gone (no camera).
    `pages` are kept already. Of a material that may have several, `strip` shows them small, in their order, and `at` is
    the one looked at; `sure` asks whether it is to be deleted.
    """

    title: str
    help: str
    state: ScanState = "starting"
    message: str = ""
    problem: str = ""
    flags: tuple[tuple[str, bool], ...] = ()
    pages: int = 0
    #: of the camera's picture, where it was refused: rectangles (left, top, right, bottom in 0…1) of what is wrong
    marks: tuple[tuple[float, float, float, float], ...] = ()
    #: what reading its words has come to, "" where nothing is read
    reading: str = ""
    #: "第 2 页", "第 1 页 · 背面": the one looked at or to be taken
    page: str = ""
    picture: bytes = field(default=b"", repr=False)
    #: JPEGs
    strip: tuple[bytes, ...] = field(default=(), repr=False)
    at: int = 0
    #: the label of the button for one more page, "" for none
    adds: str = ""
    sure: str = ""
    from_phone: bool = False
    from_stick: bool = False
    #: the platform has one, which can be looked at again
    from_platform: bool = False
    from_scanner: bool = False
    #: label of the button for who does not have it today; "" where it must be there
    without: str = ""


@dataclass(frozen=True)
class HeldView(View):
    """What the platform has of a material, to be confirmed: use it, or scan the paper.

    `state`: asking (whether there is one), checking (`rows` say what it is), ready (`picture` is its first page, JPEG),
    file (it is true but cannot be drawn here faithfully), refused (`problem` says why). `remark` says why there is no
    picture, `seal` who sealed it, "" for none.
    """

    title: str = ""
    state: Literal["asking", "checking", "ready", "file", "refused"] = "asking"
    rows: tuple[tuple[str, str], ...] = ()
    picture: bytes = field(default=b"", repr=False)
    seal: str = ""
    remark: str = ""
    problem: str = ""
    #: label of the button that leads to scanning, "" where the forward button does
    scans: str = ""


@dataclass(frozen=True)
class CommitmentView(View):
    """承诺书, to be read in full; then comes the signature. `read`: its end has been in sight.

    `rows` say who promises and what about, `owed` which papers follow and until when.
    """

    title: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()
    owed_title: str = ""
    owed: tuple[tuple[str, str], ...] = ()
    read: bool = False

    @property
    def spoken(self) -> tuple[str, ...]:
        """The title, and every part of the letter as it is shown."""
        owed = (self.owed_title, *(f"{name}　{by}" for name, by in self.owed)) if self.owed else ()
        return (self.title, *(f"{label}：{value}" for label, value in self.rows), *self.paragraphs, *owed)


@dataclass(frozen=True)
class SignView(View):
    """A pad to sign on by hand. `strokes` is what is kept already: lists of (x, y) in 0…1 of the pad."""

    title: str
    help: str
    strokes: tuple[tuple[tuple[float, float], ...], ...] = ()
    problem: str = ""
    #: the document is being signed
    working: bool = False


@dataclass(frozen=True)
class CheckRow:
    """One answer to check: `change` is the intent's target, or "" when it cannot be changed; then `source` says why.

    Rows of one `section` ("家里人：王小明") stand together under it.
    """

    label: str
    value: str
    change: str = ""
    source: str = ""
    section: str = ""


@dataclass(frozen=True)
class CheckView(View):
    """Check your answers: answers, then papers and the signature."""

    answers: tuple[CheckRow, ...]
    papers: tuple[CheckRow, ...]
    strokes: tuple[tuple[tuple[float, float], ...], ...] = ()
    warning: str = ""
    problem: str = ""


@dataclass(frozen=True)
class SavedView(View):
    """Saved to be finished later. `code` in groups of four and, as a QR code, with the phone's page: `address`.

    `state`: saving, saved (`until` says how long it is kept, `papers` is the slip, `notes` what else to know), failed
    (`problem` says why, and that nothing is lost).
    """

    state: Literal["saving", "saved", "failed"] = "saving"
    title: str = ""
    line: str = ""
    code: str = ""
    address: str = ""
    until: str = ""
    papers: tuple[Paper, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class ReasonRow:
    """A reason for a rating."""

    code: str
    text: str
    chosen: bool


@dataclass(frozen=True)
class RatingRow:
    """One of five levels (5 very satisfied … 1)."""

    level: str
    name: str


@dataclass(frozen=True)
class DoneView(View):
    """After submitting: what stands where, the papers, the card, and the rating.

    `state`: sending (waiting for the platform), received (this terminal has it, 本机已收下), accepted (已受理), owing
    (容缺受理), concluded (已受理，已办结), to_supplement (补齐补正), not_accepted (不予受理). `progress` 0…1 of what is
    being waited for, None when nothing is.
    """

    state: Literal["sending", "received", "accepted", "owing", "concluded", "to_supplement", "not_accepted"]
    title: str
    line: str
    number_label: str
    number: str
    papers: tuple[Paper, ...]
    progress: float | None = None
    card_present: bool = False
    levels: tuple[RatingRow, ...] = ()
    level: str = ""
    reasons: tuple[ReasonRow, ...] = ()
    rated: bool = False
    #: the card is in the slot, not on the reader
    card_in_slot: bool = False
    receipt: ReceiptView | None = None
    certificate: CertificateView | None = None

    @property
    def spoken(self) -> tuple[str, ...]:
        """What stands where and what became of the papers, once nothing is waited for any more."""
        if self.progress is not None:
            return ()
        return (self.title, self.line, *(f"{paper.name}：{paper.line}" for paper in self.papers))


@dataclass(frozen=True)
class FarewellView(View):
    """Please take your card, stick and papers; then the attract screen. `seconds` until it goes there anyway."""

    card_present: bool
    title: str
    line: str
    seconds: int
    stick_present: bool = False


@dataclass(frozen=True)
class TroubleView(View):
    """Something expected went wrong: what happened, what to do, and that nothing was lost."""

    title: str
    what: str
    advice: str
    kept: str


@dataclass(frozen=True)
class Preview:
    """One live picture: JPEG, and for a paper its corners in 0…1 of the picture, or None."""

    jpeg: bytes
    corners: tuple[tuple[float, float], ...] | None


@dataclass(frozen=True)
class Snapshot:
    """Everything on the screen at one moment."""

    chrome: Chrome
    view: View
    notice: Notice | None = None
