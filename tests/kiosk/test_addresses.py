"""Addresses: the table, taking a text apart, and choosing step by step."""

from __future__ import annotations

import pytest

from kiosk.addresses import Address, chain, children, division, names_around
from kiosk.journey.address_entry import AddressEntry
from kiosk.words import say

QINGDAO = "山东省青岛市市南区八大湖街道福州南路 17 号"


def names(code: str) -> list[str]:
    return [each.name for each in children(code)]


def test_every_province_leads_down_to_a_town() -> None:
    provinces = children()
    assert len(provinces) == 34
    for province in provinces[:31]:
        assert len({each.name for each in children(province.code)}) == len(children(province.code)) > 1
        below = province
        while children(below.code):
            below = children(below.code)[0]
        assert len(below.code) == 9, province.name
        assert chain(below.code)[0] == province


def test_rows_nobody_names_are_passed_over() -> None:
    assert names("11")[:2] == ["东城区", "西城区"]  # not 市辖区
    assert {"万州区", "巫溪县"} <= set(names("50"))  # not 市辖区 and 县
    assert {"武汉市", "潜江市"} <= set(names("42"))  # not 省直辖县级行政区划
    assert "虎门镇" in names("4419")  # 东莞 has no counties
    assert [each.name for each in chain("441900121")] == ["广东省", "东莞市", "虎门镇"]
    assert chain("999999") == () and division("999999") is None


@pytest.mark.parametrize(
    ("text", "divisions", "street"),
    [
        (QINGDAO, "山东省 青岛市 市南区 八大湖街道", "福州南路 17 号"),
        ("青岛市市南区福州南路17号", "山东省 青岛市 市南区", "福州南路17号"),
        ("北京市朝阳区三里屯街道1号", "北京市 朝阳区 三里屯街道", "1号"),
        ("湖北省潜江市园林街道2号", "湖北省 潜江市 园林街道", "2号"),
        ("香港特别行政区中环1号", "香港特别行政区", "中环1号"),
        ("朝阳区三里屯1号", "", "朝阳区三里屯1号"),  # in more than one city
        ("样本省示例市1号", "", "样本省示例市1号"),
        ("", "", ""),
    ],
)
def test_a_text_is_taken_apart(text: str, divisions: str, street: str) -> None:
    address = Address.read(text)
    assert " ".join(each.name for each in address.divisions) == divisions
    assert address.street == street
    assert Address.read(address.text) == address


def asked(entry: AddressEntry) -> tuple[str, bool]:
    part = entry.part(say)
    return part.asks, part.skips


def test_choosing_from_the_province_down() -> None:
    entry = AddressEntry("")
    steps = []
    for code in ("37", "3702", "370202"):
        steps.append(asked(entry))
        assert entry.problem == "address.incomplete"
        assert code in [row.value for row in entry.part(say).options]
        entry.choose(code)
    assert steps == [("在哪个省？", False), ("在哪个市？", False), ("在哪个区、县？", False)]
    assert asked(entry) == ("在哪个街道、乡镇？", True)
    assert entry.problem == "address.no_street"
    entry.choose("370202012")
    assert asked(entry) == ("", False)
    entry.write("山东省青岛市市南区八大湖街道福州南路 17 号")
    assert (entry.text, entry.problem) == (QINGDAO, "")


def test_a_town_can_be_left_out_and_a_level_chosen_anew() -> None:
    entry = AddressEntry("")
    for code in ("11", "110105", ""):
        entry.choose(code)
    assert asked(entry) == ("", False)
    entry.write("北京市朝阳区1号")
    entry.choose("11")  # touched again: asked anew, and the street stays
    assert asked(entry) == ("在哪个省？", False)
    entry.choose("37")
    assert entry.text == "山东省1号"


def test_a_street_that_begins_like_a_division_stays_a_street() -> None:
    entry = AddressEntry("")
    for code in ("37", "3702", "370202", ""):
        entry.choose(code)
    entry.write("山东省青岛市市南区山东省大厦 3 层")
    assert entry.part(say).street == "山东省大厦 3 层"
    assert [row.label for row in entry.part(say).chosen] == ["山东省", "青岛市", "市南区"]


def test_in_a_municipality_the_next_level_is_a_district() -> None:
    entry = AddressEntry("")
    entry.choose("11")
    assert asked(entry) == ("在哪个区、县？", False)
    entry.choose("110101")
    assert asked(entry) == ("在哪个街道、乡镇？", True)


def test_a_prefilled_address_is_not_asked_for_its_town() -> None:
    assert asked(AddressEntry("山东省青岛市市南区福州南路 17 号")) == ("", False)


def test_names_around_a_place_are_those_of_its_province() -> None:
    names = names_around("370202")
    assert {"山东省", "广东省", "青岛市", "广州市", "市南区", "八大湖街道"} <= names
    assert not names & {"市辖区", "天河区", "东华门街道"}
    assert "市南区" not in names_around("")


def test_a_cards_unknown_place_does_not_stand_behind_the_one_chosen() -> None:
    entry = AddressEntry("海湾市东滩区样板路17号")
    for code in ("37", "3702", "370202"):
        entry.choose(code)
    assert entry.text == "山东省青岛市市南区" and asked(entry)[1]
    # a street the citizen wrote before the place stays
    entry = AddressEntry("")
    entry.write("福州南路 17 号")
    entry.choose("37")
    assert entry.text == "山东省福州南路 17 号"
