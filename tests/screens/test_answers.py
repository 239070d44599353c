"""Every way to answer a question, by a finger: what it shows, and what it sends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.journey import intents as i
from kiosk.journey.views import AddressPart, ChoiceRow, Field, QuestionView, RepeatView
from screens.samples import snapshots

SAMPLES = snapshots()
DAY = Field("/d/day", "date", "哪一天", look="wheel", value="2024-02-29")


def page(*fields: Field, care: bool = False, **values: Any) -> Any:
    sample = SAMPLES["question"]
    return replace(sample, view=QuestionView("请填写", "", fields, **values), chrome=replace(sample.chrome, care=care))


def answers(hands: Any) -> list[str]:
    return [sent.value for sent in hands.sent if isinstance(sent, i.Answer)]


# days and times


def test_a_wheel_steps_by_its_buttons(hands: Any) -> None:
    hands.show(page(DAY))
    hands.tap("wheel:day:less")
    hands.settle(0.3)
    assert answers(hands) == ["2024-02-28"]
    hands.show(page(replace(DAY, value="2024-02-28")))
    hands.tap("wheel:month:more")
    hands.settle(0.3)
    assert answers(hands)[-1] == "2024-03-28"


def test_a_day_that_the_other_month_lacks_becomes_its_last(hands: Any) -> None:
    hands.show(page(DAY))
    hands.tap("wheel:year:more")
    hands.settle(0.3)
    assert answers(hands) == ["2025-02-28"]


def test_a_wheel_turns_with_the_finger_and_the_page_stays(hands: Any) -> None:
    others = tuple(replace(DAY, path=f"/d/x{n}", look="", kind="text", value="") for n in range(8))
    hands.show(page(DAY, *others))
    drum = next(w for w in hands.stage.page.walk() if type(w).__name__ == "WheelDrum")
    before = hands.find("field:/d/day")["y"]
    x, y = drum.to_window(*drum.center)
    y = 1920 - y
    hands.touch(x, y, to=tuple((x, y - 12 * n) for n in range(1, 15)))
    hands.settle(0.4)
    assert answers(hands) and int(answers(hands)[-1][:4]) >= 2025
    assert hands.find("field:/d/day")["y"] == before


def test_a_touched_row_of_a_wheel_is_chosen(hands: Any) -> None:
    hands.show(page(DAY))
    drum = next(w for w in hands.stage.page.walk() if type(w).__name__ == "WheelDrum")
    x, y = drum.to_window(drum.center_x, drum.center_y - drum.row)
    hands.touch(x, 1920 - y)
    hands.settle(0.3)
    assert answers(hands) == ["2025-02-28"]


def test_untouched_wheels_answer_nothing_and_typing_is_one_touch_away(hands: Any) -> None:
    hands.show(page(replace(DAY, value="")))
    assert hands.find("wheel:year:more")
    hands.tap("swap:/d/day")
    assert hands.sent == []
    assert not [c for c in hands.tree()["controls"] if c["id"] == "wheel:year:more" and c["visible"]]
    assert hands.stage.tray.field is not None
    for digit in "19550607":
        hands.tap(f"key:{digit}")
    assert answers(hands) == ["1955-06-07"]
    hands.tap("swap:/d/day")
    assert hands.stage.tray.field is None
    wheels = [w for w in hands.stage.page.walk() if type(w).__name__ == "Wheel"]
    assert [int(w.index) for w in wheels] == [55, 5, 6]


def test_care_mode_begins_with_the_wheel(hands: Any) -> None:
    hands.show(page(replace(DAY, look="", value=""), care=True))
    assert hands.find("wheel:year:more")


@pytest.mark.parametrize(
    ("field", "digits", "stored"),
    [
        (Field("/d/t", "time", "几点"), "0930", "09:30:00.000"),
        (Field("/d/m", "date", "哪月", look="months"), "202612", "2026-12-01"),
        (Field("/d/y", "date", "哪年", look="years"), "1998", "1998-01-01"),
        (Field("/d/dt", "datetime", "何时"), "202612010930", "2026-12-01T09:30:00.000"),
    ],
)
def test_other_moments_are_typed_whole(hands: Any, field: Field, digits: str, stored: str) -> None:
    hands.show(page(field))
    hands.tap(f"field:{field.path}")
    for digit in digits[:-1]:
        hands.tap(f"key:{digit}")
    assert answers(hands) == []
    hands.tap(f"key:{digits[-1]}")
    assert len(answers(hands)) == 1 and answers(hands)[0].startswith(stored)


def test_there_is_no_25_o_clock(hands: Any) -> None:
    hands.show(page(Field("/d/t", "time", "几点")))
    hands.tap("field:/d/t")
    for digit in "2500":
        hands.tap(f"key:{digit}")
    assert answers(hands) == []
    assert "没有这个时间" in hands.find("error:/d/t")["name"]


# orders and ranges


def test_a_rank_moves_up_and_down_and_can_be_kept(hands: Any) -> None:
    hands.show(SAMPLES["form-rank"])
    hands.tap("up:pay")
    hands.tap("down:near")
    assert answers(hands) == ["pay near time skill", "pay near time skill"]
    hands.tap("keep:/d/rank")
    assert answers(hands)[-1] == "near pay time skill"
    assert not hands.find("up:near")["enabled"]
    assert not hands.find("down:skill")["enabled"]
    hands.show(SAMPLES["form-ranked"])
    assert next(c["name"] for c in hands.tree()["controls"] if c["id"].startswith("rank:")) == "工资高一些"
    assert not [c for c in hands.tree()["controls"] if c["id"].startswith("keep:") and c["visible"]]


PEOPLE = Field("/d/n", "range", "几口人", value="4", bounds=("1", "12", "1"))


def test_a_range_steps_and_stops_at_its_ends(hands: Any) -> None:
    hands.show(page(PEOPLE))
    hands.tap("plus:/d/n")
    hands.show(page(replace(PEOPLE, value="12")))
    hands.tap("plus:/d/n")
    hands.show(page(replace(PEOPLE, value="1")))
    hands.tap("minus:/d/n")
    assert answers(hands) == ["5", "12", "1"]


def test_a_range_nobody_touched_is_not_answered(hands: Any) -> None:
    hands.show(page(replace(PEOPLE, value="")))
    assert hands.find("figure:/d/n")["name"] == "—"
    hands.tap("plus:/d/n")
    assert answers(hands) == ["1"]


def test_the_bar_slides(hands: Any) -> None:
    hands.show(page(replace(PEOPLE, bounds=("0", "1", "0.25"), value="0")))
    bar = hands.find("bar:/d/n")
    y = bar["y"] + bar["h"] / 2
    middle = bar["x"] + bar["w"] / 2
    hands.touch(bar["x"] + 50, y, to=((middle - 20, y), (middle, y)))
    assert answers(hands)[-1] == "0.5"
    assert hands.find("figure:/d/n")["name"] == "0.5"


def test_a_range_may_run_downwards(hands: Any) -> None:
    hands.show(page(replace(PEOPLE, bounds=("10", "0", "-2"), value="10")))
    hands.tap("plus:/d/n")
    assert answers(hands) == ["8"]


# long lists


def test_a_long_list_is_searched_with_letters_still_being_composed(hands: Any) -> None:
    hands.show(SAMPLES["form-search"])
    hands.tap("field:/d/trade")
    hands.stage.tray._keyboard.composing = "d zi"
    hands.stage.tray._keyboard.composing = ""
    hands.stage.tray._keyboard.dispatch("on_text", "电子")
    searched = [sent.text for sent in hands.sent if isinstance(sent, i.SearchChoices)]
    assert searched[0] == "dzi" and searched[-1] == "电子"


def test_what_is_found_is_between_the_field_and_the_keyboard(hands: Any) -> None:
    hands.show(SAMPLES["form-search"])
    hands.tap("field:/d/trade")
    hands.settle(0.3)
    keys = min(c["y"] for c in hands.tree()["controls"] if c["role"] == "key" and c["visible"])
    field = hands.find("field:/d/trade")
    seen = [c for c in hands.tree()["controls"] if c["role"] == "choice" and c["visible"] and c["h"] >= 88]
    assert field["h"] >= 88
    assert len(seen) >= 2 and all(c["y"] + c["h"] <= keys for c in seen)


def test_what_is_chosen_folds_the_list_and_can_be_chosen_again(hands: Any) -> None:
    hands.show(SAMPLES["form-search"])
    hands.tap("choice:t3")
    assert hands.sent == [i.Answer("/d/trade", "t3"), i.SearchChoices("/d/trade", "")]
    hands.show(SAMPLES["form-searched"])
    shown = [c["id"] for c in hands.tree()["controls"] if c["role"] == "choice" and c["visible"]]
    assert shown == ["choice:t3"]
    hands.tap("again:/d/trade")
    hands.settle(0.3)
    assert hands.find("choice:t0") and hands.stage.tray.field is not None


def test_any_of_a_long_list(hands: Any) -> None:
    rows = tuple(ChoiceRow(f"v{n}", f"第 {n} 项") for n in range(4))
    many = Field("/d/many", "select_multiple", "哪些", look="search", choices=rows, choice_count=40, found=40)
    hands.show(page(replace(many, value="v1", picked=(rows[1],))))
    hands.tap("choice:v2")
    hands.tap("choice:v1")
    assert answers(hands) == ["v1 v2", ""]


# addresses


def test_an_address_is_chosen_level_by_level(hands: Any) -> None:
    hands.show(SAMPLES["form-address"])
    hands.tap("division:370202")
    hands.tap("chosen:3702")
    assert hands.sent == [i.ChooseDivision("/d/home", "370202"), i.ChooseDivision("/d/home", "3702")]
    hands.show(SAMPLES["form-address-town"])
    hands.tap("skip:/d/home")
    assert hands.sent[-1] == i.ChooseDivision("/d/home", "")


def test_no_keyboard_covers_the_places_to_choose_from(hands: Any) -> None:
    sample = SAMPLES["form-address"]
    asked = sample.view.fields[0]
    settled = replace(asked, value="海湾市样板路 17 号", settled=True, source="身份证")
    hands.show(replace(sample, view=replace(sample.view, fields=(settled,), confirm="asked")))
    hands.show(replace(sample, view=replace(sample.view, fields=(asked,), focus=asked.path)))
    assert hands.stage.tray.field is None
    assert hands.find("division:370202")


def test_the_street_is_written_behind_the_divisions(hands: Any) -> None:
    chosen = (ChoiceRow("37", "山东省"), ChoiceRow("3702", "青岛市"), ChoiceRow("370202", "市南区"))
    home = Field("/d/home", "text", "现住址", look="address", address=AddressPart(chosen, street="福州南路"))
    hands.show(page(home))
    hands.tap("field:/d/home")
    hands.stage.tray.field.cursor = 4
    hands.stage.tray._keyboard.dispatch("on_text", "17 号")
    assert answers(hands) == ["山东省青岛市市南区福州南路17 号"]


# money, codes, pictures, help


def test_money_takes_digits_and_says_them_in_words(hands: Any) -> None:
    money = Field("/d/m", "decimal", "收入", look="money", keyboard="digits")
    hands.show(page(money))
    hands.tap("field:/d/m")
    for text in ("1", "-", "元", "."):
        hands.stage.tray._keyboard.dispatch("on_text", text)
    assert answers(hands) == ["1", "1."]
    hands.show(page(replace(money, value="1.", remark="1.00 元\n人民币壹元整")))
    assert "壹元整" in hands.find("remark:/d/m")["name"]
    assert hands.find("field:/d/m")["value"] == "1."


def test_a_code_and_a_picture_go_to_their_devices(hands: Any) -> None:
    hands.show(SAMPLES["form-others"])
    hands.tap("beside:/d/licence")
    hands.tap("photograph:/d/photo")
    assert hands.sent == [i.ReadBarcode("/d/licence"), i.Photograph("/d/photo")]
    assert "不能录" in hands.find("unasked:/d/voice")["name"]


def test_a_rare_character_is_one_touch_away_where_there_is_a_keyboard_for_it(
    hands: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from screens.answers import written

    name = Field("/d/name", "text", "姓名", look="name")
    monkeypatch.setattr(written, "LAYOUTS", {})
    hands.show(page(name))
    assert not [c for c in hands.tree()["controls"] if c["id"] == "beside:/d/name" and c["visible"]]
    monkeypatch.undo()
    hands.show(page(replace(name, path="/d/name2")))
    hands.tap("beside:/d/name2")
    assert hands.stage.tray._keyboard.layout == "rare_parts"
    assert hands.stage.tray.field is not None


def test_an_entry_with_nothing_beside_it_takes_the_whole_width(hands: Any) -> None:
    hands.show(page(Field("/d/plain", "text", "户号"), Field("/d/code", "barcode", "条码")))
    hands.settle()
    assert hands.find("field:/d/plain")["w"] == 1080 - 2 * 48
    assert hands.find("field:/d/code")["w"] < 1080 - 2 * 48 - 88


def test_a_picture_of_the_form_is_shown_and_a_broken_one_takes_no_room(hands: Any) -> None:
    hands.show(SAMPLES["form-media"])
    medium = next(w for w in hands.stage.page.walk() if type(w).__name__ == "Medium" and w.picture)
    assert medium.height > 200
    hands.show(page(Field("/d/x", "text", "户号", picture=b"no picture")))
    assert all(w.height == 0 for w in hands.stage.page.walk() if type(w).__name__ == "Medium")


def test_more_help_unfolds(hands: Any) -> None:
    hands.show(SAMPLES["form-search"])
    assert not [c for c in hands.tree()["controls"] if c["id"] == "guidance_text:/d/trade" and c["visible"]]
    hands.tap("guidance:/d/trade")
    assert "找不到一样的" in hands.find("guidance_text:/d/trade")["name"]
    hands.tap("guidance:/d/trade")
    assert not [c for c in hands.tree()["controls"] if c["id"] == "guidance_text:/d/trade" and c["visible"]]


# what was filled in from elsewhere


def test_prefilled_answers_are_confirmed_or_opened(hands: Any) -> None:
    hands.show(SAMPLES["form-prefilled"])
    assert not [c for c in hands.tree()["controls"] if c["role"] == "field"]
    hands.tap("reopen:/d/mobile")
    hands.tap("confirm")
    assert hands.sent == [i.Reopen("/d/mobile"), i.Confirm()]
    assert not hands.find("confirm")["selected"]
    hands.show(SAMPLES["form-confirmed"])
    assert hands.find("confirm")["selected"]


def test_what_comes_from_the_chip_can_not_be_opened(hands: Any) -> None:
    hands.show(SAMPLES["form-prefilled"])
    assert not [c for c in hands.tree()["controls"] if c["id"] == "reopen:/d/name"]


def test_an_opened_answer_can_be_written_in_at_once(hands: Any) -> None:
    sample = SAMPLES["form-confirmed"]
    hands.show(sample)
    fields = tuple(replace(field, settled=field.readonly, keyboard="digits") for field in sample.view.fields)
    hands.show(replace(sample, view=replace(sample.view, fields=fields)))
    assert hands.stage.tray.field is not None
    hands.tap("key:backspace")
    assert answers(hands) == ["1380000002"]


# what is wrong


def test_the_summary_leads_to_the_field(hands: Any) -> None:
    hands.show(SAMPLES["form-problems"])
    assert "2 处" in hands.find("problems")["name"]
    hands.tap("problem:/d/money")
    assert hands.stage.tray.field is not None and hands.stage.tray.field.control_field == "/d/money"
    hands.settle(0.3)
    keys = min(c["y"] for c in hands.tree()["controls"] if c["role"] == "key" and c["visible"])
    field = hands.find("field:/d/money")
    assert field["h"] >= 88 and field["y"] + field["h"] <= keys


def test_problems_bring_the_page_to_its_top_and_the_keyboard_down(hands: Any) -> None:
    sample = SAMPLES["form-problems"]
    fields = tuple(replace(field, error="") for field in sample.view.fields)
    hands.show(replace(sample, view=replace(sample.view, fields=fields, problems=())))
    hands.tap("field:/d/money")
    hands.show(sample)
    assert hands.stage.tray.field is None
    assert hands.find("title") and hands.find("problems")


# several of the same


def test_entries_are_added_changed_and_taken_away_after_asking(hands: Any) -> None:
    hands.show(SAMPLES["form-repeat"])
    hands.tap("add")
    hands.tap("change:/d/child[2]")
    hands.tap("remove:/d/child[1]")
    assert hands.sent == [i.AddEntry(), i.ChangeEntry("/d/child[2]"), i.RemoveEntry("/d/child[1]", False)]
    hands.sent.clear()
    hands.show(SAMPLES["form-repeat-removing"])
    assert "王𠮷䶮" in hands.find("sure:/d/child[2]")["name"]
    hands.tap("keep_entry:/d/child[2]")
    hands.tap("remove_sure:/d/child[2]")
    assert hands.sent == [i.RemoveEntry(""), i.RemoveEntry("/d/child[2]", True)]


def test_a_counted_repeat_offers_neither(hands: Any) -> None:
    sample = SAMPLES["form-repeat"]
    view: RepeatView = sample.view
    hands.show(replace(sample, view=replace(view, can_add=False, can_remove=False)))
    visible = [c["id"] for c in hands.tree()["controls"] if c["visible"]]
    assert not [each for each in visible if each.startswith(("add", "remove:"))]
