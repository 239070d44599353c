"""Figures as a Mandarin or an English speaker says them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.speech import english
from kiosk.speech.figures import cardinal, figures

SAID = {
    "2026年11月28日": "二零二六年十一月二十八日",
    "2026 年 11 月 8 日": "二零二六年 十一月 八日",
    "2026-11-28": "二零二六年十一月二十八日",
    "2026/1/2": "二零二六年一月二日",
    "2022-2024年": "二零二二到二零二四年",
    "10 年": "十年",
    "9:30-11:05": "九点三十分到十一点零五分",
    "14:00开门": "十四点开门",
    "3,200.50元": "三千二百元五角",
    "3200.05 元": "三千二百元零五分",
    "0.5元": "五角",
    "0元": "零元",
    "2元": "两元",
    "¥12,000.00": "一万二千元",
    "￥80": "八十元",
    "1.5万元": "一点五万元",
    "2万元": "两万元",
    "30元/月": "三十元每月",
    "5%": "百分之五",
    "12.5％": "百分之十二点五",
    "3‰": "千分之三",
    "37029919920318002X": "三七零二九九幺九九二零三幺八零零二X",
    "3702 **** **** **** 26": "三七零二，尾号二六",
    "138 **** 0026": "幺三八，尾号零零二六",
    "13800000026": "幺三八零零零零零零二六",
    "拨打12345": "拨打幺二三四五",
    "12345热线": "幺二三四五热线",
    "电话：0532-88880001": "电话：零五三二，八八八八零零零幺",
    "11370299MB0X00100A": "幺幺三七零二九九MB零X零零幺零零A",
    "HW-0001": "HW，零零零幺",
    "A4纸": "A四纸",
    "3-5个工作日": "三到五个工作日",
    "1～2份": "一到两份",
    "1/2": "二分之一",
    "2个": "两个",
    "2 份": "两份",
    "2月2日": "二月二日",
    "第2条": "第二条",
    "02号": "零二号",
    "10人": "十人",
    "①②": " 一  二 ",
    "３００元": "三百元",
    "3.14": "三点一四",
    "10000": "一万",
    "100万": "一百万",
    "16 周岁": "十六周岁",
    "没有数": "没有数",
    "": "",
}


@pytest.mark.parametrize(("written", "said"), SAID.items())
def test_figures_are_said_as_people_say_them(written: str, said: str) -> None:
    assert figures(written) == said


def value(said: str) -> int:
    """A number in words, read by another way than it was written: each group of four by its own unit."""
    total = 0
    for unit, group in (("亿", 10**8), ("万", 10**4), ("", 1)):
        head, found, rest = said.partition(unit) if unit else (said, True, "")
        if not found:
            continue
        amount, digit = 0, 0
        for character in head:
            if character in "十百千":
                amount += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
                digit = 0
            else:
                digit = "零一二三四五六七八九".find(character.replace("两", "二"))
        total += (amount + digit) * group
        said = rest
    return total


@given(st.integers(0, 10**12 - 1))
def test_every_whole_number_means_what_it_was(number: int) -> None:
    said = cardinal(str(number))
    assert value(said) == number
    assert "零零" not in said and (said == "零" or not said.endswith("零"))


@given(st.text("0123456789-/.:,%元年月日 号第万个*Xx~￥", max_size=24))
def test_no_figure_is_left_and_nothing_fails(text: str) -> None:
    assert not any(character.isdigit() for character in figures(text))


def test_english_numbers_of_something_are_spelled() -> None:
    assert english.figures("ID 37029919920318002X") == "ID 3 7 0 2 9 9 1 9 9 2 0 3 1 8 0 0 2 X"
    assert english.figures("3702 **** **** **** 2X") == "3 7 0 2, ending in 2 X"
    assert english.figures("by 2026-11-28, ¥3,200.50") == "by 28 November 2026, 3,200.50 yuan"
    assert english.figures("10 days, 3200 people") == "10 days, 3200 people"
