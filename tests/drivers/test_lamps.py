"""The guide lights through a simulated relay board."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from drivers.errors import ConfigError
from drivers.lamps import Lamps
from drivers.status import DeviceState
from tests.drivers.conftest import ROOT, Simulator

LIGHTS = {"cardReader": 0, "receiptPrinter": 1, "camera.green": 3, "camera.red": 4}


def until(what: str, found: Callable[[], Any], seconds: float = 20) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.02)
    raise AssertionError(f"never: {what}")


@pytest.fixture
def lamps(simulator) -> Iterator[tuple[Lamps, Simulator]]:
    board = simulator("lamps")
    lamps = Lamps(board.said["port"], lights=LIGHTS)
    yield lamps, board
    lamps.stop()


def coils(board: Simulator) -> list[int]:
    return [coil for coil, on in enumerate(board("state")["coils"]) if on]


def test_all_are_off_after_start_and_after_stop(simulator, lamps: tuple[Lamps, Simulator], run) -> None:
    lamps, board = lamps
    run("drivers.lamps", "set", "cardReader", "on", "--port", board.said["port"], "--light", "cardReader=0")
    assert coils(board) == [0]
    lamps.start()
    until("online", lambda: lamps.status.usable)
    assert coils(board) == []
    with pytest.raises(RuntimeError):
        lamps.start()
    lamps.set("cardReader")
    lamps.set("camera", colour="red")
    until("lit", lambda: coils(board) == [0, 4])
    lamps.set("camera", colour="green")
    until("the other colour", lambda: coils(board) == [0, 3])
    assert lamps.wanted == {"cardReader": "continuous", "receiptPrinter": "off", "camera": "continuous"}
    lamps.all_off()
    until("off", lambda: coils(board) == [])
    lamps.set("receiptPrinter")
    until("lit", lambda: coils(board) == [1])
    lamps.stop()
    assert coils(board) == [] and lamps.status.detail == "not-started"
    # what is not in the table is not ours: a door's lock may hang there
    assert board("state")["switched"][2] == 0 and board("state")["switched"][5:] == [0, 0, 0]


def test_a_flash_goes_on_and_off_and_ends_as_it_should(lamps: tuple[Lamps, Simulator]) -> None:
    lamps, board = lamps
    lamps.start()
    lamps.set("cardReader", "quick")
    until("four changes", lambda: board("state")["switched"][0] >= 4)
    lamps.set("cardReader", "quick")
    lamps.set("cardReader", "off")
    until("off", lambda: coils(board) == [])
    done = board("state")["switched"][0]
    lamps.set("receiptPrinter", "slow")
    until("lit", lambda: coils(board) == [1])
    assert board("state")["switched"][0] == done
    for wrong in (("nothing",), ("cardReader", "hectic"), ("camera", "quick", "blue")):
        with pytest.raises(ConfigError):
            lamps.set(*wrong)


def test_what_is_wanted_comes_back_with_the_board(lamps: tuple[Lamps, Simulator]) -> None:
    lamps, board = lamps
    lamps.start()
    lamps.set("cardReader")
    until("lit", lambda: coils(board) == [0])
    board("power-cycle")  # the board forgot; the port never went away
    until("lit again", lambda: coils(board) == [0])
    board("fault drop")
    until("gone", lambda: lamps.status.device is DeviceState.OFFLINE)
    lamps.set("receiptPrinter")  # wanted while the board is away
    board("power-cycle")
    board("fault none")
    lamps.look_again()
    until("both lit", lambda: coils(board) == [0, 1])
    until("online", lambda: lamps.status.usable)


def test_a_killed_program_leaves_no_light_on(simulator) -> None:
    board = simulator("lamps")
    program = subprocess.Popen(
        [sys.executable, "-c", "import sys, time; from drivers.lamps import Lamps\n"
         "lamps = Lamps(sys.argv[1], lights={'cardReader': 0, 'scanner': 7}); lamps.start()\n"
         "lamps.set('cardReader'); lamps.set('scanner', 'quick'); time.sleep(60)", board.said["port"]],
        cwd=ROOT,
    )  # fmt: skip
    try:
        until("lit", lambda: board("state")["coils"][0] and board("state")["switched"][7] > 1)
        os.kill(program.pid, signal.SIGKILL)
        until("all off", lambda: coils(board) == [])
        switched = board("state")["switched"]
        time.sleep(0.6)
        assert board("state")["switched"] == switched, "a lamp goes on flashing after its program's death"
    finally:
        program.kill()
        program.wait()


def test_a_board_that_can_only_be_written_to_works(simulator) -> None:
    board = simulator("lamps", "--only-write", "--unit", "17")
    lamps = Lamps(board.said["port"], unit=17, lights={"scanner": 2})
    assert lamps.check().usable
    lamps.start()
    try:
        lamps.set("scanner")
        until("lit", lambda: coils(board) == [2])
        until("online", lambda: lamps.status.usable)
    finally:
        lamps.stop()
    assert Lamps(board.said["port"], unit=18, lights={"scanner": 2}).check().detail == "no-answer"


def test_wrong_tables_are_told_at_once() -> None:
    for wrong in (
        {"unit": 0},
        {"unit": 300},
        {"lights": None},
        {"lights": {"a": 1, "b": 1}},
        {"lights": {"a": 1, "b": 9999}},
    ):
        with pytest.raises(ConfigError):
            Lamps("/dev/nothing", **{"lights": {"a": 0}, **wrong})
    assert Lamps("/dev/nothing", lights={"a": 0}).check().device is DeviceState.OFFLINE


@pytest.mark.parametrize(
    ("options", "lights"),
    [(("--coils", "4"), dict.fromkeys("0123", False)), (("--only-write",), dict.fromkeys("01234567"))],
)
def test_the_command_line_takes_a_board_as_it_is(simulator, run, options: tuple[str, ...], lights: object) -> None:
    done = run("drivers.lamps", "status", "--port", simulator("lamps", *options).said["port"], "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["lights"] == lights


def test_the_command_line(simulator, run) -> None:
    board = simulator("lamps")
    at = ("--port", board.said["port"], "--json")
    named = ("--light", "cardReader=0", "--light", "scanner=5")

    def say(*words: str) -> tuple[int, list[dict[str, Any]]]:
        done = run("drivers.lamps", *words)
        assert not done.stderr or done.returncode == 2
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]

    assert say("set", "scanner", "on", *at, *named)[0] == 0 and coils(board) == [5]
    code, [status] = say("status", *at, *named)
    assert code == 0 and status["device"] == "online" and status["lights"] == {"cardReader": False, "scanner": True}
    assert say("set", "5", "off", *at)[0] == 0 and coils(board) == []
    assert say("set", "5", "quick", "--seconds", "0.6", *at)[0] == 0 and board("state")["switched"][5] == 6
    # the time for all of it ends the flash, and the light is out
    assert say("set", "4", "medium", "--seconds", "60", "--timeout", "2.4", *at)[0] == 0
    assert coils(board) == [] and board("state")["switched"][4]
    code, lines = say("test", *at, *named)
    assert code == 0 and [line["light"] for line in lines] == ["cardReader", "scanner"]
    assert say("set", "printer", "on", *at, *named) == (
        2,
        [{"result": "wrong-use", "detail": "no-light: there are cardReader, scanner"}],
    )
    assert run("drivers.lamps", "set", "scanner", "hectic", *at).returncode == 2
    board("fault stuck")
    assert say("set", "5", "on", *at)[1][0]["result"] == "not-switched"
    board("fault silence")
    code, [status] = say("status", *at)
    assert code == 1 and status["device"] == "offline" and status["detail"] == "no-answer"
