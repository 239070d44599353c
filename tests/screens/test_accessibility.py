"""What a screen reader is told."""

from __future__ import annotations

from typing import Any

from screens.samples import snapshots

SAMPLES = snapshots()


def test_rectangles_are_where_the_pixels_are(hands: Any) -> None:
    hands.show(SAMPLES["situation"])
    title, forward, back = hands.find("title"), hands.find("forward"), hands.find("back")
    assert title["y"] < 400
    assert forward["y"] > 1600
    assert back["x"] + back["w"] <= forward["x"]
    chosen = hands.find("choice:local")
    assert chosen["selected"]
    assert not hands.find("choice:other")["selected"]


def test_what_is_scrolled_away_is_not_visible(hands: Any) -> None:
    hands.show(SAMPLES["question-many"])
    controls = {control["id"]: control for control in hands.tree()["controls"]}
    assert controls["choice:pension"]["visible"]
    assert not controls["choice:m12"]["visible"]
    assert controls["choice:m12"]["field"] == "/d/month"


def test_a_notice_hides_what_is_beneath(hands: Any) -> None:
    hands.show(SAMPLES["notice-leave"])
    visible = {control["id"] for control in hands.tree()["controls"] if control["visible"]}
    assert {"stay", "leave_now", "notice_title", "notice_line"} <= visible
    assert not visible & {"forward", "back", "choice:local", "title"}


def test_the_screen_is_named_and_texts_are_read_in_order(hands: Any) -> None:
    hands.show(SAMPLES["done"])
    tree = hands.tree()
    assert tree["screen"] == "DoneView"
    names = [control["name"] for control in tree["controls"] if control["visible"]]
    assert names.index("已受理，已办结") < names.index("3702-0261121-00417") < names.index("非常满意")
