"""Every page in English and in care mode: no Chinese is left but names, addresses and official wording."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from kiosk.journey import intents
from kiosk.journey.views import (
    AttractView,
    CheckView,
    CommitmentView,
    DoneView,
    FarewellView,
    GuideView,
    HomeView,
    ItemsView,
    LoginView,
    ScanView,
    SignView,
    SituationView,
    Snapshot,
)
from tests.journeys.hands import SETTLED, STROKES, Citizen

CHINESE = re.compile(r"[\u3400-\u9fff]")
#: an item's English name in the sample city
INSURANCE = "Insurance registration for the self-employed"


def texts(value: object) -> Iterator[str]:
    """Every text a page shows; typed and prefilled values are the citizen's own."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts(part)
    elif is_dataclass(value):
        for field in fields(value):
            if field.name != "value":
                yield from texts(getattr(value, field.name))


class EnglishCitizen:
    """Remembers every snapshot's text in passing."""

    def __init__(self, citizen: Citizen) -> None:
        self.found: dict[str, set[str]] = {}
        show = citizen._show

        def look(snapshot: Snapshot) -> None:
            if snapshot.chrome.language == "en":
                chinese = {text for text in texts(snapshot) if CHINESE.search(text)}
                self.found.setdefault(type(snapshot.view).__name__, set()).update(chinese)
                assert snapshot.chrome.care
            show(snapshot)

        citizen.terminal.subscribe(look, citizen.previews.append)


def test_all_pages_in_english_and_care_mode(citizen: Citizen) -> None:
    english = EnglishCitizen(citizen)
    forward, back = intents.Forward(), intents.Back()
    citizen.sees(AttractView)
    citizen.send(intents.SetCare(True), intents.SetLanguage("en"))
    citizen.walk_up()
    citizen.send(intents.ChooseWay("citizen_code"), back)
    citizen.sees(LoginView)
    citizen.lay_card()
    assert citizen.sees(HomeView).greeting == "Hello, Ms 王"
    citizen.send(intents.AskHelp(), intents.Stay(), intents.Leave(), intents.Stay(), intents.OpenTheme("all"))
    citizen.sees(ItemsView)
    citizen.send(back, intents.OpenSearch(), intents.Search("insurance registration"))
    rows = citizen.sees(ItemsView, lambda v: any(INSURANCE in row.name for row in v.rows)).rows
    citizen.send(intents.OpenItem(next(row.code for row in rows if INSURANCE in row.name)))
    citizen.sees(GuideView)
    citizen.send(forward)
    citizen.sees(SituationView)
    citizen.send(forward)
    citizen.choose("other")
    citizen.page("number")
    citizen.send(forward, intents.Confirm(), forward)
    citizen.page("mobile")
    citizen.fill(mobile="1")
    citizen.fill(mobile="13800000026")
    citizen.page("permit")
    citizen.send(forward)
    citizen.fill(permit="370299198ABCDEF", arrived="2025-03-01")
    citizen.page("kind")
    citizen.send(forward)
    citizen.fill(kind="both", start="next_month")
    citizen.page("base")
    citizen.send(intents.Answer("/data/payment_page/base", "x"), forward)
    citizen.fill(base="5000")
    citizen.sees(ScanView, lambda v: v.state == "searching")
    citizen.send(forward)
    citizen.sees(ScanView, lambda v: v.state == "refused")
    citizen.lay_paper()
    citizen.sees(ScanView, lambda v: v.state == "taken")
    citizen.send(forward)
    citizen.sees(CommitmentView)
    citizen.send(intents.ReadToEnd(), forward)
    citizen.sees(SignView)
    citizen.send(forward)
    citizen.sees(SignView, lambda v: v.problem != "")
    citizen.send(intents.Sign(STROKES), forward)
    citizen.sees(CheckView)
    citizen.send(forward)
    for level in "12345":
        citizen.send(intents.Rate(level))
        citizen.sees(DoneView, lambda v, level=level: v.level == level)  # type: ignore[misc]
    citizen.sees(DoneView, lambda v: all(paper.state in SETTLED for paper in v.papers), 90)
    citizen.send(intents.SendRating(), forward)
    citizen.sees(FarewellView)
    citizen.lift_card()
    attract = citizen.shown(lambda s: isinstance(s.view, AttractView))
    assert attract.chrome.language == "zh" and not attract.chrome.care

    # the page that waits for what the platform has is seen only where its answer is slow
    assert len(set(english.found) - {"HeldView"}) == 14, sorted(english.found)
    # a surname is the citizen's own
    english.found["HomeView"].discard("Hello, Ms 王")
    # so is the name in the letter; and the conditions have their legal wording only
    english.found["CommitmentView"] -= {
        text for text in english.found["CommitmentView"] if text.startswith("王示例") or "年满 16 周岁" in text
    }
    assert not {page: left for page, left in english.found.items() if left}
