"""Ways into somebody else's visit, and ways to end the terminal: each was tried, none must work again."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import base45
import pytest

from contract.codes import Assurance, LoginWay
from contract.logins import CodeCheck, Purpose
from drivers.code_scanner.events import CodeRead
from drivers.id_card.events import CardRead, CardRemoved
from drivers.smart_card import events as smart_card
from drivers.smart_card.cards import SocialSecurityCard
from kiosk.identity.face import FaceDone
from kiosk.journey import intents
from kiosk.journey.events import Then, Tick
from tests.kiosk.documents.signing import signed
from tests.kiosk.headless import LI, WANG, Headless, card
from tests.offline_cache.odd_platform import odd

__all__ = ["odd"]

GRANT = {
    "device_code": "d", "user_code": "BCDF-GHJK", "verification_uri": "https://x/device",
    "verification_uri_complete": "https://x/device?user_code=BCDF-GHJK", "expires_in": 300, "interval": 5,
}  # fmt: skip
PHOTO = b"BM: no picture, and no worker gets as far as looking at it"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Headless]:
    """Its platform cannot be reached."""
    terminal = Headless(tmp_path)
    yield terminal
    terminal.close()


@pytest.fixture
def online(tmp_path: Path, odd: ThreadingHTTPServer) -> Iterator[Headless]:
    """Its platform says whatever `odd` says."""
    terminal = Headless(tmp_path, f"http://127.0.0.1:{odd.server_port}")
    yield terminal
    terminal.close()


def says(odd: ThreadingHTTPServer, body: object, status: int = 200) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    odd.said = (status, {}, content)  # type: ignore[attr-defined]


def offline_code(person: Any = WANG, identifier: bytes = bytes(16)) -> str:
    now = int(time.time())
    claims: dict[int, object] = {
        1: "海湾市", 4: now + 300, 6: now, 7: identifier, -70001: person.name, -70002: person.number,
    }  # fmt: skip
    return "BM1:" + base45.b45encode(signed(claims)).decode()


def insert(person: Any) -> tuple[object, ...]:
    return (
        smart_card.CardInserted(),
        smart_card.CardRead(
            SocialSecurityCard(name=person.name, number=person.number, sex=person.sex, birth=person.birth)
        ),
    )


def to(way: str) -> tuple[object, ...]:
    return intents.Start(), intents.ChooseWay(way)


# the face check


def test_the_face_of_an_earlier_check_opens_nothing_for_the_next_card(tmp_path: Path) -> None:
    """Ended, a check can still have its last word on the way: it was about somebody else."""
    terminal = Headless(tmp_path, face_at_login=True)
    try:
        terminal.does(CardRead(card(LI, PHOTO)))
        step: Any = terminal.journey.step
        late = step._check
        assert terminal.page == "face_check"
        terminal.does(intents.Back(), CardRemoved(), CardRead(card(WANG, PHOTO)))
        assert terminal.page == "face_check" and terminal.journey.step is not step
        step._tell(late, FaceDone("accepted", ""))
        terminal.hear_devices()
        assert terminal.page == "face_check" and terminal.journey.visit is None
    finally:
        terminal.finish_jobs()
        terminal.close()


def test_who_is_neither_alike_nor_unlike_is_not_tried_for_ever(tmp_path: Path) -> None:
    terminal = Headless(tmp_path, face_at_login=True)
    try:
        for _ in range(3):
            terminal.does(CardRead(card(WANG, PHOTO)))
            if terminal.page == "login":
                break
            step: Any = terminal.journey.step
            step._tell(step._check, FaceDone("unsure", "unsure"))
            terminal.hear_devices()
            terminal.does(intents.Back(), CardRemoved())
        assert terminal.page == "login" and terminal.cache.attempts.wait("face", WANG.number) > 0
    finally:
        terminal.finish_jobs()
        terminal.close()


# offline codes


def test_an_offline_code_taken_by_the_platform_is_not_taken_offline_afterwards(
    online: Headless, odd: ThreadingHTTPServer
) -> None:
    code = offline_code()
    says(odd, {"person": WANG.model_dump(mode="json"), "assurance": 1, "checked_at": "2026-11-22T00:00:00Z"})
    online.does(*to("citizen_code"), CodeRead(code))
    online.finish_jobs()
    assert online.page == "home"
    online.does(intents.LeaveNow(), intents.Start())
    says(odd, b"", 503)
    online.does(*to("citizen_code"), CodeRead(code))
    online.finish_jobs()
    assert online.page == "code_login" and online.journey.visit is None


def test_an_offline_code_taken_here_is_not_taken_by_the_platform_afterwards(
    online: Headless, odd: ThreadingHTTPServer
) -> None:
    code = offline_code()
    says(odd, b"", 503)
    online.does(*to("citizen_code"), CodeRead(code))
    online.finish_jobs()
    assert online.page == "home" and online.journey.state.login is LoginWay.OFFLINE_CODE
    online.does(intents.LeaveNow(), intents.Start())
    says(odd, {"person": WANG.model_dump(mode="json"), "assurance": 1, "checked_at": "2026-11-22T00:00:00Z"})
    online.does(*to("citizen_code"), CodeRead(code))
    online.finish_jobs()
    assert online.page == "code_login" and online.journey.visit is None


def test_who_came_by_an_offline_code_gets_on_with_any_other_proof(tmp_path: Path) -> None:
    terminal = Headless(tmp_path, offline_opens=["own"])
    try:
        terminal.does(*to("citizen_code"), CodeRead(offline_code()))
        terminal.finish_jobs()
        terminal.does(intents.OpenItem("low"), intents.Forward())
        assert terminal.page == "login"
        terminal.does(*insert(WANG))
        assert terminal.page == "done", "asked for ever"
        assert terminal.journey.state.login is LoginWay.SOCIAL_SECURITY_CARD
    finally:
        terminal.close()


# a platform that is broken or worse


@pytest.mark.parametrize("body", [
    {"checked_at": "2026-11-22T00:00:00Z"},
    {"checked_at": "2026-11-22T00:00:00Z", "refused": "used", "person": WANG.model_dump(mode="json")},
    {"checked_at": "2026-11-22T00:00:00Z", "person": {"name": "", "number": ""}},
    {"checked_at": "2026-11-22T00:00:00Z", "person": {"name": "王", "number": ""}},
    b"<html>Sign in</html>", b"[" * 100_000, b"null", b"",
])  # fmt: skip
@pytest.mark.parametrize("way", ["citizen_code", "sms"])
def test_half_an_answer_names_nobody(online: Headless, odd: ThreadingHTTPServer, body: object, way: str) -> None:
    if way == "sms":
        says(odd, {"challenge": "c", "expires_in": 300, "again_in": 60})
        typed = [intents.Answer("number", WANG.number), intents.Answer("mobile", "13800000026"), intents.Forward()]
        online.does(*to("sms"), *typed)
        online.finish_jobs()
        online.does(intents.Answer("code", "123456"), intents.Forward())
    else:
        online.does(*to("citizen_code"), CodeRead("https://code.example.invalid/x"))
    says(odd, body)
    online.finish_jobs()
    assert online.page == ("sms_login" if way == "sms" else "code_login") and online.journey.visit is None


def test_half_an_answer_names_no_helper(online: Headless, odd: ThreadingHTTPServer) -> None:
    online.does(*to("social_security_card"), *insert(WANG), intents.CallHelper(), CodeRead("x"))
    says(odd, {})
    online.finish_jobs()
    assert online.page == "helper_code" and online.journey.state.helper is None


@pytest.mark.parametrize("changed", [
    {"expires_in": 10**400}, {"interval": 10**400}, {"interval": -5}, {"interval": 0}, {"expires_in": 0},
    {"verification_uri_complete": "https://x/" + "y" * 5000}, {"device_code": ""}, {"user_code": "Q" * 5000},
])  # fmt: skip
def test_a_grant_that_cannot_be_shown_is_none(
    online: Headless, odd: ThreadingHTTPServer, changed: dict[str, Any]
) -> None:
    says(odd, GRANT | changed)
    online.does(*to("phone"))
    online.finish_jobs()
    online.does(Tick())
    view: Any = online.journey.snapshot().view
    assert (view.state, view.code) == ("over", "")


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"access_token": 7', b"null", b'{"error": ' + b"[" * 50_000])
def test_a_poll_that_is_not_understood_is_asked_again(online: Headless, odd: ThreadingHTTPServer, body: bytes) -> None:
    says(odd, GRANT)
    online.does(*to("phone"))
    online.finish_jobs()
    step: Any = online.journey.step
    step._next_poll = 0.0
    says(odd, body)
    online.does(Tick())
    online.finish_jobs()
    assert online.page == "phone_login" and online.journey.visit is None
    says(odd, body)
    online.does(intents.Back(), *to("phone")[1:])
    online.finish_jobs()
    assert online.page == "phone_login"


@pytest.mark.parametrize("changed", [{"expires_in": 10**400}, {"again_in": 10**400}, {"expires_in": -1}])
def test_a_time_that_is_none(online: Headless, odd: ThreadingHTTPServer, changed: dict[str, Any]) -> None:
    says(odd, {"challenge": "c", "expires_in": 300, "again_in": 60} | changed)
    typed = [intents.Answer("number", WANG.number), intents.Answer("mobile", "13800000026"), intents.Forward()]
    online.does(*to("sms"), *typed)
    online.finish_jobs()
    view: Any = online.journey.snapshot().view
    assert view.focus == "number"


# the impatient


def test_numbers_changed_while_the_message_is_sent_do_not_count(online: Headless, odd: ThreadingHTTPServer) -> None:
    """Else wrong codes would be counted for another number than the one they were tried on."""
    says(odd, {"challenge": "c", "expires_in": 300, "again_in": 60})
    typed = [intents.Answer("number", WANG.number), intents.Answer("mobile", "13800000026"), intents.Forward()]
    online.does(*to("sms"), *typed, intents.Answer("number", LI.number), intents.Answer("mobile", "13900000018"))
    online.finish_jobs()
    view: Any = online.journey.snapshot().view
    assert view.focus == "code" and "138 **** 0026" in view.help
    says(odd, {"checked_at": "2026-11-22T00:00:00Z", "refused": "wrong_code"})
    for _ in range(3):
        online.does(intents.Answer("number", LI.number), intents.Answer("code", "123456"), intents.Forward())
        online.finish_jobs()
    assert online.cache.attempts.wait("sms_code", f"{WANG.number} 13800000026") > 0


def test_who_types_somebodys_number_does_not_keep_them_from_their_own_phone(
    online: Headless, odd: ThreadingHTTPServer
) -> None:
    says(odd, {"challenge": "c", "expires_in": 300, "again_in": 60})
    online.does(*to("sms"))
    for _ in range(4):
        typed = [intents.Answer("number", WANG.number), intents.Answer("mobile", "13999999999"), intents.Forward()]
        online.does(*typed)
        online.finish_jobs()
        online.does(intents.Back())
        if online.page == "login":
            online.does(intents.ChooseWay("sms"))
    assert online.cache.attempts.wait("sms_numbers", f"{WANG.number} 13999999999") > 0
    online.does(intents.Answer("number", WANG.number), intents.Answer("mobile", "13800000026"), intents.Forward())
    online.finish_jobs()
    view: Any = online.journey.snapshot().view
    assert view.focus == "code"


def test_nobody_is_asked_for_pages_that_were_left(online: Headless, odd: ThreadingHTTPServer) -> None:
    """Four jobs run at a time: a hundred touches must not keep the next citizen's from running."""
    says(odd, GRANT)
    online.does(intents.Start())
    for _ in range(20):
        online.does(intents.ChooseWay("phone"), intents.Back())
    assert [work() for work, _ in online.waiting] == [None] * 20
    online.waiting.clear()


def test_the_farewell_knows_nobody(terminal: Headless) -> None:
    terminal.does(CardRead(card(WANG)))
    assert terminal.journey.state.person is not None
    terminal.does(intents.LeaveNow())
    assert terminal.page == "farewell"
    assert terminal.journey.step.state is terminal.journey.state and terminal.journey.state.person is None


def test_an_sms_is_never_surer_than_an_sms(online: Headless, odd: ThreadingHTTPServer) -> None:
    says(odd, {"challenge": "c", "expires_in": 300, "again_in": 60})
    typed = [intents.Answer("number", WANG.number), intents.Answer("mobile", "13800000026"), intents.Forward()]
    online.does(*to("sms"), *typed)
    online.finish_jobs()
    says(odd, {"person": WANG.model_dump(mode="json"), "assurance": 3, "checked_at": "2026-11-22T00:00:00Z"})
    online.does(intents.Answer("code", "123456"), intents.Forward())
    online.finish_jobs()
    assert (online.page, online.journey.state.assurance) == ("home", Assurance.LOW)


@pytest.mark.parametrize("way", ["citizen_code", "phone", "sms"])
def test_an_answer_that_comes_when_somebody_else_stands_there(
    online: Headless, odd: ThreadingHTTPServer, way: str
) -> None:
    if way == "phone":
        says(odd, GRANT)
        online.does(*to("phone"))
        online.finish_jobs()
        step: Any = online.journey.step
        step._next_poll = 0.0
        online.does(Tick())
    elif way == "sms":
        says(odd, {"challenge": "c", "expires_in": 300, "again_in": 60})
        typed = [intents.Answer("number", WANG.number), intents.Answer("mobile", "13800000026"), intents.Forward()]
        online.does(*to("sms"), *typed)
        online.finish_jobs()
        online.does(intents.Answer("code", "123456"), intents.Forward())
    else:
        online.does(*to("citizen_code"), CodeRead("https://code.example.invalid/x"))
    (late,) = online.waiting
    # asked while the first citizen was there, answered when the second is on the same page
    says(odd, {"person": WANG.model_dump(mode="json"), "assurance": 2, "checked_at": "2026-11-22T00:00:00Z"})
    step = online.journey.step
    answer = step.parts.identity.check_code(_check()) if way != "phone" else late[0]()
    online.does(intents.LeaveNow(), intents.Start(), *to(way))
    online.does(Then(lambda: late[1](answer)))
    assert online.page == step.name and online.journey.visit is None and online.journey.step is not step
    online.waiting.clear()


def _check() -> CodeCheck:
    return CodeCheck(raw="x", terminal_id="HW-0001", place="", purpose=Purpose.LOGIN)


def test_a_card_that_must_stay_is_not_taken_along_from_a_page_where_it_may_be_lifted(tmp_path: Path) -> None:
    terminal = Headless(tmp_path, card_stays=True)
    try:
        terminal.does(CardRead(card(WANG)), intents.OpenItem("high"), intents.Forward())
        assert terminal.page == "login"
        terminal.does(CardRemoved(), Tick())
        assert terminal.journey.snapshot().notice is None
        terminal.does(intents.Back(), Tick())
        notice = terminal.journey.snapshot().notice
        assert terminal.page == "guide" and notice is not None and notice.kind == "card"
        terminal.does(CardRead(card(WANG)), Tick())
        assert terminal.page == "guide" and terminal.journey.snapshot().notice is None
    finally:
        terminal.close()


def test_where_the_face_is_asked_for_a_step_up_asks_for_it_too(tmp_path: Path) -> None:
    """A lost wallet holds both cards: the one that opens the visit must not spare the other its face check."""
    terminal = Headless(tmp_path, face_at_login=True)
    try:
        terminal.does(*to("social_security_card"), *insert(WANG), intents.OpenItem("substantial"), intents.Forward())
        assert terminal.page == "login"
        terminal.does(CardRead(card(WANG, PHOTO)))
        assert (terminal.page, terminal.journey.state.assurance) == ("face_check", Assurance.LOW)
    finally:
        terminal.does(intents.LeaveNow())
        terminal.finish_jobs()
        terminal.close()


# a way to a login page is no network
@pytest.mark.parametrize(("status", "said"), [(302, "网络不通"), (403, "没有回应"), (404, "没有回应")])
def test_a_platform_that_refuses_the_terminal_is_not_the_codes_fault(
    online: Headless, odd: ThreadingHTTPServer, status: int, said: str
) -> None:
    says(odd, b"<html>Sign in</html>", status)
    online.does(*to("citizen_code"))
    for _ in range(6):
        online.does(CodeRead("https://code.example.invalid/x"))
        online.finish_jobs()
    view: Any = online.journey.snapshot().view
    assert online.page == "code_login" and said in view.problem
    assert online.cache.attempts.wait("citizen_code") == 0, "nobody has to wait for that"
