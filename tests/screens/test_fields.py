"""Writing in fields with the keyboard on the screen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.journey.intents import Answer, Search
from kiosk.journey.views import Field, QuestionView
from screens.samples import snapshots

SAMPLES = snapshots()
PHONE = Field("/d/phone", "text", "手机号", keyboard="digits")
DATE = Field("/d/from", "date", "从哪一天开始")
STREET = Field("/d/street", "text", "门牌号", value="福州南路 17 号")


def page(*fields: Field, focus: str = "") -> Any:
    return replace(SAMPLES["question"], view=QuestionView("请填写", "", fields, focus))


def write(hands: Any, digits: str) -> None:
    for digit in digits:
        hands.tap(f"key:{digit}")


def test_touching_a_field_raises_its_keyboard_and_each_key_answers(hands: Any) -> None:
    hands.show(page(PHONE))
    assert not any(c["role"] == "key" for c in hands.tree()["controls"])
    hands.tap("field:/d/phone")
    write(hands, "138")
    assert hands.sent == [Answer("/d/phone", "1"), Answer("/d/phone", "13"), Answer("/d/phone", "138")]
    hands.tap("key:backspace")
    assert hands.sent[-1] == Answer("/d/phone", "13")


def test_the_field_in_use_is_not_covered(hands: Any) -> None:
    fields = tuple(replace(PHONE, path=f"/d/p{n}", label=f"第 {n} 个") for n in range(9))
    hands.show(page(*fields, focus="/d/p8"))
    hands.settle(0.2)
    field = hands.find("field:/d/p8")
    keys = min(c["y"] for c in hands.tree()["controls"] if c["role"] == "key" and c["visible"])
    assert field["h"] >= 88
    assert field["y"] + field["h"] <= keys
    assert field["focused"]


def test_what_is_typed_is_not_overwritten_by_an_answer_on_its_way(hands: Any) -> None:
    hands.show(page(PHONE))
    hands.tap("field:/d/phone")
    write(hands, "13")
    hands.show(page(replace(PHONE, value="1")))
    assert hands.find("field:/d/phone")["value"] == "13"
    hands.show(page(replace(PHONE, value="13", error="手机号是 11 位。")))
    assert hands.find("field:/d/phone")["value"] == "13"
    assert hands.find("error:/d/phone")["name"] == "手机号是 11 位。"
    write(hands, "8")
    assert hands.sent[-1] == Answer("/d/phone", "138")


def test_a_value_from_elsewhere_appears_in_a_field_not_in_use(hands: Any) -> None:
    hands.show(page(STREET, PHONE))
    hands.tap("field:/d/phone")
    hands.show(page(replace(STREET, value="香港中路 1 号"), PHONE))
    assert hands.find("field:/d/street")["value"] == "香港中路 1 号"


def test_a_date_is_sent_when_it_is_whole(hands: Any) -> None:
    hands.show(page(DATE))
    hands.tap("field:/d/from")
    write(hands, "2026120")
    assert hands.sent == []
    write(hands, "1")
    assert hands.sent == [Answer("/d/from", "2026-12-01")]
    hands.tap("key:backspace")
    assert hands.sent[-1] == Answer("/d/from", "")


def test_a_day_that_is_none_is_refused_at_once(hands: Any) -> None:
    hands.show(page(DATE))
    hands.tap("field:/d/from")
    write(hands, "20260230")
    assert hands.sent == []
    assert "没有这一天" in hands.find("error:/d/from")["name"]


def test_a_date_is_shown_in_words(hands: Any) -> None:
    hands.show(page(replace(DATE, value="2026-12-01")))
    entry = hands.stage.page.ids.fields.children[0].entry
    assert entry.shown == "2026 年 12 月 1 日"
    hands.show(
        replace(page(replace(DATE, value="2026-12-01")), chrome=replace(SAMPLES["question"].chrome, language="en"))
    )
    assert entry.shown == "2026-12-01"


def test_composing_stands_at_the_cursor_and_is_no_answer(hands: Any) -> None:
    hands.show(page(STREET))
    hands.tap("field:/d/street")
    hands.stage.tray._keyboard.composing = "dan yuan"
    entry = hands.stage.tray.field
    assert entry.shown == "福州南路 17 号dan yuan"
    assert hands.sent == []
    hands.stage.tray._keyboard.dispatch("on_text", "单元")
    assert hands.sent == [Answer("/d/street", "福州南路 17 号单元")]


def test_text_goes_where_the_finger_put_the_cursor(hands: Any) -> None:
    hands.show(page(STREET))
    hands.tap("field:/d/street")
    place = hands.find("field:/d/street")
    hands.touch(place["x"] + 40, place["y"] + place["h"] / 2)
    hands.stage.tray.field.insert("市南区")
    assert hands.sent == [Answer("/d/street", "市南区福州南路 17 号")]


def test_a_readonly_field_takes_no_touch(hands: Any) -> None:
    hands.show(page(replace(STREET, readonly=True)))
    hands.tap("field:/d/street")
    assert hands.stage.tray.field is None


def test_searching_begins_with_the_keyboard_up(hands: Any) -> None:
    hands.show(SAMPLES["search"])
    assert hands.stage.tray.field is not None
    hands.stage.tray._keyboard.dispatch("on_text", "卡")
    assert hands.sent == [Search("参保卡")]


def test_another_page_lowers_the_keyboard(hands: Any) -> None:
    hands.show(page(PHONE, focus="/d/phone"))
    assert hands.stage.tray.field is not None
    hands.show(page(replace(PHONE, path="/d/other")))
    assert hands.stage.tray.field is None
    assert hands.stage.tray.height == 0


@pytest.mark.parametrize("text", ["福州南路" * 20, "a" * 90])
def test_long_text_wraps_and_the_field_grows(hands: Any, text: str) -> None:
    hands.show(page(replace(STREET, value=text)))
    entry = hands.stage.page.ids.fields.children[0].entry
    assert entry.rows > 1
    assert entry.shown.replace("\n", "") == text
    assert entry.height >= entry.rows * entry.font_size


def test_pinyin_letters_find_at_once_and_leaving_sends_nothing(hands: Any) -> None:
    hands.show(SAMPLES["search"])
    hands.stage.tray._keyboard.composing = "s b"
    assert hands.sent == [Search("参保sb")]
    hands.show(SAMPLES["home"])
    assert hands.sent == [Search("参保sb")]


def test_a_number_takes_no_letters(hands: Any) -> None:
    hands.show(page(Field("/d/base", "integer", "缴费基数")))
    hands.tap("field:/d/base")
    for text in ("5", "元", "#", "00"):
        hands.stage.tray._keyboard.dispatch("on_text", text)
    assert hands.sent == [Answer("/d/base", "5"), Answer("/d/base", "500")]


def test_the_cursor_goes_where_the_finger_is_on_a_scrolled_page_too(hands: Any) -> None:
    fields = tuple(replace(STREET, path=f"/d/p{n}", label=f"第 {n} 个") for n in range(9))
    hands.show(page(*fields, focus="/d/p8"))
    hands.settle(0.2)
    place = hands.find("field:/d/p8")
    hands.touch(place["x"] + 40, place["y"] + place["h"] / 2)
    assert hands.stage.tray.field.cursor == 0
    hands.touch(place["x"] + 36 + 4 * 38, place["y"] + place["h"] / 2)
    assert hands.stage.tray.field.cursor == 4


@pytest.mark.parametrize(
    "words",
    [
        "What was the income of your whole household in the last year?",
        "Is the person you are applying for receiving any other subsidy from another city or district at present?",
    ],
)
def test_a_long_heading_above_the_keyboard_is_hidden_by_whole_lines(hands: Any, words: str) -> None:
    sample = snapshots("en", care=True)["form-money"]
    field = replace(sample.view.fields[0], label=words)
    hands.show(replace(sample, view=QuestionView(words, "", (field,), field.path)))
    hands.settle(0.3)
    page = hands.stage.page
    [title] = [one for one in page.walk(restrict=True) if getattr(one, "control_id", "") == "title"]
    hidden = title.to_window(0, title.top)[1] - page.to_window(0, page.top)[1]
    lines = hidden / (title.height / (title.text.count("\n") + 1))
    assert lines > 0.5 and abs(lines - round(lines)) < 0.02
    assert hands.find(f"field:{field.path}")
