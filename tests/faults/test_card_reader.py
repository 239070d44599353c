"""Cards and readers that fail: words that say what to do, a line in the log, and the next card works."""

from __future__ import annotations

import pytest

from demo.programs import until
from kiosk.journey import intents
from kiosk.journey.views import HomeView, LoginView
from tests.journeys.hands import Citizen


def works_again(citizen: Citizen) -> None:
    """Lift, lay again: no restart is needed."""
    citizen.devices.id_card.tell("fault none")
    citizen.lift_card()
    citizen.sees(LoginView, lambda v: v.card == "waiting")
    citizen.lay_card(1)
    assert citizen.sees(HomeView).greeting == "李先生，您好"


@pytest.mark.parametrize(
    ("fault", "words", "reason"),
    [
        ("lifted-in-middle", "拿得早了一点。请把身份证拿起来，再平放一次", "lifted-early"),
        ("unreadable", "没有读成。请把身份证拿起来，擦一擦，再平放一次", "unreadable"),
        ("unselectable", "没有读成。请把身份证拿起来", "unreadable"),
        ("bad-checksum", "没有读成。请把身份证拿起来", "bad-checksum"),
        ("wrong-kind", "这张卡不是身份证。请放居民身份证", "wrong-kind"),
    ],
    ids=["lifted-in-middle", "unreadable", "unselectable", "bad-checksum", "wrong-kind"],
)
def test_a_card_that_is_not_read(
    fault: str, words: str, reason: str, citizen: Citizen, caplog: pytest.LogCaptureFixture
) -> None:
    citizen.walk_up()
    citizen.devices.id_card.tell(f"fault {fault}")
    citizen.lay_card()
    assert citizen.sees(LoginView, lambda v: v.problem != "").problem.startswith(words)
    assert f"a card was not read: {reason}" in caplog.text
    works_again(citizen)


@pytest.mark.parametrize(
    ("changed", "words", "reason"),
    [
        ({"valid_from": "20050101", "valid_to": "20150101"}, "这张身份证过期了。请换新证后再来", "expired"),
        ({"valid_from": "20990101", "valid_to": "21090101"}, "这张身份证还没到生效日期", "not-yet-valid"),
        ({"number": "370299199203180021"}, "没有读成", "bad-number"),
    ],
    ids=["expired", "not-yet-valid", "bad-number"],
)
def test_a_card_that_does_not_identify(
    changed: dict[str, str], words: str, reason: str, citizen: Citizen, caplog: pytest.LogCaptureFixture
) -> None:
    citizen.walk_up()
    citizen.lay_card(**changed)
    view = citizen.sees(LoginView, lambda v: v.problem != "")
    assert view.problem.startswith(words) and view.card == "failed"
    assert f"a card was not read: {reason}" in caplog.text
    works_again(citizen)


@pytest.mark.parametrize("fault", ["silence", "garbage", "drop"])
def test_a_reader_that_stops_answering_comes_back_by_itself(
    fault: str, citizen: Citizen, caplog: pytest.LogCaptureFixture
) -> None:
    citizen.walk_up()
    citizen.devices.id_card.tell(f"fault {fault}")
    view = citizen.sees(LoginView, lambda v: v.card == "out_of_service")
    assert any(tile.id == "citizen_code" and tile.available for tile in view.ways)
    until("the line in the log", 10, lambda: "id card reader: " in caplog.text)
    works_again(citizen)


def test_a_bad_card_laid_before_any_touch_is_told_as_well(citizen: Citizen) -> None:
    citizen.walk_up()
    citizen.send(intents.Back())
    citizen.devices.id_card.tell("fault unreadable")
    citizen.lay_card()
    assert citizen.sees(LoginView, lambda v: v.problem != "").problem.startswith("没有读成")
    # back to the start and here again while it still lies there: it is told, not “being read”
    citizen.send(intents.Back(), intents.Start())
    view = citizen.sees(LoginView, lambda v: "放着一张身份证" in v.problem)
    assert view.card == "failed"
    works_again(citizen)
