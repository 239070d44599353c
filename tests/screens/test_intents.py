"""What each control of each page sends when a finger touches it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.journey import intents as i
from kiosk.journey import views as v
from screens.samples import snapshots

SAMPLES = snapshots()
TOUCHES = [
    ("attract", "start", i.Start()),
    ("attract", "care", i.SetCare(True)),
    ("attract", "language", i.SetLanguage("en")),
    ("login", "way:citizen_code", i.ChooseWay("citizen_code")),
    ("login", "way:no_papers", i.ChooseWay("no_papers")),
    ("login", "others", i.ActFor()),
    ("login", "back", i.Back()),
    ("login-out", "way:no_papers", i.ChooseWay("no_papers")),
    ("login-step-up-one", "way:social_security_card", i.ChooseWay("social_security_card")),
    ("code-login", "help", i.AskHelp()),
    ("smart-card", "back", i.Back()),
    ("phone-login", "leave", i.Leave()),
    ("phone-login-over", "forward", i.Forward()),
    ("face", "back", i.Back()),
    ("face-over", "forward", i.Forward()),
    ("home", "act_for", i.ActFor()),
    ("home", "helper", i.CallHelper()),
    ("home", "continue_saved", i.ContinueSaved()),
    ("home", "search", i.OpenSearch()),
    ("home", "theme:work", i.OpenTheme("work")),
    ("home", "item:SB02", i.OpenItem("SB02")),
    ("home", "care", i.SetCare(True)),
    ("home", "language", i.SetLanguage("en")),
    ("items", "item:SB01", i.OpenItem("SB01")),
    ("search", "clear_search", i.Search("")),
    ("search", "item:SB01", i.OpenItem("SB01")),
    ("guide", "tab:formal", i.ShowTab("formal")),
    ("guide", "forward", i.Forward()),
    ("situation", "choice:other", i.Choose("other")),
    ("situation", "leave", i.Leave()),
    ("question-fields", "choice:no", i.Answer("/d/paid", "no")),
    ("question-many", "choice:injury", i.Answer("/d/kinds", "pension medical injury")),
    ("question-many", "choice:pension", i.Answer("/d/kinds", "medical")),
    ("question-many", "choice:OK", i.Answer("/d/agree", "OK")),
    ("scan", "forward", i.Forward()),
    ("scan-taken", "retake", i.Retake()),
    ("scan-without", "without", i.WithoutPaper()),
    ("scan", "from_phone", i.FromPhone()),
    ("scan-taken", "add", i.AddPage()),
    ("scan-pages", "page:2", i.ShowPage(2)),
    ("scan-pages", "turn", i.TurnPage()),
    ("scan-pages", "left", i.MovePage(-1)),
    ("scan-pages", "right", i.MovePage(1)),
    ("scan-pages", "delete", i.DeletePage()),
    ("scan-delete", "delete_sure", i.DeletePage(sure=True)),
    ("scan-delete", "keep_page", i.KeepPage()),
    ("scan", "from_stick", i.FromStick()),
    ("scan", "from_platform", i.FromPlatform()),
    ("held", "scan_instead", i.ScanInstead()),
    ("held-asking", "scan_instead", i.ScanInstead()),
    ("held-expired", "forward", i.Forward()),
    ("scan", "from_scanner", i.FromScanner()),
    ("scanner", "way:flatbed", i.ChooseWay("flatbed")),
    ("scanner-scanning", "forward", i.Forward()),
    ("usb-stick", "file:2", i.ChooseFile(2)),
    ("phone-upload", "back", i.Back()),
    ("phone-upload-over", "forward", i.Forward()),
    ("commitment", "forward", i.Forward()),
    ("sign", "clear", i.Sign(())),
    ("check", "change:field:/d/phone", i.Change("field:/d/phone")),
    ("done", "level:4", i.Rate("4")),
    ("done-rating", "reason:112", i.ToggleReason("112")),
    ("done-rating", "send_rating", i.SendRating()),
    ("done-not-printed", "paper:certificate:again", i.PrintAgain("certificate")),
    ("offline", "paper:receipt:yes", i.PaperSeen("receipt", True)),
    ("offline", "paper:receipt:no", i.PaperSeen("receipt", False)),
    ("question-saves", "save", i.SaveForLater()),
    ("notice-leave-or-save", "save_now", i.SaveForLater()),
    ("saved", "back", i.Back()),
    ("saved-no-slip", "paper:slip:no", i.PaperSeen("slip", False)),
    ("saved-failed", "forward", i.Forward()),
    ("continue-wrong", "back", i.Back()),
    ("continue-changed", "forward", i.Forward()),
    ("farewell", "help", i.AskHelp()),
    ("trouble", "forward", i.Forward()),
    ("notice-leave", "leave_now", i.LeaveNow()),
    ("notice-leave", "stay", i.Stay()),
    ("notice-help", "stay", i.Stay()),
    ("notice-longest", "stay", i.Stay()),
    ("notice-card", "leave_now", i.LeaveNow()),
]


@pytest.mark.parametrize(("page", "control", "intent"), TOUCHES, ids=[f"{p}-{c}" for p, c, _ in TOUCHES])
def test_touch_sends(hands: Any, page: str, control: str, intent: i.Intent) -> None:
    if page == "done-rating":  # reached by choosing a level, and then shows its end
        hands.show(SAMPLES["done"])
    hands.show(SAMPLES[page])
    hands.settle(0.15 if page == "done-rating" else 0)
    hands.tap(control)
    assert hands.sent == [intent]


@pytest.mark.parametrize(("page", "control", "intent"), [
    ("situation", "choice:other", i.Choose("other")), ("question-many", "choice:OK", i.Answer("/d/agree", "OK")),
])  # fmt: skip
def test_what_moves_away_under_a_resting_finger_is_touched_all_the_same(
    hands: Any, page: str, control: str, intent: i.Intent
) -> None:
    shown = SAMPLES[page]
    hands.show(shown)
    before = hands.find(control)
    x, y = before["x"] + before["w"] / 2, before["y"] + 12
    hands.touch(x, y, moved=lambda: hands.show(_longer(shown)))
    assert hands.find(control)["y"] > y
    assert hands.sent == [intent]


def test_a_finger_that_slides_off_means_nothing(hands: Any) -> None:
    hands.show(SAMPLES["situation"])
    place = hands.find("choice:other")
    hands.touch(place["x"] + 30, place["y"] + 30, to=((place["x"] + 30, place["y"] - 80),))
    assert hands.sent == []


def _longer(snapshot: v.Snapshot) -> v.Snapshot:
    """The page with more text above its answers: an error that came, a hint."""
    view = snapshot.view
    assert isinstance(view, v.SituationView | v.QuestionView)
    return replace(snapshot, view=replace(view, help="请看清楚再选。" * 40))


def test_anywhere_on_the_attract_screen_starts(hands: Any) -> None:
    hands.show(SAMPLES["attract"])
    hands.touch(540, 300)
    assert hands.sent == [i.Start()]


def test_a_closed_terminal_does_not_start(hands: Any) -> None:
    hands.show(replace(SAMPLES["attract"], view=v.AttractView(open=False, problem="今天检修，明天再来。")))
    hands.touch(540, 300)
    assert hands.sent == []


@pytest.mark.parametrize(
    ("page", "control"),
    [
        ("check", "change:situation:household"),
        ("situation", "forward"),
        ("login", "way:phone"),
        ("situation", "choice:other"),
    ],
)
def test_nothing_beneath_a_notice_is_touched(hands: Any, page: str, control: str) -> None:
    hands.show(SAMPLES[page])
    place = hands.find(control)
    hands.show(replace(SAMPLES[page], notice=v.Notice("idle", "您还在吗？", "", 9)))
    hands.touch(place["x"] + 4, place["y"] + 4)
    assert set(hands.sent) <= {i.Stay(), i.LeaveNow()}


def test_no_button_goes_on_without_the_card(hands: Any) -> None:
    hands.show(SAMPLES["notice-card"])
    notice = [c for c in hands.tree()["controls"] if c["visible"]]
    assert not [c for c in notice if c["id"] == "stay"]
    hands.show(SAMPLES["notice-longest"])
    assert hands.find("notice_seconds")["name"] == "大约 5 分钟后自动退出"


@pytest.mark.parametrize(("page", "control"), [("question", "save"), ("notice-leave", "save_now")])
def test_where_nothing_can_be_saved_nothing_offers_it(hands: Any, page: str, control: str) -> None:
    hands.show(SAMPLES[page])
    assert control not in [c["id"] for c in hands.tree()["controls"] if c["visible"]]


def test_a_disabled_forward_button_sends_nothing(hands: Any) -> None:
    page = SAMPLES["situation"]
    hands.show(replace(page, chrome=replace(page.chrome, forward_enabled=False)))
    assert not hands.find("forward")["enabled"]
    hands.tap("forward")
    assert hands.sent == []


def test_a_way_that_does_not_work_can_not_be_chosen_and_says_why(hands: Any) -> None:
    hands.show(SAMPLES["login-failed"])
    assert not hands.find("way:phone")["enabled"]
    hands.tap("way:phone")
    assert hands.sent == []
    assert "网络断了，恢复后再用" in [c["name"] for c in hands.tree()["controls"] if c["visible"]]


def test_a_way_that_works_again_can_be_chosen(hands: Any) -> None:
    hands.show(SAMPLES["login-failed"])
    hands.show(SAMPLES["login"])
    hands.tap("way:phone")
    assert hands.sent == [i.ChooseWay("phone")]


def test_where_no_card_is_asked_for_none_is_shown(hands: Any) -> None:
    hands.show(SAMPLES["login"])
    assert hands.find("card_state")["name"] == "正在等待身份证…"
    hands.show(SAMPLES["login-step-up"])
    visible = [c for c in hands.tree()["controls"] if c["visible"]]
    assert not {"card_state", "others"} & {c["id"] for c in visible}
    assert "身份证" not in [c["name"] for c in visible]


def test_a_row_from_the_card_can_not_be_changed(hands: Any) -> None:
    hands.show(SAMPLES["check"])
    row = next(c for c in hands.tree()["controls"] if c["name"] == "王示例")
    hands.touch(row["x"] + 40, row["y"] + 10)
    assert hands.sent == []


def test_a_signature_is_sent_stroke_by_stroke(hands: Any) -> None:
    hands.show(replace(SAMPLES["sign"], view=v.SignView("请签名", "")))
    pad = hands.find("pad")
    for row in (0.3, 0.6):
        y = pad["y"] + pad["h"] * row
        hands.touch(pad["x"] + 100, y, to=((pad["x"] + 300, y), (pad["x"] + 500, y + 50)))
    assert [len(sent.strokes) for sent in hands.sent] == [1, 2]
    stroke = hands.sent[-1].strokes[0]
    assert len(stroke) >= 3
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y, _ in stroke)
    assert stroke[0][0] == pytest.approx(100 / pad["w"], abs=0.01)
    assert stroke[0][1] == pytest.approx(0.3, abs=0.01)
    assert [t for *_, t in stroke] == sorted(t for *_, t in stroke)


def test_a_stroke_never_leaves_the_pad(hands: Any) -> None:
    hands.show(replace(SAMPLES["sign"], view=v.SignView("请签名", "")))
    pad = hands.find("pad")
    hands.touch(pad["x"] + 100, pad["y"] + 50, to=((pad["x"] + 100, pad["y"] - 200), (2, pad["y"])))
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y, _ in hands.sent[0].strokes[0])


def test_more_goes_down_and_back_up(hands: Any) -> None:
    hands.show(SAMPLES["question-many"])
    assert not next(c for c in hands.tree()["controls"] if c["id"] == "choice:m12")["visible"]
    hands.tap("more")
    assert hands.find("choice:m12")
    hands.tap("more")
    assert hands.find("title")
    assert hands.sent == []


def test_a_long_page_can_be_dragged(hands: Any) -> None:
    hands.show(SAMPLES["question-many"])
    top = hands.find("choice:pension")["y"]
    hands.touch(60, 1400, to=tuple((60, 1400 - 40 * n) for n in range(1, 12)))
    moved = next(c for c in hands.tree()["controls"] if c["id"] == "choice:pension")
    assert moved["y"] < top - 200 or not moved["visible"]
    assert hands.sent == []


def test_the_second_touch_of_a_double_tap_does_not_submit_a_page_nobody_has_read(hands: Any) -> None:
    hands.show(SAMPLES["sign"])
    hands.tap("forward")
    hands.show(SAMPLES["check"], frames=1)
    hands.tap("forward", at_once=True)
    assert hands.sent == [i.Forward()]
    hands.tap("forward")
    assert hands.sent == [i.Forward(), i.Forward()]
