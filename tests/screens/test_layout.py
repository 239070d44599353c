"""Every sample page in both languages and sizes: targets large enough and apart, text inside its place."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from kiosk.journey.views import Snapshot, View
from screens.samples import snapshots

TARGETS = ("button", "field", "choice", "pad")


def test_every_view_has_a_sample_and_a_page(window: Any) -> None:
    from screens.stage import PAGES as pages

    views = set(View.__subclasses__())
    assert set(pages) == views
    assert {type(snapshot.view) for snapshot in snapshots().values()} == views


@pytest.fixture
def quick(window: Any) -> Iterator[None]:
    """Frames one after another, without the wait for a screen's next picture, and hardly a search for garbage among
    widgets that are all in use.
    """
    from kivy.clock import Clock

    rate, Clock._max_fps = Clock._max_fps, 0.0
    often = gc.get_threshold()
    gc.set_threshold(50_000, 20, 1000)
    yield
    gc.set_threshold(*often)
    gc.freeze()
    Clock._max_fps = rate


def test_pages(hands: Any, quick: None) -> None:
    trouble: list[str] = []
    for name, manner, snapshot in _samples():
        hands.show(snapshot)
        hands.settle(0.12 if name == "done-rating" else 0)
        trouble += [f"{name} {manner}: {what}" for what in (*_targets(hands.tree()), *_texts(hands.stage))]
    assert not trouble, "\n".join(trouble)


def _samples() -> Iterator[tuple[str, tuple[str, bool], Snapshot]]:
    """Name, language and care mode of every sample. English in normal size takes less room than it does large."""
    for manner in (("zh", False), ("zh", True), ("en", True)):
        for name, snapshot in snapshots(*manner).items():
            yield name, manner, snapshot


def _targets(tree: dict[str, Any]) -> list[str]:
    trouble = []
    controls = [c for c in tree["controls"] if c["role"] in TARGETS and c["visible"]]
    assert controls
    for control in controls:
        if (
            control["x"] < 0
            or control["y"] < 0
            or control["x"] + control["w"] > 1080
            or control["y"] + control["h"] > 1920
        ):
            trouble.append(f"{control['id']} is outside the window")
        if control["w"] < 88 or (control["h"] < 88 and not _cut(control, tree)):
            trouble.append(f"{control['id']} is only {control['w']}x{control['h']}")
    identities = [(c["id"], c.get("field")) for c in controls]
    trouble += [f"{identity} twice" for identity in set(identities) if identities.count(identity) > 1]
    for a, b in combinations(controls, 2):
        if "start" in (a["id"], b["id"]):
            continue
        if (
            a["x"] < b["x"] + b["w"]
            and b["x"] < a["x"] + a["w"]
            and a["y"] < b["y"] + b["h"]
            and b["y"] < a["y"] + a["h"]
        ):
            trouble.append(f"{a['id']} lies over {b['id']}")
    return trouble


def _cut(control: dict[str, Any], tree: dict[str, Any]) -> bool:
    """The edge of the scrolled page cuts it."""
    below = [c["y"] for c in tree["controls"] if c["id"] in ("more", "back", "forward", "help") and c["visible"]]
    return any(0 <= y - (control["y"] + control["h"]) <= 30 for y in below) or control["y"] <= 260


def _texts(stage: Any) -> list[str]:
    """Labels drawn larger than their widget, or reaching out of the button or row they stand in."""
    from screens.widgets.text import Text
    from screens.widgets.touchable import Touchable

    trouble = []
    for widget in stage.walk(restrict=True):
        if not isinstance(widget, Text) or not widget.words or not widget.height:
            continue
        if widget.texture_size[0] > widget.width + 1 or widget.texture_size[1] > widget.height + 1:
            trouble.append(f"{widget.words!r} {widget.texture_size} does not fit {widget.size}")
        holder = widget.parent
        while holder is not None and holder.parent is not holder and not isinstance(holder, Touchable):
            holder = holder.parent
        if isinstance(holder, Touchable) and holder.height:
            x, y = widget.to_window(*widget.pos)
            left, base = holder.to_window(*holder.pos)
            if (
                x < left - 1
                or x + widget.width > left + holder.width + 1
                or y < base - 1
                or y + widget.height > base + holder.height + 1
            ):
                trouble.append(f"{widget.words!r} reaches out of {holder.control_id}")
        x, _ = widget.to_window(*widget.pos)
        if x < 0 or x + widget.width > 1081:
            trouble.append(f"{widget.words!r} reaches out of the window")
    return trouble
