"""Codes by SMS: the same answer to everybody, three tries, five minutes, waits that grow."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from contract.codes import Assurance
from contract.logins import IdentityAnswer, Refusal, SmsCheck, SmsRequest, SmsSent
from fleet.identity.sms import PER_NUMBER, PER_PLACE
from tests.fleet.logins import (
    CHEN_MOBILE,
    CHEN_NUMBER,
    LI_MOBILE,
    LI_NUMBER,
    WANG_NUMBER,
    ZHAO_MOBILE,
    ZHAO_NUMBER,
    StandIn,
    post,
)
from tests.fleet.running_platform import RunningPlatform, TestTerminal

pytestmark = pytest.mark.usefixtures("patient")


def ask(terminal: TestTerminal, number: str, mobile: str) -> SmsSent:
    return post(terminal, "sms", SmsRequest(number=number, mobile=mobile), SmsSent)


def answer(terminal: TestTerminal, challenge: str, code: str) -> IdentityAnswer:
    return post(terminal, "sms-check", SmsCheck(challenge=challenge, code=code), IdentityAnswer)


def age(platform: RunningPlatform, sql: str) -> None:
    """Let time pass, in the database."""
    with sqlite3.connect(platform.data / "fleet.db", timeout=20) as database:
        assert database.execute(sql).rowcount > 0


def test_the_right_code_says_who_it_is_once(
    terminal: TestTerminal, platform: RunningPlatform, sms_gateway: StandIn
) -> None:
    sent = ask(terminal, ZHAO_NUMBER, ZHAO_MOBILE)
    assert (sent.expires_in, sent.again_in, sent.refused) == (300, 60, None)
    code = sms_gateway.sms(ZHAO_MOBILE)
    assert "不要告诉任何人" in sms_gateway.do(f"last {ZHAO_MOBILE}")["text"]
    database = (platform.data / "fleet.db").read_bytes() + (platform.data / "fleet.db-wal").read_bytes()
    for secret in (ZHAO_MOBILE, ZHAO_NUMBER, sent.challenge):
        assert secret.encode() not in database
    said = answer(terminal, sent.challenge, code)
    assert said.person is not None and said.person.name == "赵𠮷䶮"
    assert said.assurance is Assurance.LOW
    assert answer(terminal, sent.challenge, code).refused is Refusal.USED


def test_two_numbers_that_do_not_belong_together_are_answered_alike(
    terminal: TestTerminal, sms_gateway: StandIn
) -> None:
    sms_gateway.do("forget")
    right, wrong = ask(terminal, CHEN_NUMBER, CHEN_MOBILE), ask(terminal, WANG_NUMBER, CHEN_MOBILE)
    assert right.model_copy(update={"challenge": ""}) == wrong.model_copy(update={"challenge": ""})
    assert len(right.challenge) == len(wrong.challenge)
    right_code = sms_gateway.sms(CHEN_MOBILE)
    refusals = [answer(terminal, wrong.challenge, right_code).refused for _ in range(4)]
    other = f"{(int(right_code) + 1) % 1_000_000:06d}"
    assert refusals == [answer(terminal, right.challenge, other).refused for _ in range(4)]
    assert refusals == [Refusal.WRONG_CODE, Refusal.WRONG_CODE, Refusal.TOO_MANY, Refusal.TOO_MANY]
    assert answer(terminal, right.challenge, right_code).refused is Refusal.TOO_MANY
    assert len(sms_gateway.do("messages")["messages"]) == 1


def test_a_code_runs_out(terminal: TestTerminal, platform: RunningPlatform, sms_gateway: StandIn) -> None:
    sms_gateway.do("forget")
    sent = ask(terminal, LI_NUMBER, LI_MOBILE)
    code = sms_gateway.sms(LI_MOBILE)
    age(platform, "update sms_challenges set expires_at = '2026-01-01 00:00:00.000000' where used_at is null")
    assert answer(terminal, sent.challenge, code).refused is Refusal.EXPIRED


def test_a_challenge_is_the_terminals_own(terminal: TestTerminal, second: TestTerminal, sms_gateway: StandIn) -> None:
    sms_gateway.do("forget")
    sent = ask(terminal, LI_NUMBER, LI_MOBILE)
    code = sms_gateway.sms(LI_MOBILE)
    assert answer(second, sent.challenge, code).refused is Refusal.UNKNOWN
    assert answer(terminal, "invented", code).refused is Refusal.UNKNOWN
    assert answer(terminal, sent.challenge, code).person is not None


def test_waits_grow_for_a_number_wherever_it_is_typed(
    terminal: TestTerminal, second: TestTerminal, platform: RunningPlatform
) -> None:
    waits = []
    for _ in range(3):
        waits.append(ask(terminal, "370299199001010011", LI_MOBILE).again_in)
        again = ask(second, "370299199001010011", LI_MOBILE)
        assert again.refused is Refusal.TOO_MANY and 0 < again.again_in <= waits[-1]
        assert again.challenge == ""
        age(platform, "update waits set until = '2026-01-01 00:00:00.000000'")
    assert waits == [60, 120, 240]
    # whoever types somebody's ID number does not keep them from their own phone
    assert ask(second, "370299199001010011", CHEN_MOBILE).again_in == 60
    assert ask(terminal, "370299199001010038", LI_MOBILE).again_in == 60


def test_a_terminal_that_asks_all_the_time_has_to_wait(terminal: TestTerminal, second: TestTerminal) -> None:
    numbers = [f"37029919900101{index:03d}X" for index in range(PER_PLACE.free + 2)]
    answers = [ask(terminal, number, LI_MOBILE) for number in numbers]
    assert [said.refused for said in answers] == [None] * (PER_PLACE.free + 1) + [Refusal.TOO_MANY]
    assert 0 < answers[-1].again_in <= PER_PLACE.first
    assert ask(second, numbers[-1], LI_MOBILE).refused is None


@pytest.mark.parametrize(("count", "seconds"), [(1, 60), (2, 120), (6, 1920), (7, 3600), (100, 3600)])
def test_the_wait_of_a_number(count: int, seconds: int) -> None:
    assert PER_NUMBER.wait_after(count) == seconds


@pytest.mark.parametrize("fault", ["refuses", "silent"])
def test_a_gateway_that_fails_fails_for_everybody_alike(
    terminal: TestTerminal, sms_gateway: StandIn, fault: str
) -> None:
    with sms_gateway.fault(fault):
        known = ask(terminal, LI_NUMBER, LI_MOBILE)
        assert known.refused is Refusal.UNAVAILABLE
        if fault == "refuses":
            assert ask(terminal, WANG_NUMBER, LI_MOBILE) == known
    assert ask(terminal, LI_NUMBER, LI_MOBILE).refused is None, "nothing was sent, so nobody has to wait"


def test_what_is_too_long_is_refused_without_repeating_it(terminal: TestTerminal) -> None:
    said = terminal.call("POST", "identity/sms", json={"number": "3" * 19, "mobile": LI_MOBILE})
    assert said.status_code == 422
    assert "3" * 19 not in said.text and LI_MOBILE not in said.text


def test_nothing_of_a_person_is_in_any_log(terminal: TestTerminal, platform: RunningPlatform) -> None:
    ask(terminal, LI_NUMBER, LI_MOBILE)
    logs = [*(platform.data / "nginx").glob("*.log"), platform.data / "serve.log"]
    text = "".join(Path(log).read_text("utf-8", "replace") for log in logs)
    assert "POST /api/v1/identity/sms" in text
    for secret in (LI_NUMBER, LI_MOBILE, "李样本"):
        assert secret not in text
