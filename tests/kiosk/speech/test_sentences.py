"""Cutting a text into sentences."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.speech.sentences import MOST, sentences


def texts(*parts: str) -> list[str]:
    return [sentence.text.strip() for sentence in sentences(parts)]


def test_sentences_end_where_they_end() -> None:
    assert texts("我是自己来办的。内容是真的！真的吗？") == ["我是自己来办的。", "内容是真的！", "真的吗？"]
    assert texts("共3.5元；明天交。“好。”他说") == ["共3.5元；", "明天交。", "“好。”", "他说"]
    assert texts("It costs 3.50 yuan. Pay (today). Yes!") == ["It costs 3.50 yuan.", "Pay (today).", "Yes!"]
    assert texts("承诺书", "", "，。", "一\n二") == ["承诺书", "一", "二"]


def test_a_long_sentence_is_cut_at_a_comma() -> None:
    long = "这一句话说到这里还没有说完，" * 12
    assert all(each.endswith("，") and len(each) <= MOST for each in texts(long))
    assert texts("word " * 60)[0].endswith("word")


@given(st.lists(st.text("甲乙。，！ab. 1\n“”", max_size=200), max_size=4))
def test_nothing_is_lost_and_all_is_in_order(parts: list[str]) -> None:
    found = sentences(parts)
    assert [(each.part, each.start) for each in found] == sorted((each.part, each.start) for each in found)
    for number, text in enumerate(parts):
        left = text
        for each in reversed([each for each in found if each.part == number]):
            assert text[each.start : each.end] == each.text and 0 < each.end - each.start <= MOST
            left = left[: each.start] + left[each.end :]
        assert not any(character.isalnum() for character in left)
