"""Scanners on a serial line and scanners that type, through simulators and the real wire."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from drivers.code_scanner import CodeRead, CodeScanner, StatusChanged
from drivers.code_scanner.sightings import SAME_AFTER
from drivers.errors import ConfigError
from drivers.status import DeviceState
from tests.drivers.told import ROOT, Told


@pytest.fixture
def scan(events) -> Iterator[Callable[..., CodeScanner]]:
    started: list[CodeScanner] = []

    def start(url: str, **options: object) -> CodeScanner:
        started.append(CodeScanner(url, **options))  # type: ignore[arg-type]
        started[-1].start(events)
        events.wait(StatusChanged, lambda event: event.status.usable, 20)
        return started[-1]

    yield start
    for scanner in started:
        scanner.stop()


@pytest.mark.parametrize("end", ["cr", "lf", "crlf", "etx", "none"])
def test_a_serial_scanner_is_read_whatever_ends_its_codes(simulator, scan, events, end: str) -> None:
    line = simulator("code_scanner_serial", "--end", end, "--banner", "INVENTED 2D SCANNER V1.02")
    scan(line.said["address"])
    line("scan https://code.example.invalid/1?a=b")
    assert events.wait(CodeRead, timeout=20).text == "https://code.example.invalid/1?a=b"
    line("scan 办事编号：12")
    assert events.wait(CodeRead, timeout=20).text == "办事编号：12"
    assert not any(isinstance(event, CodeRead) and "INVENTED" in event.text for event in events.seen)


def test_bytes_noise_and_one_code_twice(simulator, scan, events) -> None:
    line = simulator("code_scanner_serial", "--encoding", "gb18030", "--end", "crlf")
    scanner = scan(line.said["address"], end="crlf")
    line("scan 业务编号测试")
    assert events.wait(CodeRead, timeout=20).text == "业务编号测试"
    time.sleep(SAME_AFTER + 0.1)
    line("scan 业务编号测试")
    assert events.wait(CodeRead, timeout=20).text == "业务编号测试"
    line("scan 业务编号测试")
    events.none_of(CodeRead, 0.4)
    line("fault garbage")
    for _ in range(3):
        line("scan x")
    assert events.wait(StatusChanged, timeout=20).status.detail == "garbled"
    line("fault slow")
    line("scan good")
    assert events.wait(StatusChanged, timeout=20).status.usable
    assert events.wait(CodeRead, timeout=20).text == "good"
    assert scanner.status.usable
    scanner.stop()
    assert scanner.check().usable and scanner.status.detail == "not-started"


def test_a_line_that_goes_comes_back_when_somebody_says_so(simulator, scan, events) -> None:
    line = simulator("code_scanner_serial")
    scanner = scan(line.said["address"])
    line("fault drop")
    status = events.wait(StatusChanged, timeout=20).status
    assert (status.device, status.detail) == (DeviceState.OFFLINE, "gone")
    line("fault none")
    scanner.look_again()
    assert events.wait(StatusChanged, timeout=20).status.usable
    line("scan again")
    assert events.wait(CodeRead, timeout=20).text == "again"


@pytest.mark.parametrize(
    ("address", "options"),
    [("evdev:", {}), ("serial:nowhere", {}), ("/dev/ttyS0", {"end": "x"}), ("/dev/ttyS0", {"pause": 0.0})],
)
def test_what_is_not_understood_is_said(address: str, options: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        CodeScanner(address, **options)  # type: ignore[arg-type]


def test_the_command_line_reads_from_a_line(simulator, run) -> None:
    line = simulator("code_scanner_serial")
    source = ("--source", line.said["address"], "--json")
    assert json.loads(run("drivers.code_scanner", "status", *source).stdout)["device"] == "online"
    reading = subprocess.Popen(
        [sys.executable, "-m", "drivers.code_scanner", "read", *source], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    while reading.poll() is None:
        line("scan 一号码")
        time.sleep(0.2)
    assert json.loads(reading.communicate()[0]) == {"result": "read", "text": "一号码"} and reading.returncode == 0
    done = run("drivers.code_scanner", "read", "--timeout", "0.7", *source)
    assert json.loads(done.stdout) == {"result": "no-code", "device": "online", "detail": ""} and done.returncode == 1
    line("fault drop")
    done = run("drivers.code_scanner", "status", *source)
    assert json.loads(done.stdout)["detail"] == "gone" and done.returncode == 1
    done = run("drivers.code_scanner", "status", "--source", "serial:nowhere", "--json")
    assert json.loads(done.stdout)["reason"] == "config" and done.returncode == 2


@pytest.fixture
def told() -> Iterator[Callable[..., Told]]:
    started: list[Told] = []

    def start(*words: str, environment: dict[str, str]) -> Told:
        started.append(Told(*words, environment=environment))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def test_a_typing_scanner_is_grabbed_and_read(simulator, told) -> None:
    wedge = simulator("wedge", "--caps")
    watch = told(
        "drivers.code_scanner", "watch", "--source", wedge.said["address"], environment=wedge.said["environment"]
    )
    watch.wait(event="status", device="online")
    assert wedge("state")["grabbed"], "its keys would reach the app"
    wedge("scan https://Code.example.invalid/a?B=1&c=[2]")
    watch.wait(event="code", text="https://Code.example.invalid/a?B=1&c=[2]")
    wedge("scan 电子证照a")
    watch.wait(event="code", text="电子证照a")
    wedge("type no-end")
    watch.wait(event="code", text="no-end")
    wedge("unplug")
    watch.wait(event="status", device="offline", detail="gone")
    wedge("plug")  # it has another number now
    watch.wait(event="status", device="online")
    assert wedge("state")["grabs"] == 2
    wedge("scan again")
    watch.wait(event="code", text="again")
    watch.stop()
    assert _status(wedge.said["address"], wedge.said["environment"])[0] == 0
    assert not wedge("state")["grabbed"], "it was not let go"


@pytest.mark.parametrize("how", ["path", "name", "ids"])
def test_how_a_typing_scanner_is_found(simulator, how: str) -> None:
    wedge = simulator("wedge")
    said = wedge.said
    place = {"path": said["port"], "name": f"evdev:{said['name']}", "ids": said["address"]}[how]
    assert _status(place, said["environment"]) == (0, "online", "")
    if how == "ids":
        assert _status("evdev:1234:5678", said["environment"]) == (1, "offline", "gone")
        wedge("unplug")
        assert _status(place, said["environment"]) == (1, "offline", "gone")
        wedge("fault busy")
        assert _status(place, said["environment"]) == (1, "offline", "in-use")


def _status(place: str, environment: dict[str, str]) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "drivers.code_scanner", "status", "--source", place, "--json"],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    said = json.loads(done.stdout)
    return done.returncode, said["device"], said["detail"]
