"""A monkey before the terminal: any touch, any device's word, any answer of a platform, in any order, late or never.

MONKEY_SECONDS=60 lets it play for longer than the seeds below.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import base45
import pytest

from contract.codes import Acting, Assurance
from contract.identity import Person
from contract.logins import Refusal
from drivers.code_scanner.events import CodeRead
from drivers.id_card import events as id_card
from drivers.smart_card import events as smart_card
from drivers.smart_card.cards import SocialSecurityCard, UnknownCard
from kiosk.identity.assurance import AT_MOST
from kiosk.identity.face import FaceAsks, FaceDone, FaceTrouble
from kiosk.journey import intents
from kiosk.journey.eligibility import obstacle
from kiosk.journey.events import Health, Tick
from kiosk.journey.visit_state import VisitState
from tests.contract.test_cbor import STRANGE
from tests.kiosk.documents.signing import signed
from tests.kiosk.headless import ITEMS, LI, WANG, Headless, card
from tests.offline_cache.odd_platform import odd

__all__ = ["odd"]

MOBILES = {WANG.number: "13800000026", LI.number: "13900000018"}
COMPANY = {"name": "示例商贸有限公司", "uscc": "91370299MA0000001J", "role": "handler"}
#: pages on which nobody is known yet
BEFORE = {"attract", "login", "smart_card_login", "code_login", "phone_login", "sms_login", "face_check", "farewell"}
CHECKED = "2026-11-22T00:00:00Z"
PLENTY = 1 << 30


class Monkey(Headless):
    """Plays by its dice; after each touch what must hold is looked at."""

    def __init__(self, data: Path, odd: ThreadingHTTPServer, seed: int, **site: Any) -> None:
        super().__init__(data, f"http://127.0.0.1:{odd.server_port}", **site)
        self.dice, self.odd = random.Random(seed), odd
        self.odd.said = (503, {}, b"")  # type: ignore[attr-defined]
        #: one after the other: whose proofs the citizen who is here showed, and which jobs began for them
        self.shown: set[str] = set()
        self.asked_here: set[int] = set()
        self.known: tuple[str, Assurance] | None = None
        self.visits = self.served = 0
        self.wall, self.watched = [time.time()], [0.0]
        self.cache.attempts._clock = self.cache.clock._clock = lambda: self.wall[0]
        self.journey.watch._clock = lambda: self.watched[0]
        self.checks: list[Any] = []
        self.full = False

    def _job(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        super()._job(work, then)
        self.asked_here.add(id(self.waiting[-1]))

    # what it does

    def play(self) -> None:
        doing = self.dice.choices(
            (self.touch, self.go_on, self.lay, self.insert, self.show, self.answer, self.finish, self.face,
             self.pass_time, self.fill_disk),
            (6, 12, 5, 3, 4, 9, 9, 4, 5, 0.4),
        )[0]  # fmt: skip
        doing()
        self.look()

    def touch(self) -> None:
        person = self.dice.choice((WANG, LI))
        texts = (person.number, MOBILES[person.number], "123456", "1", "３" * 18, "", "王示例")
        self.does(self.dice.choice([
            intents.Back(), intents.Back(), intents.Forward(), intents.Leave(), intents.Stay(), intents.AskHelp(),
            intents.SetLanguage(self.dice.choice(("zh", "en"))), intents.SetCare(self.dice.random() < 0.5),
            intents.ActFor(), intents.CallHelper(), intents.LeaveNow(), intents.OpenSearch(),
            intents.Choose(self.dice.choice((*Acting, COMPANY["uscc"], "licence", "x"))),
            intents.Answer(self.dice.choice(("number", "mobile", "code", "name", "x")), self.dice.choice(texts)),
        ]))  # fmt: skip

    def go_on(self) -> None:
        """What leads somewhere from the page that is shown."""
        person = self.dice.choice((WANG, LI))
        code = self.dice.choice(list(ITEMS))
        match self.page:
            case "attract" | "farewell":
                self.does(intents.Start())
            case "login" if self.dice.random() < 0.5:
                self.does(id_card.CardRemoved())
                self.shown.add(person.number)
                self.does(id_card.CardRead(card(person)))
            case "login":
                self.does(intents.ChooseWay(self.dice.choice(("citizen_code", "phone", "sms", "social_security_card"))))
            case "sms_login":
                numbers = {"number": person.number, "mobile": MOBILES[person.number], "code": "123456"}
                self.does(*(intents.Answer(name, value) for name, value in numbers.items()), intents.Forward())
            case "home":
                self.does(self.dice.choice([*[intents.OpenItem(code)] * 4, intents.ActFor(), intents.CallHelper()]))
            case "acting_for":
                self.does(intents.Choose(self.dice.choice(list(Acting))), intents.Forward())
            case "principal":
                self.does(intents.Answer("name", person.name), intents.Answer("number", person.number))
                self.does(intents.Forward())
            case "company":
                self.does(intents.Choose(COMPANY["uscc"]), intents.Forward())
            case _:
                self.does(intents.Forward())

    def lay(self) -> None:
        person, picture = self.dice.choice((WANG, LI)), self.dice.choice((b"", b"BM", None))
        happens = self.dice.randrange(5)
        if happens == 0:
            self.does(id_card.CardFailed(self.dice.choice(("lifted-early", "unreadable", "wrong-kind", "no-answer"))))
        elif happens == 1:
            self.does(id_card.CardRemoved())
        else:
            self.shown.add(person.number)
            self.does(id_card.CardRead(card(person, picture)))

    def insert(self) -> None:
        person = self.dice.choice((WANG, LI))
        happens = self.dice.randrange(6)
        if happens == 0:
            self.does(smart_card.CardFailed(self.dice.choice(("mute", "needs-pin", "blocked", "x"))))
        elif happens == 1:
            self.does(smart_card.CardRemoved())
        elif happens == 2:
            self.does(smart_card.CardInserted(), smart_card.CardRead(UnknownCard()))
        else:
            self.shown.add(person.number)
            read = SocialSecurityCard(name=person.name, number=person.number)
            self.does(smart_card.CardInserted(), smart_card.CardRead(read))

    def show(self) -> None:
        person, now = self.dice.choice((WANG, LI)), int(self.wall[0])
        claims: dict[int, object] = {
            4: now + 300, 6: now, 7: bytes([self.dice.randrange(4)]), -70001: person.name, -70002: person.number,
        }  # fmt: skip
        strange = self.dice.choice(list(STRANGE.values()))
        kind = self.dice.randrange(4)
        if kind == 0:
            self.shown.add(person.number)
        self.does(CodeRead((
            "BM1:" + base45.b45encode(signed(claims)).decode(), "BM1:" + base45.b45encode(b"\xd2" + strange).decode(),
            "https://code.example.invalid/?" + COMPANY["uscc"], "x" * 9000,
        )[kind]))  # fmt: skip

    def answer(self) -> None:
        """Whatever is asked next, the platform says this."""
        person = self.dice.choice((WANG, LI)).model_dump(mode="json")
        level = self.dice.choice(list(Assurance))
        bodies: list[Any] = [
            {"person": person, "assurance": level, "checked_at": CHECKED},
            {"person": person, "assurance": level, "checked_at": CHECKED},
            {"refused": self.dice.choice(list(Refusal)), "checked_at": CHECKED},
            {"person": person, "refused": "used", "checked_at": CHECKED}, {"checked_at": CHECKED},
            {"challenge": "c", "expires_in": 300, "again_in": 60},
            {"challenge": "c", "expires_in": 300, "again_in": 60},
            {"refused": self.dice.choice(list(Refusal)), "again_in": 9},
            {"device_code": "d", "user_code": "BCDF-GHJK", "verification_uri": "https://x/device", "expires_in": 300,
             "verification_uri_complete": "https://x/device?user_code=BCDF-GHJK", "interval": 5},
            {"access_token": "t"}, {"error": "slow_down"}, {"error": "access_denied"}, {"error": []},
            {"companies": [COMPANY]}, {"companies": []}, {"refused": "unavailable"},
            {"helper": {"id": "B-1", "name": "孙帮办"}}, {"refused": "unknown"}, [], None, {"interval": 10**500},
        ]  # fmt: skip
        body = self.dice.choice([json.dumps(self.dice.choice(bodies)).encode(), b"<html>", b"[" * 9999, b""])
        status = self.dice.choice((200, 200, 200, 200, 400, 401, 403, 302, 503))
        if self.dice.random() < 0.7:
            body, status = json.dumps(self.dice.choice(bodies)).encode(), 200
        self.odd.said = (status, {"Location": "https://elsewhere.example.invalid/"}, body)  # type: ignore[attr-defined]

    def finish(self) -> None:
        if not self.waiting:
            return
        place = self.dice.randrange(len(self.waiting))
        if id(self.waiting[place]) in self.asked_here:
            # whoever asked may become whom the platform names
            self.asked_here.discard(id(self.waiting[place]))
            said = self.odd.said[2].decode()  # type: ignore[attr-defined]
            self.shown |= {person.number for person in (WANG, LI) if person.number in said}
        self.finish_job(place)

    def face(self) -> None:
        """The word of a check: of this one, or of one before it, of somebody else."""
        step: Any = self.journey.step
        if self.page == "face_check" and step._check is not None:
            self.checks = [*self.checks[-3:], step._check]
        if self.page != "face_check" or not self.checks:
            return
        event = self.dice.choice([
            FaceDone("accepted", ""), FaceDone("refused", "not-alike"), FaceDone("unsure", "no-liveness"),
            FaceAsks("blink", 1, 2), FaceTrouble("camera-gone"), FaceTrouble("worker-died"),
        ])  # fmt: skip
        step._tell(self.dice.choice(self.checks), event)
        self.hear_devices()

    def pass_time(self) -> None:
        self.watched[0] += self.dice.choice((0.25, 0.25, 0.25, 1, 1, 10, 10, 100, 3000))
        self.wall[0] += self.dice.choice((1, 1, 60, 4000, -4000, -1e8, 1e8))
        step: Any = self.journey.step
        if hasattr(step, "_next_poll"):
            step._next_poll = 0.0
        self.does(Tick(), Health({}, True), Tick())

    def fill_disk(self) -> None:
        """SQLite's own limit: a database that may not grow is a full disk."""
        ((pages,),) = self.cache.store.db.execute("pragma page_count").fetchall()
        self.full = not self.full
        self.cache.store.db.execute(f"pragma max_page_count = {pages if self.full else PLENTY}")

    # what must hold

    def look(self) -> None:
        journey, state = self.journey, self.journey.state
        person: Person | None = state.person
        assert (journey.visit is None) == (person is None), "a visit without a proof, or a proof without a visit"
        assert person is not None or self.page in BEFORE | {"trouble"}, self.page
        if self.page in ("attract", "farewell"):
            assert state == VisitState() and journey.step.state is state, "something of the last citizen is left"
            self.shown, self.known = set(), None
            self.asked_here.clear()
        if person is None or state.login is None:
            return
        if self.known is None:
            assert person.number in self.shown, "a visit begins for somebody who showed nothing"
            self.visits += 1
        else:
            assert person.number == self.known[0], "another person in the middle of a visit"
            assert person.number in self.shown and state.assurance >= self.known[1]
        self.known = (person.number, state.assurance)
        assert state.assurance <= AT_MOST[state.login]
        if self.page == "done":
            assert obstacle(journey.item, state, journey.rules.site) is None
            self.served += 1

    def goes_away(self) -> None:
        """Whatever was going on: the next citizen finds a terminal that knows nobody."""
        if self.full:
            self.fill_disk()
        self.does(intents.LeaveNow())
        assert self.page == "farewell"
        while self.waiting:
            self.finish()
            self.look()
        self.does(intents.Start(), Tick())
        assert self.page == "attract" and self.journey.state == VisitState()
        assert (self.journey.language, self.journey.care) == ("zh", False)
        assert self.cache.store.db.table("visits").count_where("ended_at is null") == 0
        assert self.cache.store.db.table("drafts").count == 0


def let_play(data: Path, odd: ThreadingHTTPServer, seed: int, touches: int, face: bool) -> Monkey:
    """One seed, told when it fails; the photos are no pictures, so that no worker of a face check gets far."""
    monkey = Monkey(data, odd, seed, card_stays=seed % 2 == 0, face_at_login=face and seed % 3 == 0)
    if not face:
        # a worker is a process: without a camera there is none, and thousands of touches a second
        object.__setattr__(monkey.parts.devices, "face_camera_check", None)
    try:
        for touch in range(touches):
            try:
                monkey.play()
            except BaseException as error:
                error.add_note(f"seed {seed}, touch {touch}, on {monkey.page}")
                raise
        monkey.goes_away()
    finally:
        monkey.close()
    return monkey


@pytest.mark.parametrize("seed", range(3))
def test_a_monkey_becomes_nobody_else(tmp_path: Path, odd: ThreadingHTTPServer, seed: int) -> None:
    monkey = let_play(tmp_path, odd, seed, 1000, face=False)
    assert monkey.visits > 3


def test_a_monkey_before_the_face_camera(tmp_path: Path, odd: ThreadingHTTPServer) -> None:
    assert let_play(tmp_path, odd, 6, 200, face=True).visits > 0


def test_a_monkey_with_time(tmp_path: Path, odd: ThreadingHTTPServer, capsys: pytest.CaptureFixture[str]) -> None:
    until, seed, visits, served = time.monotonic() + float(os.environ.get("MONKEY_SECONDS", "2")), 1000, 0, 0
    while time.monotonic() < until:
        monkey = let_play(tmp_path / str(seed), odd, seed, 1000, face=seed % 10 == 0)
        seed, visits, served = seed + 1, visits + monkey.visits, served + monkey.served
    with capsys.disabled():
        print(f"\n{(seed - 1000) * 1000} touches, {visits} visits, {served} looks at a page after submitting")
