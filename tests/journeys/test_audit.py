"""What the audit log tells of a whole visit: each step, in order, and nothing of the citizen."""

from __future__ import annotations

import json
from pathlib import Path

from demo.programs import until
from kiosk.journey import intents
from kiosk.journey.views import FarewellView
from offline_cache.audit.verify import broken, read_database, written
from tests.journeys.fixtures import OpenTerminal, StartAgent
from tests.journeys.hands import INSURANCE
from tests.journeys.town_hall import TownHall


def test_a_visit_is_told_from_beginning_to_end(
    hall: TownHall, open_terminal: OpenTerminal, start_agent: StartAgent, tmp_path: Path
) -> None:
    person, data = hall.people[0], hall.enrolled(tmp_path / "terminal")
    citizen = open_terminal(data)
    start_agent(data)
    citizen.log_in()
    citizen.open_item(INSURANCE)
    citizen.send(intents.Leave())
    citizen.shown(lambda s: s.notice is not None and s.notice.kind == "leave", "the question")
    citizen.send(intents.LeaveNow())
    citizen.sees(FarewellView, lambda v: v.card_present)
    citizen.lift_card()

    def told() -> list[str]:
        return [str(row["event"]) for row in read_database(data / "store.db").rows]

    until("the visit to be shredded", 20, lambda: "visit.shredded" in told())
    until("the devices to be told of", 30, lambda: "device.changed" in told())
    log = read_database(data / "store.db")
    assert broken(log) is None
    visits = [row for row in log.rows if str(row["event"]).startswith("visit.")]
    assert [row["event"] for row in visits] == ["visit.began", "visit.ended", "visit.shredded"]
    assert json.loads(visits[1]["fields"])["reason"] == "leave"
    assert len({json.loads(row["fields"])["visit"] for row in visits}) == 1
    text = "\n".join(written(log))
    assert person["number"] not in text and json.dumps(person["name"])[1:-1] not in text
