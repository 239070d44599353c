"""A citizen without a display: sends intents to a real terminal and waits for what it shows."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import segno

from demo.town import CITY
from drivers.status import MediaState
from kiosk.journey import intents
from kiosk.journey.intents import Intent
from kiosk.journey.views import (
    AttractView,
    CheckView,
    CodeLoginView,
    CommitmentView,
    DoneView,
    FaceView,
    FarewellView,
    GuideView,
    HomeView,
    ItemsView,
    LoginView,
    Preview,
    QuestionView,
    ScanView,
    SignView,
    SituationView,
    Snapshot,
    View,
)
from kiosk.terminal import Terminal
from tests.journeys.town_hall import TownHall

V = TypeVar("V", bound=View)

#: how long anything may take before a test fails; the machine may be busy with other things
PATIENCE = 30.0
INSURANCE, HOUSEHOLD, ELDERLY = "灵活就业人员参保登记", "户籍证明打印", "老年人优待证申领"
#: a name as a finger might write it
STROKES = (((0.1, 0.2, 0), (0.4, 0.7, 120), (0.6, 0.2, 240)), ((0.65, 0.3, 400), (0.9, 0.8, 520)))
#: whose drawn face is on whose card (drivers/simulators/faces)
FACES = ("wang", "li", "zhao", "chen")
SETTLED = ("printed", "failed", "uncertain")


class Hands:
    """Drives one terminal; every view it showed is remembered by its class's name."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._changed = threading.Condition()
        self.snapshot: Snapshot | None = None
        self.seen: list[str] = []
        self.previews: list[Preview] = []
        #: exit statuses of a terminal that crashed
        self.crashes: list[int] = []
        terminal.subscribe(self._show, self.previews.append)

    def _show(self, snapshot: Snapshot) -> None:
        with self._changed:
            self.snapshot = snapshot
            name = type(snapshot.view).__name__
            if not self.seen or self.seen[-1] != name:
                self.seen.append(name)
            self._changed.notify_all()

    def send(self, *those: Intent) -> None:
        """Do these things one after the other."""
        for intent in those:
            self._terminal.send(intent)

    def sees(self, kind: type[V], when: Callable[[V], bool] = lambda view: True, seconds: float = PATIENCE) -> V:
        """Wait for a view of this class for which `when` holds."""
        found = self.shown(lambda s: isinstance(s.view, kind) and when(s.view), kind.__name__, seconds).view
        assert isinstance(found, kind)
        return found

    def shown(self, when: Callable[[Snapshot], bool], what: str = "it", seconds: float = PATIENCE) -> Snapshot:
        """Wait for a snapshot for which `when` holds."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                if self.snapshot is not None and when(self.snapshot):
                    return self.snapshot
                left = deadline - time.monotonic()
                assert not self.crashes, f"the terminal crashed before {what} came; it showed {self.snapshot}"
                assert left > 0, f"{what} did not come; the terminal shows {self.snapshot}"
                self._changed.wait(min(left, 0.5))


class Citizen(Hands):
    """Hands that know the way: the card, the papers, and the pages of the sample city's items."""

    def __init__(self, terminal: Terminal, hall: TownHall) -> None:
        super().__init__(terminal)
        self.terminal = terminal
        self.hall, self.devices = hall, hall.devices
        self._lifted = False

    # who is there

    def lay_card(self, place: int = 0, **changed: str) -> None:
        """Put the card of the person at `place` on the reader, with these fields changed."""
        self._see_it_lifted()
        path = self.hall.town.out / "card.json"
        card = {**self.hall.people[place], "photo": FACES[place], **changed}
        path.write_text(json.dumps(card, ensure_ascii=False), "utf-8")
        self.devices.id_card.tell(f"place {path}")

    def lift_card(self) -> None:
        """Take the card."""
        self.devices.id_card.tell("lift")
        self._lifted = True

    def _see_it_lifted(self) -> None:
        """A card laid down before the reader has seen the last one go would be that one, jerked: it is not read."""
        reader, deadline = self.terminal.parts.devices.id_card, time.monotonic() + PATIENCE
        while self._lifted and reader and reader.status.media in (MediaState.PRESENT, MediaState.ENTERING):
            assert time.monotonic() < deadline, "the reader has not seen the card go"
            time.sleep(0.02)
        self._lifted = False

    def walk_up(self) -> LoginView:
        """Touch the attract screen."""
        self.sees(AttractView, lambda v: v.open)
        self.send(intents.Start())
        return self.sees(LoginView, lambda v: v.card == "waiting")

    def log_in(self, place: int = 0) -> HomeView:
        """By card."""
        self.walk_up()
        self.lay_card(place)
        return self.sees(HomeView)

    def show_code(self, code: str) -> None:
        """Hold a phone with this code to the scanner."""
        picture = self.hall.town.out / "code.png"
        segno.make(code, error="m").save(str(picture), scale=8, border=6)
        self.devices.code_camera.tell(f"show {picture}")

    def face(self, name: str, seconds: float = 90.0) -> View:
        """Somebody of drivers/simulators/faces does what is asked of them, until the face check is over."""
        deadline, asked = time.monotonic() + seconds, ("", -1)
        while time.monotonic() < deadline:
            view = self.snapshot.view if self.snapshot else View()
            if not isinstance(view, FaceView) or view.state in ("over", "gone"):
                return view
            if self.snapshot and self.snapshot.notice:
                # on a busy machine a check takes longer than anybody is waited for
                self.send(intents.Stay())
            if view.state == "looking" and asked != (view.sign, view.done):
                asked = (view.sign, view.done)
                self.devices.face_camera.tell(f"face {name} {view.sign}")
            time.sleep(0.05)
        raise AssertionError(f"the face check is not over; the terminal shows {self.snapshot}")

    def insert_card(self, place: int = 0) -> None:
        """Put the social security card of the person at `place` into the slot."""
        assert self.devices.smart_card is not None
        self.devices.smart_card.tell(f"insert {card_file(self.hall, place)}")

    def choose_way(self, way: str) -> None:
        """Another way than the card, from the login page; waits until it is offered."""
        self.sees(LoginView, lambda v: any(tile.id == way and tile.available for tile in v.ways))
        self.send(intents.ChooseWay(way))

    def answer(self, **answers: str) -> None:
        """Answer fields by their names, and go on."""
        self.send(*(intents.Answer(name, value) for name, value in answers.items()), intents.Forward())

    def to_code_login(self) -> None:
        """To the page that waits for a code."""
        self.walk_up()
        self.send(intents.ChooseWay("citizen_code"))
        self.sees(CodeLoginView)

    # finding and filling in

    def open_item(self, name: str, query: str = "") -> GuideView:
        """Search for an item and open its guide."""
        self.send(intents.OpenSearch())
        self.sees(ItemsView)
        self.send(intents.Search(query or name))
        rows = self.sees(ItemsView, lambda v: any(name in row.name for row in v.rows)).rows
        self.send(intents.OpenItem(next(row.code for row in rows if name in row.name)))
        return self.sees(GuideView, lambda v: name in v.title)

    def choose(self, value: str) -> None:
        """Answer the situation question and go on."""
        self.sees(SituationView)
        self.send(intents.Choose(value), intents.Forward())

    def page(self, field: str) -> QuestionView:
        """Wait for the page of the form that holds `field`."""
        return self.sees(QuestionView, lambda v: any(f.path.endswith(f"/{field}") for f in v.fields))

    def fill(self, **answers: str) -> None:
        """Answer these questions of the page that holds the first, and go on."""
        page = self.page(next(iter(answers)))
        for name, value in answers.items():
            path = next(f.path.rpartition("/")[0] for f in page.fields) + f"/{name}"
            self.send(intents.Answer(path, value))
        self.send(intents.Confirm(), intents.Forward())

    def page_of(self, name: str) -> QuestionView:
        """Wait for a page outside any form that asks for `name`."""
        return self.sees(QuestionView, lambda v: any(field.path == name for field in v.fields))

    def confirm_person(self) -> None:
        """The form's first page, filled in from the card."""
        self.page("number")
        self.send(intents.Confirm(), intents.Forward())

    def fill_insurance(self, arrival: bool = False) -> None:
        """Every page of the insurance form."""
        self.confirm_person()
        self.fill(mobile="13800000026")
        if arrival:
            self.fill(permit="370299198ABCDEF", arrived="2025-03-01")
        self.fill(kind="both", start="next_month")
        self.fill(base="5000")

    def lay_paper(self, name: str = "employment_card.jpg") -> None:
        """Put a paper under the document camera."""
        self.devices.document_camera.tell(f"show {CITY / 'papers' / name}")

    def scan(self) -> None:
        """One paper, kept as soon as it is taken."""
        self.sees(ScanView, lambda v: v.state != "taken")
        self.lay_paper()
        self.sees(ScanView, lambda v: v.state == "taken")
        self.send(intents.Forward())

    def sign(self) -> None:
        """Read the commitment and sign it."""
        self.sees(CommitmentView)
        self.send(intents.ReadToEnd(), intents.Forward())
        self.sees(SignView)
        self.send(intents.Sign(STROKES), intents.Forward())

    def to_form(self, situation: str = "local", place: int = 0) -> None:
        """Log in, find the insurance item and come to its form."""
        self.log_in(place)
        self.open_item(INSURANCE)
        self.send(intents.Forward())
        self.choose(situation)
        self.page("number")

    def to_scan(self) -> ScanView:
        """To the paper of the insurance item."""
        self.to_form()
        self.fill_insurance()
        return self.sees(ScanView)

    def to_check(self, situation: str = "local") -> CheckView:
        """Everything up to "check your answers"."""
        self.to_form(situation)
        self.fill_insurance(arrival=situation != "local")
        self.scan()
        self.sign()
        return self.sees(CheckView)

    # submitting and going

    def print_household(self, place: int = 0) -> DoneView:
        """The shortest service: a certificate straight from the guide, as far as its submission."""
        self.log_in(place)
        return self.print_household_again()

    def print_household_again(self) -> DoneView:
        """The same once more, for somebody who is logged in."""
        self.open_item(HOUSEHOLD)
        self.send(intents.Forward())
        return self.sees(DoneView)

    def settled(self, state: str = "concluded", seconds: float = 90.0) -> DoneView:
        """The page after submitting, once nothing is being waited for or printed any more."""
        return self.sees(
            DoneView, lambda v: v.state == state and all(paper.state in SETTLED for paper in v.papers), seconds
        )

    def finish(self) -> None:
        """Finish, take the card; the screen is as at the start."""
        self.send(intents.Forward())
        self.sees(FarewellView)
        self.lift_card()
        self.sees(AttractView)


def card_file(hall: TownHall, place: int) -> Path:
    """The social security card of the person at `place`, for the simulated chip."""
    person = hall.people[place]
    path = hall.town.out / f"social-security-{place}.json"
    sex = "1" if person["sex"] == "男" else "2"
    card = {"kind": "social-security", "number": person["number"], "name": person["name"], "sex": sex}
    path.write_text(json.dumps(card, ensure_ascii=False), "utf-8")
    return path


def paper(view: DoneView, kind: str) -> tuple[str, str]:
    """State and line of the receipt's or the certificate's row."""
    return next((row.state, row.line) for row in view.papers if row.id == kind)


def printed_pages(hall: TownHall) -> list[Path]:
    """What came out of the page printer."""
    return sorted((hall.town.out / "pages").glob("*.pdf"))


def printed_receipts(hall: TownHall) -> list[str]:
    """The texts that came out of the receipt printer, oldest first."""
    files = sorted((hall.town.out / "receipts").glob("*.txt"), key=lambda path: int(path.stem.rpartition("-")[2]))
    return [path.read_text("utf-8") for path in files]
