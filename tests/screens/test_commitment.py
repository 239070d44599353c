"""The letter of commitment: what is still below is said, and its end has to have been in sight."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.journey import intents as i
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
