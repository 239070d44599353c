"""Every door out of a visit, at a terminal that is a program of its own: behind each, no readable trace of anybody.

One station lives through a day: people come by every way and leave by every door, and after each door everything they
and all before them brought is searched for wherever terminal, agent and platform write.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from demo.phone import Phone
from demo.programs import until
from drivers.simulators.sam_reader import FACES as FACES_DRAWN
from kiosk.journey import intents
from kiosk.journey.views import (
    AttractView,
    CodeLoginView,
    CommitmentView,
    DoneView,
    FaceView,
    FarewellView,
    HomeView,
    PhoneLoginView,
    QuestionView,
    SituationView,
    SmartCardView,
)
from kiosk.terminal import CRASHED
from offline_cache import Cache
from tests.faults.station import FarCitizen, Station, opened
from tests.faults.traces import Traces
from tests.journeys.hands import ELDERLY, FACES, INSURANCE
from tests.journeys.town_hall import TownHall

PENSION, PROOF = "领取养老金资格认证", "社会保险参保证明打印"
MOBILE = "13512345678"
#: the rules of the site: a page on which nobody may stand long, and a card that is soon missed
RULES = """
[visit.card]
back_within = 2
[visit.pages.commitment]
idle = 1
leaves = 1
"""
#: the same with a very short visit
SHORT = f"{RULES}\n[visit.longest]\nvisit = 7\ntold_before = [3]\n"


class Day:
    """The station, everybody who was there, and what must never be found of them."""

    def __init__(self, hall: TownHall, folder: Path) -> None:
        self.hall, self.station, self.traces = hall, Station(hall, folder), Traces()
        self._rules = RULES
        self._citizen: FarCitizen | None = None
        self.traces.know("typed mobile", MOBILE)
        self.traces.know_number("typed mobile", MOBILE)

    def citizen(self, rules: str = "") -> FarCitizen:
        """Somebody before the running terminal; it is started where it does not run, or not by these rules."""
        running = self.station.terminal is not None and self.station.terminal.running
        rules = rules or self._rules
        if not running or self._rules != rules or self._citizen is None:
            self.station.stop()
            self._rules, self._citizen = rules, self.station.start(rules, card_stays=True)
        return self._citizen

    def knows(self, *places: int) -> None:
        """These people of the sample city come."""
        for place in places:
            self.traces.know_person(self.hall.people[place])
            self.traces.know_photo(FACES[place])

    def remember(self) -> None:
        """What lies sealed in the store now must be gone later, key and all."""
        for table, column in (("visits", "wrapped_key"), ("drafts", "sealed"), ("materials", "sealed"),
                              ("outbox", "sealed"), ("answers", "sealed")):  # fmt: skip
            for row in self.station.query(f"select {column} from {table} where {column} is not null"):
                self.traces.know_sealed(f"{table}.{column}", row[column])

    def nothing_readable(self) -> None:
        """At this moment, while it is still kept sealed."""
        assert self.traces.found(self.station.files()) == []

    def nothing_left(self) -> None:
        """Nothing readable, nothing sealed, no picture of the memory."""
        self.station.nothing_owed()
        store = [self.station.data / "store.db", self.station.data / "store.db-wal"]
        deadline = time.monotonic() + 20
        # the WAL is emptied as soon as nobody reads it
        while self.traces.found(store, shredded=True) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert self.traces.found(self.station.files(), shredded=True) == []
        assert not list(self.station.folder.rglob("core*"))

    def logged(self, words: str) -> None:
        """The terminal's newest log says so."""
        newest = max((self.station.folder / "terminal" / "log").iterdir(), key=lambda path: int(path.stem))
        assert words in newest.read_text("utf-8")

    def power_cut(self) -> None:
        """Searched twice: as the cut left it, and after the next start."""
        self.station.cut_power()
        self.nothing_readable()
        self.hall.repair()
        self.citizen()
        self.nothing_left()


@pytest.fixture(scope="module")
def whole_day(hall: TownHall, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    day = Day(hall, tmp_path_factory.mktemp("station"))
    yield day
    day.station.stop()


@pytest.fixture
def day(whole_day: Day, hall: TownHall) -> Iterator[Day]:
    yield whole_day
    hall.repair()


# ways in


def by_face(citizen: FarCitizen, day: Day) -> None:
    """ID card and face, for the item that needs it; as far as its submission."""
    day.knows(0)
    citizen.log_in(0)
    citizen.open_item(PENSION)
    citizen.send(intents.Forward())
    citizen.sees(FaceView)
    citizen.face("wang")


def with_helper(citizen: FarCitizen, day: Day) -> None:
    """By ID card, with a helper beside."""
    day.knows(3)
    citizen.log_in(3)
    helper = day.hall.town.helper_code("BB-001")
    day.traces.know_code(helper)
    day.traces.know("helper", "周帮办")
    citizen.send(intents.CallHelper())
    citizen.sees(CodeLoginView)
    citizen.show_code(helper)
    citizen.shown(lambda s: isinstance(s.view, HomeView) and "周帮办" in s.chrome.acting, "the helper")


def as_agent(citizen: FarCitizen, day: Day) -> None:
    """For somebody else whose card is read; half a form is typed."""
    day.knows(1)
    citizen.send(intents.ActFor())
    citizen.sees(SituationView)
    citizen.send(intents.Choose("agent"), intents.Forward())
    citizen.page_of("number")
    citizen.lift_card()
    citizen.lay_card(1)
    citizen.sees(HomeView)
    half_a_form(citizen)


def half_a_form(citizen: FarCitizen) -> None:
    citizen.open_item(INSURANCE)
    citizen.send(intents.Forward())
    citizen.choose("local")
    citizen.confirm_person()
    citizen.page("mobile")
    citizen.send(intents.Answer("/data/contact/mobile", MOBILE))
    citizen.sees(QuestionView, lambda v: any(field.value == MOBILE for field in v.fields))


def typed_numbers(citizen: FarCitizen, day: Day, place: int) -> str:
    """Asks for a code by SMS; the code that came."""
    day.knows(place)
    person = day.hall.people[place]
    day.hall.sms.tell("forget")
    with sqlite3.connect(day.hall.town.fleet_data / "fleet.db", timeout=20) as fleet:
        fleet.execute("delete from waits")  # somebody of an earlier test may have asked for this number
    citizen.walk_up()
    citizen.choose_way("sms")
    citizen.page_of("number")
    citizen.answer(number=person["number"], mobile=person["mobile"])
    citizen.page_of("code")
    code = Phone(day.hall.town, place).message()
    day.traces.know("code by SMS", code)
    return code


def by_sms(citizen: FarCitizen, day: Day) -> None:
    """A whole form and a paper, as far as the commitment."""
    citizen.answer(code=typed_numbers(citizen, day, 2))
    citizen.sees(HomeView)
    citizen.open_item(ELDERLY)
    citizen.send(intents.Forward())
    citizen.choose("self")
    citizen.confirm_person()
    citizen.fill(functions="bus park", mobile=MOBILE)
    citizen.fill(delivery="post", understood="OK")
    citizen.scan()
    citizen.sees(CommitmentView)


def by_citizen_code(citizen: FarCitizen, day: Day) -> None:
    day.knows(1)
    code = day.hall.town.citizen_code(day.hall.people[1]["number"])
    day.traces.know_code(code)
    citizen.to_code_login()
    citizen.show_code(code)
    citizen.sees(HomeView)
    half_a_form(citizen)


def by_offline_code(citizen: FarCitizen, day: Day) -> None:
    """Without a network; as far as a case that is kept here."""
    day.knows(1)
    code = day.hall.town.offline_code(day.hall.people[1]["number"])
    day.traces.know_code(code)
    day.hall.cable.cut()
    citizen.to_code_login()
    citizen.show_code(code)
    citizen.sees(HomeView)
    prove(citizen)
    citizen.sees(DoneView, lambda v: v.state == "received")


def by_phone(citizen: FarCitizen, day: Day) -> None:
    day.knows(3)
    phone = Phone(day.hall.town, 3)
    phone.scan(phone_code(citizen, day))
    phone.say_who()
    phone.press("approve")
    citizen.sees(HomeView)
    half_a_form(citizen)


def phone_code(citizen: FarCitizen, day: Day) -> str:
    """The code on the screen."""
    citizen.walk_up()
    citizen.choose_way("phone")
    shown = citizen.sees(PhoneLoginView, lambda v: v.state == "waiting")
    for text in (shown.user_code, shown.user_code.replace("-", "")):
        day.traces.know("code for the phone", text)
    return shown.code


def by_social_security_card(citizen: FarCitizen, day: Day) -> None:
    day.knows(0)
    citizen.walk_up()
    citizen.insert_card(0)
    citizen.sees(HomeView)
    prove(citizen)


def prove(citizen: FarCitizen) -> None:
    """The item that needs little."""
    citizen.open_item(PROOF)
    citizen.send(intents.Forward())
    citizen.sees(DoneView)


# doors of a terminal that goes on


def gone(citizen: FarCitizen) -> None:
    """The visit is over by itself; the next one is there at once."""
    citizen.sees(FarewellView)
    citizen.send(intents.Start())
    citizen.sees(AttractView)


def test_finish(day: Day) -> None:
    citizen, before = day.citizen(), day.hall.case_ids()
    by_face(citizen, day)
    citizen.settled()
    day.remember()
    assert day.hall.new_case(before)["case"]["applicant"]["name"] == day.hall.people[0]["name"]
    day.hall.devices.face_camera.tell("clear")
    citizen.finish()
    day.logged("visit ends: the citizen finished")
    day.nothing_left()


def test_the_leave_button(day: Day) -> None:
    citizen = day.citizen()
    with_helper(citizen, day)
    as_agent(citizen, day)
    day.remember()
    citizen.send(intents.Leave())
    citizen.shown(lambda s: s.notice is not None and s.notice.kind == "leave", "the question")
    citizen.send(intents.LeaveNow())
    citizen.sees(FarewellView)
    citizen.lift_card()
    citizen.sees(AttractView)
    day.logged("visit ends: the citizen chose to end")
    day.nothing_left()


def test_nobody_there_any_more(day: Day) -> None:
    citizen = day.citizen()
    by_sms(citizen, day)
    day.remember()
    gone(citizen)
    day.logged("visit ends: nobody was there any more")
    day.nothing_left()


def test_the_card_lifted(day: Day) -> None:
    citizen = day.citizen()
    day.knows(1)
    citizen.log_in(1)
    half_a_form(citizen)
    day.remember()
    citizen.lift_card()
    citizen.shown(lambda s: s.notice is not None and s.notice.kind == "card", "the question")
    gone(citizen)
    day.logged("visit ends: the card was lifted")
    day.nothing_left()


# doors of a terminal that ends


def test_a_crash(day: Day) -> None:
    """Something nobody thought of, in the terminal's own thread: the search index of the release is no database."""
    citizen = day.citizen()
    by_phone(citizen, day)
    day.remember()
    index = next((day.station.data / "releases" / "current").resolve().rglob("search.db"))
    whole = index.read_bytes()
    try:
        index.write_bytes(os.urandom(len(whole)))
        citizen.send(*[intents.Back()] * 4, intents.OpenSearch(), intents.Search(day.hall.people[3]["name"]))
        assert day.station.ended() == CRASHED
    finally:
        index.write_bytes(whole)
    day.logged("the terminal crashed: DatabaseError")
    day.nothing_readable()
    day.citizen()
    day.nothing_left()


def test_a_crash_of_native_code(day: Day) -> None:
    """SIGSEGV, where the shell that started it would allow a picture of the memory."""
    citizen = day.citizen()
    by_social_security_card(citizen, day)
    day.remember()
    day.station.signal(signal.SIGSEGV)
    assert day.station.ended() == -signal.SIGSEGV
    day.nothing_readable()
    assert not list(day.station.folder.rglob("core*"))
    day.hall.repair()
    day.citizen()
    day.nothing_left()


def test_the_power_fails_in_a_visit(day: Day) -> None:
    citizen = day.citizen()
    day.knows(3)
    citizen.log_in(3)
    as_agent(citizen, day)
    day.remember()
    day.power_cut()


def test_the_power_fails_with_a_case_not_yet_delivered(day: Day) -> None:
    before = day.hall.case_ids()
    by_offline_code(day.citizen(), day)
    day.remember()
    day.power_cut()
    assert day.hall.new_case(before)["case"]["login"] == "offline_code"


def test_the_power_fails_while_a_face_is_looked_at(day: Day) -> None:
    citizen = day.citizen()
    day.knows(1)
    citizen.log_in(1)
    citizen.open_item(PENSION)
    citizen.send(intents.Forward())
    day.hall.devices.face_camera.tell("face li look")
    citizen.sees(FaceView, lambda v: v.state == "looking" and v.sign != "look")
    day.remember()
    day.power_cut()


# programs that stumble over what a citizen brought


def test_a_platform_that_stumbles(day: Day) -> None:
    """Its database does not take the case, which stands among the parameters of what failed: where it failed is
    logged, and nothing of what."""
    citizen, before = day.citizen(), day.hall.case_ids()
    town = day.hall.town
    refuses = "create trigger refuses before insert on cases begin select raise(abort, 'not now'); end"
    with sqlite3.connect(town.fleet_data / "fleet.db", timeout=20) as fleet:
        fleet.execute(refuses)
    try:
        by_social_security_card(citizen, day)
        until("the platform to stumble", 30, lambda: "IntegrityError" in (town.log / "fleet.log").read_text("utf-8"))
    finally:
        with sqlite3.connect(town.fleet_data / "fleet.db", timeout=20) as fleet:
            fleet.execute("drop trigger refuses")
    day.remember()
    citizen.settled()
    assert day.hall.new_case(before)["case"]["login"] == "social_security_card"
    citizen.send(intents.Forward())
    citizen.sees(FarewellView)
    day.hall.repair()
    citizen.sees(AttractView)
    day.nothing_left()
    assert "not now" not in (town.log / "fleet.log").read_text("utf-8")


def test_an_agent_that_stumbles(day: Day) -> None:
    """A case of another version of this software, which the agent does not understand."""
    person = day.hall.people[3]
    day.knows(3)
    day.citizen()
    day.station.stop()
    cache = Cache.open(day.station.data)
    visit = cache.visits.begin()
    case = {"case_id": "00000000-0000-4000-8000-000000000000", "applicant": person, "answers": [person["address"]]}
    sealed = visit.key.seal(json.dumps(case, ensure_ascii=False).encode(), case["case_id"])
    entry = {"id": case["case_id"], "visit": visit.id, "kind": "case", "sealed": sealed, "state": "waiting"}
    with cache.store.transaction() as db:
        db.table("outbox").insert(entry | {"after": "", "attempts": 0, "problem": "", "created_at": ""})
    cache.visits.end(visit.id)
    cache.close()
    day.citizen()
    until("the case to be parked", 30, lambda: day.station.query("select 1 from outbox where state = 'parked'"))
    assert day.station.agent is not None and day.station.agent.running
    day.nothing_readable()
    # technicians remove what cannot be read (docs/technicians.md)
    day.station.stop()
    cache = Cache.open(day.station.data)
    with cache.store.transaction() as db:
        db.table("outbox").delete_where("state = 'parked'")
    cache.close()


def test_the_longest_time(day: Day) -> None:
    citizen = day.citizen(SHORT)
    by_citizen_code(citizen, day)
    day.remember()
    gone(citizen)
    day.logged("visit ends: the longest time a visit may take")
    day.nothing_left()


# the power fails in the middle of a way in


def while_a_code_by_sms_is_typed(citizen: FarCitizen, day: Day) -> None:
    code = typed_numbers(citizen, day, 3)
    citizen.send(intents.Answer("code", code))
    citizen.sees(QuestionView, lambda v: any(field.value == code for field in v.fields))


def while_a_code_is_checked(citizen: FarCitizen, day: Day) -> None:
    day.knows(0)
    code = day.hall.town.citizen_code(day.hall.people[0]["number"])
    day.traces.know_code(code)
    citizen.to_code_login()
    day.hall.cable.hold()
    citizen.show_code(code)
    citizen.sees(CodeLoginView, lambda v: v.state == "checking")


def while_a_code_is_shown_to_a_phone(citizen: FarCitizen, day: Day) -> None:
    day.knows(3)
    Phone(day.hall.town, 3).scan(phone_code(citizen, day))


def while_a_social_security_card_is_read(citizen: FarCitizen, day: Day) -> None:
    day.knows(0)
    citizen.walk_up()
    assert day.hall.devices.smart_card is not None
    day.hall.devices.smart_card.tell("fault slow")
    citizen.insert_card(0)
    citizen.sees(SmartCardView, lambda v: v.state == "reading")


@pytest.mark.parametrize(
    "middle",
    [
        while_a_code_by_sms_is_typed,
        while_a_code_is_checked,
        while_a_code_is_shown_to_a_phone,
        while_a_social_security_card_is_read,
    ],
)
def test_the_power_fails(middle: Callable[[FarCitizen, Day], None], day: Day) -> None:
    middle(day.citizen(), day)
    day.remember()
    day.power_cut()


# the search itself


def test_the_search_finds_what_is_there(day: Day, tmp_path: Path) -> None:
    """In every place and spelling a program could leave something; each plant is found for what it is."""
    person, traces = day.hall.people[0], Traces()
    traces.know_person(person)
    traces.know_photo("wang")
    traces.know_code("https://code.example.invalid/jmm/0123456789abcdef")
    traces.know("code by SMS", "402911")
    traces.know_sealed("visits.wrapped_key", bytes(range(64)))
    clean = tmp_path / "clean.log"
    clean.write_text("2026-11-22 03:35:13.402911 step: home\nf402911 b0402911c\n", "utf-8")
    assert traces.found([clean]) == []

    def planted(name: str, content: bytes) -> list[str]:
        path = tmp_path / name
        path.write_bytes(b"\0" * 5000 + content + b"\0\n")
        return [trace.rpartition(": ")[2] for trace in traces.found([path])]

    for name in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        assert f"name as {name}" in planted("plant", f"姓名{person['name']}女".encode(name))
        assert any("address" in found for found in planted("plant", person["address"].encode(name)))
    assert "name as JSON" in planted("plant", rb'{"name": "\u738b\u793a\u4f8b"}')
    assert "name as URL" in planted("plant", b"GET /?q=%E7%8E%8B%E7%A4%BA%E4%BE%8B")
    assert "number as BCD" in planted("plant", bytes.fromhex("37029919920318002a"))
    assert "mobile as BCD 0 before" in planted("plant", bytes.fromhex("013800000026"))
    assert "code by SMS 402911" in planted("plant", "验证码402911，5分钟内有效".encode())
    assert "the key strokes" in planted("plant", b'{"strokes": []}')
    assert planted(person["number"], b"") and "end of a code as utf-8" in planted("plant", b"jmm/0123456789abcdef")
    # a row that was deleted, on a page of the database that is free
    store = tmp_path / "store.db"
    with sqlite3.connect(store) as db:
        db.execute("pragma secure_delete = off")
        db.execute("create table drafts (sealed)")
        db.execute("insert into drafts values (?)", [person["name"] * 400 + person["number"]])
        db.commit()
        db.execute("delete from drafts")
    assert any("name as utf-8" in trace for trace in traces.found([store]))
    # a temporary file that was deleted and is still open
    with (tmp_path / "gone").open("wb") as file:
        file.write(person["number"].encode())
        file.flush()
        (tmp_path / "gone").unlink()
        # this process has more open than any terminal: of all that, the one that is gone
        handles = [each for each in opened(Path("/proc/self"), tmp_path) if each.is_symlink()]
        gone = [each for each in handles if str(tmp_path) in os.readlink(each)]
        assert any("number as utf-8" in trace for trace in traces.found(gone))
    plant = tmp_path / "key"
    plant.write_bytes(bytes(range(64)))
    assert traces.found([plant]) == [] and "sealed visits.wrapped_key" in traces.found([plant], shredded=True)[0]


def test_the_search_looks_everywhere(day: Day) -> None:
    """A plant in each place of the station is found there."""
    station = day.station
    day.citizen()
    places = [
        station.data / "store.db-plant",
        *(station.folder / program / place / "plant" for program in ("terminal", "agent") for place in
          ("tmp", "home", "log")),
        station.folder / "terminal" / "work" / "plant",
        Path("/dev/shm") / f"bianmin-plant-{os.getpid()}",
    ]  # fmt: skip
    traces = Traces()
    traces.know("plant", "埋在这里的字")
    try:
        for place in places:
            place.write_text("埋在这里的字", "utf-16")
        assert {trace.partition(": ")[0] for trace in traces.found(station.files())} == {str(place) for place in places}
    finally:
        for place in places:
            place.unlink(missing_ok=True)


def test_pictures_are_known_by_their_beginnings(tmp_path: Path) -> None:
    picture, traces = Image.open(FACES_DRAWN / "wang" / "look.jpg").convert("RGB"), Traces()
    for kind in ("JPEG", "PNG", "BMP", "PDF"):
        picture.save(tmp_path / "picture", kind)
        content = (tmp_path / "picture").read_bytes()
        (tmp_path / "picture").write_bytes(b"\0" * 300 + content[:200])
        assert [trace.rpartition(": ")[2] for trace in traces.found([tmp_path / "picture"])] == [f"a {kind}"]
    (tmp_path / "picture").write_bytes(bytes(cv2.imencode(".jpg", np.asarray(picture))[1])[:200])
    assert traces.found([tmp_path / "picture"])
