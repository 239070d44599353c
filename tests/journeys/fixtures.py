"""What the tests of journeys and of faults share. Both conftest.py take their fixtures from here."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

import kiosk.terminal
from demo.programs import Program, until
from kiosk.journey.steps import done
from kiosk.terminal import Terminal
from tests.journeys.hands import Citizen
from tests.journeys.town_hall import TownHall, the_hall

OpenTerminal = Callable[[Path], Citizen]
StartAgent = Callable[[Path], Program]


@pytest.fixture(scope="session")
def hall(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> TownHall:
    """The worker's town, started once."""
    return the_hall(request.config, tmp_path_factory)


@pytest.fixture
def open_terminal(
    hall: TownHall, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenTerminal]:
    """Opens a terminal on a data folder; at the end it is stopped and every device works again."""
    caplog.set_level(logging.INFO)
    opened: list[Terminal] = []
    crashes: list[int] = []
    # a crashed terminal ends its process, which here is pytest's own
    monkeypatch.setattr(kiosk.terminal, "os", SimpleNamespace(_exit=crashes.append))
    # nobody looks at what is about to be printed
    monkeypatch.setattr(done, "LOOK_SECONDS", 0.3)

    def start(data: Path) -> Citizen:
        terminal = Terminal.open(data)
        opened.append(terminal)
        citizen = Citizen(terminal, hall)
        citizen.crashes = crashes
        terminal.start()
        return citizen

    yield start
    for terminal in opened:
        terminal.stop()
    hall.repair()
    assert not crashes, "the terminal crashed"


@pytest.fixture
def citizen(hall: TownHall, open_terminal: OpenTerminal) -> Iterator[Citizen]:
    """Somebody before the terminal whose sync agent runs; what they submitted is delivered before the next test."""
    citizen = open_terminal(hall.data)
    yield citizen
    hall.cable.restore()
    outbox = citizen.terminal.parts.cache.outbox
    until("everything to be delivered", 30, lambda: outbox.counts()[0] == 0)


@pytest.fixture
def start_agent(hall: TownHall) -> Iterator[StartAgent]:
    """Starts a sync agent for a copy of the terminal; it ends with the test."""
    started: list[Program] = []

    def start(data: Path) -> Program:
        started.append(hall.agent(data))
        return started[-1]

    yield start
    for program in started:
        program.stop()
