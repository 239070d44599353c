"""A citizen has the letter of commitment read aloud, hears it to its end, and signs it."""

from __future__ import annotations

import time

from demo.programs import until
from kiosk.journey import intents
from kiosk.journey.views import AttractView, CheckView, CommitmentView, SignView, Snapshot
from tests.journeys.hands import STROKES, Citizen


def marked(snapshot: Snapshot) -> str:
    """What is heard, as the page marks it."""
    aloud = snapshot.chrome.aloud
    return snapshot.view.spoken[aloud.part][aloud.start : aloud.end] if aloud and aloud.part >= 0 else ""


def test_a_letter_is_read_aloud_and_then_signed(citizen: Citizen) -> None:
    card = citizen.devices.sound
    citizen.to_form()
    citizen.fill_insurance()
    citizen.scan()
    view = citizen.sees(CommitmentView)
    citizen.shown(lambda s: s.chrome.aloud is not None, "the button")
    card.tell("clear")
    citizen.send(intents.ReadAloud())
    # the page scrolls with what is heard, so its end is in sight before all of it was heard
    last = view.spoken[-1]
    for part, text in enumerate(view.spoken):
        shown = citizen.shown(lambda s, part=part: bool(s.chrome.aloud and s.chrome.aloud.part == part), text, 60)
        assert marked(shown) and marked(shown) in text
    assert marked(shown) in last
    citizen.send(intents.ReadToEnd())
    citizen.shown(lambda s: bool(s.chrome.aloud and not s.chrome.aloud.reading), "the end of the reading", 60)
    heard = card.tell("state")
    assert heard["peak"] > 3000 and heard["seconds"] > 0.15 * sum(map(len, view.spoken)), "four syllables a second"
    citizen.send(intents.Forward())
    citizen.sees(SignView)
    citizen.send(intents.Sign(STROKES), intents.Forward())
    citizen.sees(CheckView)


def test_what_became_of_it_is_read_aloud(citizen: Citizen) -> None:
    citizen.print_household()
    view = citizen.settled()
    citizen.shown(lambda s: s.chrome.aloud is not None, "the button")
    citizen.devices.sound.tell("clear")
    citizen.send(intents.ReadAloud())
    citizen.shown(lambda s: marked(s).startswith(view.title), "the title heard")
    # here the card is asked to be taken: who takes it still listens
    citizen.lift_card()
    citizen.shown(lambda s: bool(s.chrome.aloud and s.chrome.aloud.part == len(view.spoken) - 1), "the last paper", 60)
    assert citizen.devices.sound.tell("state")["peak"] > 3000
    citizen.send(intents.Forward())
    citizen.sees(AttractView)


def test_who_leaves_while_it_is_read_leaves_silence(citizen: Citizen) -> None:
    card = citizen.devices.sound
    citizen.to_form()
    citizen.fill_insurance()
    citizen.scan()
    citizen.sees(CommitmentView)
    citizen.shown(lambda s: s.chrome.aloud is not None, "the button")
    card.tell("clear")
    citizen.send(intents.ReadAloud())
    until("a sound", 20, lambda: card.tell("state")["peak"] > 1000)
    citizen.lift_card()
    citizen.shown(lambda s: bool(s.chrome.aloud and not s.chrome.aloud.reading), "silence")
    time.sleep(0.3)
    before = card.tell("state")["seconds"]
    time.sleep(0.5)
    assert card.tell("state")["seconds"] == before
