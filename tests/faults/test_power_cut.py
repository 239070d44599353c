"""The kiosk killed in the middle (kill -9, as a power cut does it), and started again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from demo.programs import Program, python, until
from kiosk.journey import intents
from kiosk.journey.views import AttractView, HomeView
from offline_cache import Cache
from tests.journeys.fixtures import OpenTerminal, StartAgent
from tests.journeys.hands import Citizen
from tests.journeys.town_hall import TownHall, traces

StandAt = Callable[[Path, str, int], Program]


@pytest.fixture
def stand_at(hall: TownHall) -> Iterator[StandAt]:
    """Starts a terminal of its own, in which somebody walks to a point and stands there."""
    standing: list[Program] = []

    def start(data: Path, point: str, place: int) -> Program:
        program = Program(
            "standing", python("tests.faults.standing_citizen", str(data), point), data.parent / "standing.log"
        )
        standing.append(program)
        assert program.announced(60) == {"at": "login"}
        card = data.parent / "card.json"
        card.write_text(json.dumps(hall.people[place], ensure_ascii=False), "utf-8")
        hall.devices.id_card.tell(f"place {card}")
        assert program.announced(60) == {"at": point}
        return program

    yield start
    for program in standing:
        program.stop(1)
    hall.repair()


def private(hall: TownHall, place: int) -> tuple[str, ...]:
    person = hall.people[place]
    return person["name"], person["number"], person["address"], "13800000026"


def test_killed_in_the_middle_of_a_form(
    hall: TownHall,
    stand_at: StandAt,
    open_terminal: OpenTerminal,
    start_agent: StartAgent,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    data = hall.enrolled(tmp_path / "terminal")
    stand_at(data, "form", 0).kill()
    assert not list(traces(data, *private(hall, 0))), "readable on the disk after the cut"
    hall.devices.id_card.tell("lift")

    citizen = open_terminal(data)
    citizen.sees(AttractView, lambda v: v.open)
    assert "1 visits ended" in caplog.text
    store = citizen.terminal.parts.cache.store.db
    assert store.table("drafts").count == 0
    start_agent(data)
    until("its key to be shredded", 30, lambda: not store.table("visits").count_where("wrapped_key not null"))
    # the next citizen begins afresh
    assert citizen.log_in(1).greeting == "李先生，您好"
    assert not list(traces(data, *private(hall, 0)))


def test_killed_after_submitting_the_case_arrives_once(
    hall: TownHall,
    stand_at: StandAt,
    open_terminal: OpenTerminal,
    start_agent: StartAgent,
    tmp_path: Path,
) -> None:
    data, before = hall.enrolled(tmp_path / "terminal"), hall.case_ids()
    stand_at(data, "done", 3).kill()
    assert not list(traces(data, *private(hall, 3)))
    hall.devices.id_card.tell("lift")

    # the agent is killed, too, as soon as the platform has the case: it may not know that it was heard
    agent = start_agent(data)
    case = hall.new_case(before)
    agent.kill()
    assert case["case"]["applicant"]["name"] == hall.people[3]["name"]
    citizen: Citizen = open_terminal(data)
    citizen.sees(AttractView, lambda v: v.open)
    start_agent(data)
    store = citizen.terminal.parts.cache.store.db

    def delivered() -> bool:
        [row] = store.query("select state, sealed from outbox")
        return bool(row["state"] == "delivered" and row["sealed"] == b"")

    until("the delivery and the shredding", 30, delivered)
    assert hall.case_ids() - before == {case["case_id"]}
    assert not list(traces(data, *private(hall, 3)))


def test_killed_while_printing_the_paper_is_uncertain_and_not_printed_again(hall: TownHall, tmp_path: Path) -> None:
    """What the ledger says after a start; the printing itself is cut by hand at the moment it is worst."""
    data = hall.enrolled(tmp_path / "terminal")
    cache = Cache.open(data)
    line = cache.prints.plan("a-visit", "certificate", "HJ-26-999999")
    cache.prints.set(line, "sent")
    cache.close()
    cache = Cache.open(data)
    assert cache.prints.settle_interrupted() == 1 and cache.prints.was_sent("HJ-26-999999")
    [row] = cache.store.db.table("prints").rows
    assert (row["state"], row["reason"]) == ("uncertain", "interrupted")
    cache.close()


def test_stopping_the_terminal_ends_the_visit_at_the_next_start(
    hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = hall.enrolled(tmp_path / "terminal")
    citizen = open_terminal(data)
    citizen.log_in()
    citizen.terminal.stop()
    hall.devices.id_card.tell("lift")
    again = open_terminal(data)
    again.sees(AttractView, lambda v: v.open)
    assert "1 visits ended" in caplog.text
    again.send(intents.Start())
    again.lay_card(1)
    assert again.sees(HomeView).greeting == "李先生，您好"
