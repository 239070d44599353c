"""Amounts in words: the examples of 《正确填写票据和结算凭证的基本规定》 first, then the corners."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.money import grouped, in_words, is_amount

#: (amount, words): 规定 三 (一) to (四), then others by the same rules
EXAMPLES = [
    ("1409.50", "壹仟肆佰零玖元伍角"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
    ("107000.53", "壹拾万柒仟元零伍角叁分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    ("1234.5", "壹仟贰佰叁拾肆元伍角"),
    ("1234.", "壹仟贰佰叁拾肆元整"),
    ("0", "零元整"),
    ("0.05", "伍分"),
    ("0.30", "叁角"),
    ("10", "壹拾元整"),
    ("100000001", "壹亿零壹元整"),
    ("20000010", "贰仟万零壹拾元整"),
    ("100200000000", "壹仟零贰亿元整"),
]
DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def value(words: str) -> Decimal:
    """What an amount in words says, read by its own rules and not by those that wrote it."""
    words = words.removeprefix("人民币").removesuffix("整")
    yuan, mark, cents = words.partition("元")
    if not mark:
        yuan, cents = "", yuan
    total, group, digit = 0, 0, 0
    for character in yuan:
        if character in DIGITS:
            digit = DIGITS.index(character)
        elif character in UNITS:
            group, digit = group + digit * UNITS[character], 0
        elif character == "万":
            total, group, digit = total + (group + digit) * 10_000, 0, 0
        elif character == "亿":
            total, group, digit = (total + group + digit) * 100_000_000, 0, 0
    found = Decimal(total + group + digit)
    for unit, worth in (("角", "0.1"), ("分", "0.01")):
        if unit in cents:
            found += DIGITS.index(cents[cents.index(unit) - 1]) * Decimal(worth)
    return found


@pytest.mark.parametrize(("amount", "words"), EXAMPLES)
def test_examples(amount: str, words: str) -> None:
    assert in_words(amount) == f"人民币{words}"


@given(st.integers(0, 10**14 - 1))
def test_words_say_the_amount_and_no_zero_too_many(cents: int) -> None:
    amount = f"{cents // 100}.{cents % 100:02}"
    words = in_words(amount)
    assert value(words) == Decimal(amount)
    assert "零零" not in words
    assert not words.removesuffix("整").endswith("零")
    assert words.endswith("整") == (cents % 100 == 0)


@pytest.mark.parametrize(
    ("amount", "shown"), [("1234.5", "1,234.50"), ("0", "0.00"), ("007", "7.00"), ("1000000", "1,000,000.00")]
)
def test_grouped(amount: str, shown: str) -> None:
    assert grouped(amount) == shown


@pytest.mark.parametrize("text", ["", ".5", "1.234", "-1", "1,000", "一百", "1" * 17, "1.2.3", "1e3"])
def test_what_is_no_amount(text: str) -> None:
    assert (is_amount(text), grouped(text), in_words(text)) == (False, "", "")
