"""Every refusal there is, at every way in: it opens nothing, and the page says what it is and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from contract.logins import Refusal
from drivers.code_scanner.events import CodeRead
from drivers.id_card import events as id_card
from drivers.smart_card import events as smart_card
from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.views import CodeLoginView, LoginView, PhoneLoginView, QuestionView, SmartCardView
from tests.kiosk.headless import WANG, Headless, card
from tests.offline_cache.odd_platform import odd

__all__ = ["odd"]

NOW = datetime(2026, 11, 21, tzinfo=UTC).isoformat()
#: what each refusal of a citizen's code is told as
CODES = {
    Refusal.UNKNOWN: "没认出这个码",
    Refusal.USED: "已经用过了",
    Refusal.EXPIRED: "过期了",
    Refusal.OTHER_TERMINAL: "给另一台机器用的",
    Refusal.WRONG_CODE: "没认出这个码",
    Refusal.TOO_MANY: "试的次数多了",
    Refusal.UNAVAILABLE: "没有回应",
}
HELPERS = CODES | {
    Refusal.UNKNOWN: "没认出这个工作码",
    Refusal.WRONG_CODE: "没认出这个工作码",
    Refusal.UNAVAILABLE: "没法登记帮办员",
}
#: page and words of each refusal of the six digits
DIGITS = {
    Refusal.WRONG_CODE: ("code", "验证码不对"),
    Refusal.UNAVAILABLE: ("code", "现在发不了短信"),
    Refusal.TOO_MANY: ("mobile", "写错太多次"),
    Refusal.EXPIRED: ("mobile", "过期了"),
    Refusal.USED: ("mobile", "过期了"),
    Refusal.UNKNOWN: ("mobile", "过期了"),
    Refusal.OTHER_TERMINAL: ("mobile", "过期了"),
}


@pytest.fixture
def online(tmp_path: Path, odd: ThreadingHTTPServer) -> Iterator[Headless]:
    """Its platform says whatever `odd` says."""
    terminal = Headless(tmp_path, f"http://127.0.0.1:{odd.server_port}")
    terminal.does(intents.Start())
    yield terminal
    terminal.close()


def says(odd: ThreadingHTTPServer, body: object, status: int = 200) -> None:
    odd.said = (status, {}, json.dumps(body).encode())  # type: ignore[attr-defined]


def errors(terminal: Headless) -> dict[str, str]:
    view = terminal.journey.step.view()
    assert isinstance(view, QuestionView)
    return {field.path: field.error for field in view.fields if field.error}


@pytest.mark.parametrize("refusal", list(Refusal))
def test_a_citizens_code(online: Headless, odd: ThreadingHTTPServer, refusal: Refusal) -> None:
    online.does(intents.ChooseWay("citizen_code"))
    says(odd, {"refused": refusal, "checked_at": NOW})
    online.does(CodeRead("https://code.example.invalid/x"))
    online.finish_jobs()
    view = online.journey.step.view()
    assert isinstance(view, CodeLoginView) and view.state == "refused" and CODES[refusal] in view.problem
    assert online.journey.visit is None


def test_codes_nobody_knows_make_the_next_one_wait(online: Headless, odd: ThreadingHTTPServer) -> None:
    online.does(intents.ChooseWay("citizen_code"))
    says(odd, {"refused": "unknown", "checked_at": NOW})
    for _ in range(4):
        online.does(CodeRead("https://code.example.invalid/x"))
        online.finish_jobs()
    view = online.journey.step.view()
    assert isinstance(view, LoginView)
    tile = next(tile for tile in view.ways if tile.id == "citizen_code")
    assert not tile.available and "请等" in tile.line
    # a tile that waits opens nothing, and the ID card never waits
    online.does(intents.ChooseWay("citizen_code"))
    assert online.page == "login"
    online.does(id_card.CardRead(card(WANG)))
    assert online.page == "home"


@pytest.mark.parametrize("refusal", list(Refusal))
def test_a_helpers_code(online: Headless, odd: ThreadingHTTPServer, refusal: Refusal) -> None:
    online.does(id_card.CardRead(card(WANG)), intents.CallHelper())
    says(odd, {"refused": refusal})
    online.does(CodeRead("https://code.example.invalid/x"))
    online.finish_jobs()
    view = online.journey.step.view()
    assert isinstance(view, CodeLoginView) and HELPERS[refusal] in view.problem
    assert online.journey.state.helper is None


def to_digits(online: Headless, odd: ThreadingHTTPServer) -> None:
    online.does(intents.ChooseWay("sms"), intents.Answer("number", WANG.number))
    says(odd, {"challenge": "c", "expires_in": 300, "again_in": 60})
    online.does(intents.Answer("mobile", "13800000026"), intents.Forward())
    online.finish_jobs()


@pytest.mark.parametrize("refusal", list(Refusal))
def test_the_digits_of_an_sms(online: Headless, odd: ThreadingHTTPServer, refusal: Refusal) -> None:
    to_digits(online, odd)
    says(odd, {"refused": refusal, "checked_at": NOW})
    online.does(intents.Answer("code", "123456"), intents.Forward())
    online.finish_jobs()
    [(field, words)] = errors(online).items()
    expected = DIGITS[refusal]
    assert field == expected[0] and expected[1] in words and online.journey.visit is None


@pytest.mark.parametrize(
    ("refusal", "words"), [(Refusal.TOO_MANY, "请等 90 秒"), (Refusal.UNAVAILABLE, "现在发不了短信")]
)
def test_an_sms_that_is_not_sent(online: Headless, odd: ThreadingHTTPServer, refusal: Refusal, words: str) -> None:
    online.does(intents.ChooseWay("sms"), intents.Answer("number", WANG.number))
    says(odd, {"refused": refusal, "again_in": 90})
    online.does(intents.Answer("mobile", "13800000026"), intents.Forward())
    online.finish_jobs()
    assert words in errors(online)["mobile"]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("mute", "卡没有反应"), ("lifted-early", "拔得早了一点"), ("needs-pin", "要输密码"), ("blocked", "被锁住了"),
        ("bad-checksum", "没有读成"), ("unreadable", "没有读成"), ("no-answer", "没有读成"),
        ("a reason of next year", "没有读成"),
    ],
)  # fmt: skip
def test_a_social_security_card(online: Headless, reason: str, words: str) -> None:
    online.does(smart_card.CardInserted(), smart_card.CardFailed(reason))
    view = online.journey.step.view()
    assert isinstance(view, SmartCardView) and view.state == "failed" and words in view.problem
    assert online.journey.visit is None


@pytest.mark.parametrize("error", ["access_denied", "invalid_grant", "invalid_client"])
def test_the_terminals_code(
    online: Headless, odd: ThreadingHTTPServer, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(odd, {
        "device_code": "d", "user_code": "BCDF-GHJK", "verification_uri": "https://x/device",
        "verification_uri_complete": "https://x/device?user_code=BCDF-GHJK", "expires_in": 300, "interval": 1,
    })  # fmt: skip
    online.does(intents.ChooseWay("phone"))
    online.finish_jobs()
    says(odd, {"error": error}, 400)
    step = online.journey.step
    monkeypatch.setattr(step, "_next_poll", 0.0)
    online.does(Tick())
    online.finish_jobs()
    view = online.journey.step.view()
    assert isinstance(view, PhoneLoginView) and view.state == "over" and view.problem and view.code == ""
    assert online.journey.visit is None
