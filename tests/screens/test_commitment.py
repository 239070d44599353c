"""The letter of commitment: what is still below is said, and its end has to have been in sight."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from kiosk.journey import intents as i
from kiosk.journey.frame import Aloud
from screens.samples import snapshots

UNREAD = snapshots()["commitment-unread"]


def strip(hands: Any) -> str:
    return next(str(each["name"]) for each in hands.tree()["controls"] if each["id"] == "more")


def test_a_long_letter_is_read_when_its_end_has_been_seen(hands: Any) -> None:
    hands.show(UNREAD)
    hands.settle(0.6)
    assert hands.sent == [] and "下面还有" in strip(hands) and "看完才能签名" in strip(hands)
    below = [int("".join(filter(str.isdigit, strip(hands))))]
    while not hands.sent and len(below) < 12:
        hands.tap("more")
        hands.settle(0.6)
        if not hands.sent:
            below.append(int("".join(filter(str.isdigit, strip(hands)))))
    assert hands.sent == [i.ReadToEnd()]
    assert below == sorted(below, reverse=True) and len(set(below)) == len(below)


def test_a_short_letter_is_read_at_once(hands: Any) -> None:
    view = replace(UNREAD.view, paragraphs=("都是真的。",), owed=())
    hands.show(replace(UNREAD, view=view))
    hands.settle(0.6)
    assert hands.sent == [i.ReadToEnd()]


def test_one_that_was_read_says_nothing(hands: Any) -> None:
    hands.show(replace(UNREAD, view=replace(UNREAD.view, read=True)))
    hands.settle(0.6)
    assert hands.sent == [] and "段" not in strip(hands)


def heard(snapshot: Any, part: int, sentence: str = "") -> Any:
    """The letter while `sentence` of this part of it is read aloud."""
    text = snapshot.view.spoken[part]
    start = text.index(sentence)
    aloud = Aloud(True, part, start, start + len(sentence or text))
    return replace(snapshot, chrome=replace(snapshot.chrome, aloud=aloud))


def text_of(hands: Any, part: int) -> Any:
    return hands.stage.page.spoken_texts()[part]


def test_where_nothing_can_be_read_aloud_there_is_no_button(hands: Any) -> None:
    hands.show(UNREAD)
    assert not [each for each in hands.tree()["controls"] if each["id"] == "read_aloud" and each["visible"]]


@pytest.mark.parametrize("care", [False, True])
def test_the_button_asks_to_read_and_then_to_stop(hands: Any, care: bool) -> None:
    snapshot = replace(UNREAD, chrome=replace(UNREAD.chrome, aloud=Aloud(), care=care))
    hands.show(snapshot)
    hands.settle(0.3)
    assert hands.find("read_aloud")["name"] == "读给我听"
    assert (hands.find("read_aloud")["w"] > 900) is care, "more prominent in care mode"
    hands.tap("read_aloud")
    hands.show(replace(snapshot, chrome=replace(snapshot.chrome, aloud=Aloud(reading=True))))
    hands.tap("read_aloud")
    assert hands.sent == [i.ReadAloud(), i.StopReading()]


def test_what_is_heard_is_marked_and_in_sight(hands: Any) -> None:
    hands.show(UNREAD)
    hands.settle(0.3)
    page = hands.stage.page
    for part in range(1, len(UNREAD.view.spoken)):
        hands.show(heard(UNREAD, part))
        hands.settle(0.5)
        text = text_of(hands, part)
        bottom, top = text.to_window(*text.pos)[1], text.to_window(text.x, text.top)[1]
        page_bottom = page.to_window(*page.pos)[1]
        assert page_bottom <= bottom and top <= page_bottom + page.height, f"part {part} is not in sight"
        assert text.marked == (0, len(text.words)) and len(text.refs["marked"]) >= 1
        assert text_of(hands, part - 1).marked == (0, 0)


def test_a_letter_that_was_heard_to_its_end_has_been_shown_to_its_end(hands: Any) -> None:
    hands.show(UNREAD)
    hands.settle(0.3)
    hands.show(heard(UNREAD, 1))
    hands.settle(0.5)
    assert hands.sent == []
    hands.show(heard(UNREAD, len(UNREAD.view.spoken) - 1))
    hands.settle(1.0)
    assert hands.sent == [i.ReadToEnd()]


def test_the_mark_follows_a_sentence_over_its_lines(hands: Any) -> None:
    words = "前面的一句话在这里。" + "要标出来的这一句话很长很长，" * 4 + "到这里为止。后面还有一句。"
    snapshot = replace(UNREAD, view=replace(UNREAD.view, paragraphs=(words,), owed=()))
    middle = words[10 : words.index("后面")]
    hands.show(heard(snapshot, 3, middle))
    hands.settle(0.3)
    text = text_of(hands, 3)
    said = "".join(re.findall(r"\[ref=marked\](.*?)\[/ref\]", text.text))
    assert said == middle and len(text.refs["marked"]) == text.text.count("[ref=") > 1
    hands.show(snapshot)
    hands.settle()
    assert "[ref" not in text.text


def test_nothing_of_a_letter_stays_marked_on_the_next(hands: Any) -> None:
    hands.show(heard(UNREAD, 0))
    hands.settle(0.2)
    page = hands.stage.page
    hands.show(snapshots()["attract"])
    assert all(text.marked == (0, 0) for text in page.spoken_texts())
