"""A terminal as a program of its own, with somebody who walks to a point and stands there until it is killed.

    python -m tests.faults.standing_citizen DATA form|done

Prints one line of JSON when the login page is open (then the card is to be laid on the reader), and one when the
point is reached: `form` with half a form typed, `done` with a case submitted.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from kiosk.journey import intents
from kiosk.journey.views import AttractView, DoneView, GuideView, HomeView, ItemsView, LoginView, QuestionView
from kiosk.terminal import Terminal
from tests.journeys.hands import HOUSEHOLD, INSURANCE, Hands


def say(**what: object) -> None:
    """One line for whoever started this."""
    print(json.dumps(what), flush=True)


def open_item(hands: Hands, name: str) -> None:
    """Search for an item and begin it."""
    hands.send(intents.OpenSearch())
    hands.sees(ItemsView)
    hands.send(intents.Search(name))
    rows = hands.sees(ItemsView, lambda v: bool(v.rows)).rows
    hands.send(intents.OpenItem(rows[0].code))
    hands.sees(GuideView)
    hands.send(intents.Forward())


def main() -> None:
    """Walk to the point, and stand there."""
    data, point = Path(sys.argv[1]), sys.argv[2]
    terminal = Terminal.open(data)
    hands = Hands(terminal)
    terminal.start()
    hands.sees(AttractView, lambda v: v.open)
    hands.send(intents.Start())
    hands.sees(LoginView, lambda v: v.card == "waiting")
    say(at="login")
    hands.sees(HomeView)
    if point == "done":
        open_item(hands, HOUSEHOLD)
        hands.sees(DoneView)
    else:
        open_item(hands, INSURANCE)
        hands.send(intents.Choose("local"), intents.Forward())
        hands.sees(QuestionView)
        hands.send(intents.Confirm(), intents.Forward())
        hands.sees(QuestionView, lambda v: any(f.path.endswith("/mobile") for f in v.fields))
        hands.send(intents.Answer("/data/contact/mobile", "13800000026"))
        hands.sees(QuestionView, lambda v: any(f.value == "13800000026" for f in v.fields))
    say(at=point)
    time.sleep(600)


if __name__ == "__main__":
    main()
