"""Plugging in and out under a live testbed (umockdev), and nothing at all where there is no udev."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.errors import ConfigError
from drivers.hotplug import Hotplug, find, find_node, parse_ids
from tests.drivers.conftest import ROOT

HARNESS = ["umockdev-wrapper", "/usr/bin/python3", str(Path(__file__).with_name("plugging.py"))]


class Bed:
    """A program inside the testbed, and the hand that plugs."""

    def __init__(self, *words: str, plugged: str = "") -> None:
        self.process = subprocess.Popen(
            [*HARNESS, *words], cwd=ROOT, text=True, env={**os.environ, "PLUGGED": plugged},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def __call__(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def says(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        assert select.select([self.process.stdout], [], [], 20)[0], "nothing in 20 s"
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def end(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture
def testbed() -> Iterator[Any]:
    running: list[Bed] = []

    def start(*words: str, plugged: str = "") -> Bed:
        running.append(Bed(*words, plugged=plugged))
        return running[-1]

    yield start
    for one in running:
        one.end()


def test_what_comes_and_goes_is_told(testbed) -> None:
    # one line at a time, or Python keeps some of them where select() does not see them
    bed = testbed(sys.executable, "-u", "-m", "drivers.hotplug", "watch", "--seconds", "60", "--json", plugged="camera")
    assert bed.says() == {"event": "watching", "trouble": None}
    expected = [
        ("plug serial", {"event": "plugged", "subsystem": "tty", "node": "/dev/ttyUSB0", "ids": "1a86:7523"}),
        ("plug hid", {"event": "plugged", "subsystem": "hidraw", "node": "/dev/hidraw3", "ids": "0400:c35a"}),
        ("change hid", {"event": "changed", "node": "/dev/hidraw3", "serial": "S1"}),
        ("unplug camera", {"event": "unplugged", "subsystem": "video4linux", "ids": "0c45:6366"}),
        ("plug camera", {"event": "plugged", "subsystem": "video4linux", "node": "/dev/video2"}),
    ]
    for order, event in expected:
        bed(order)
        said = bed.says()
        while said["event"] == "plugged" and said["subsystem"] == "usb":  # the hub's own
            said = bed.says()
        assert said.items() >= event.items(), order


def test_ids_are_the_node_that_is_there_now(testbed) -> None:
    program = (
        "import json, sys; from drivers.hotplug import find_node, find\n"
        "print(json.dumps([find_node('video4linux', 0x0c45, 0x6366), find_node('hidraw', 0x0400, 0xc35a),"
        " find_node('hidraw', 0x0400, 0xc35a, 'S1'), find_node('hidraw', 0x0400, 0xc35a, 'S2'),"
        " find_node('tty', 1, 2), [device.node for device in find('video4linux')]]))"
    )
    bed = testbed(sys.executable, "-c", program, plugged="metadata camera hid serial")
    # of the camera's two nodes the one that gives pictures
    assert bed.says() == ["/dev/video2", "/dev/hidraw3", "/dev/hidraw3", None, None, ["/dev/video2"]]


def test_without_udev_nothing_is_told_and_nothing_fails(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drivers.hotplug._udev_runs", lambda: False)  # also where the machine has one
    hotplug = Hotplug()
    assert hotplug.trouble == "not-started"
    hotplug.start(lambda event: None)
    assert hotplug.trouble in ("no-udev", "no-library")
    with pytest.raises(RuntimeError):
        hotplug.start(lambda event: None)
    began = time.monotonic()
    hotplug.stop()
    hotplug.stop()
    assert time.monotonic() - began < 3
    assert find_node("hidraw", 0x1234, 0xFFFE) is None and isinstance(find("tty"), list)


def test_the_command_line(run) -> None:
    done = run("drivers.hotplug", "find", "hidraw", "1234:fffe", "--json")
    assert done.returncode == 1 and json.loads(done.stdout) == {"result": "not-found", "node": None}
    assert run("drivers.hotplug", "find", "hidraw", "card-reader").returncode == 2
    assert parse_ids("0400:C35a") == (0x400, 0xC35A)
    for wrong in ("", "0400", "0400:c35a:1", "04000:c35"):
        with pytest.raises(ConfigError):
            parse_ids(wrong)
