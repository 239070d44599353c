"""The reader on USB and HID: the real libusb and the real search for hidraw, over a simulated bus (umockdev)."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.conftest import ROOT, Simulator

PERSON = {
    "name": "测试甲", "sex": "女", "nation": "11", "birth": "1990-02-28", "address": "某省某市某区某路1号",
    "number": "110101199002280022", "authority": "某市公安局", "valid_from": "2020-01-01", "valid_to": "长期",
    "new_address": "某市新路2号", "fingerprint": 1024,
}  # fmt: skip


@pytest.fixture
def person(tmp_path: Path) -> Path:
    path = tmp_path / "person.json"
    path.write_text(json.dumps(PERSON), encoding="utf-8")
    return path


class Command:
    """A command of the driver that sees the simulated bus; its lines come as they are said."""

    def __init__(self, reader: Simulator, *words: str, query: str = "") -> None:
        port = reader.said["port"] + query
        self.process = subprocess.Popen(
            [sys.executable, "-m", "drivers.id_card", *words, "--port", port, "--json"],
            cwd=ROOT, env={**os.environ, **reader.said["environment"]}, stdout=subprocess.PIPE,
            # whoever runs the tests in the background has SIGINT ignored, and programs inherit that
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )  # fmt: skip
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self._rest = b""

    def line(self, timeout: float = 20) -> dict[str, Any]:
        deadline = time.monotonic() + timeout
        assert self.process.stdout is not None
        while b"\n" not in self._rest:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, "nothing was said in time"
            data = self.process.stdout.read()
            assert data, "ended without a word"
            self._rest += data
        line, _, self._rest = self._rest.partition(b"\n")
        said: dict[str, Any] = json.loads(line)
        return said

    def until(self, **wanted: str) -> None:
        while not wanted.items() <= self.line().items():
            pass

    def end(self) -> None:
        self.process.kill()
        self.process.wait(20)


@pytest.fixture
def commands() -> Iterator[list[Command]]:
    started: list[Command] = []
    yield started
    for one in started:
        one.end()


@pytest.mark.parametrize(
    ("options", "query"),
    [(("--wire", "usb"), ""), (("--wire", "usb"), "?out=06&in=85"), (("--wire", "hid", "--ids", "10c4:0007"), "")],
    ids=["usb", "usb-endpoints", "hid"],
)
def test_a_card_is_read(simulator, commands, person: Path, options: tuple[str, ...], query: str) -> None:
    reader = simulator("id_card_usb", *options)
    reader(f"place {person}")
    command = Command(reader, "read", "--fingerprint", query=query)
    commands.append(command)
    card = command.line()["card"]
    assert (card["name"], card["new_address"], card["fingerprint_bytes"]) == ("测试甲", "某市新路2号", 1024)
    assert command.process.wait(20) == 0
    assert reader("state")["reads"] == 1


@pytest.mark.parametrize("wire", ["usb", "hid"])
def test_the_cable_is_pulled_out_and_pushed_in(simulator, commands, person: Path, wire: str) -> None:
    reader = simulator("id_card_usb", "--wire", wire)
    watch = Command(reader, "watch", "--timeout", "60")
    commands.append(watch)
    watch.until(event="StatusChanged", device="online")
    reader(f"place {person}")
    watch.until(event="CardRead")
    if wire == "usb":  # one program at a time
        second = Command(reader, "status")
        commands.append(second)
        assert second.line()["detail"] == "in-use" and second.process.wait(20) == 1
    reader("fault drop")
    watch.until(event="StatusChanged", detail="gone")
    reader("fault none")
    watch.until(event="StatusChanged", device="online")
    watch.until(event="CardRead")
    watch.process.send_signal(signal.SIGINT)
    assert watch.process.wait(20) == 0


def test_no_such_device(simulator, commands) -> None:
    reader = simulator("id_card_usb", "--ids", "1234:5678")
    reader.said["port"] = "usb:0400:c35a"
    status = Command(reader, "status")
    commands.append(status)
    assert status.line()["detail"] == "gone" and status.process.wait(20) == 1
    reader.said["port"] = "usb:1234:5678?out=03"
    status = Command(reader, "status")
    commands.append(status)
    assert status.line()["detail"] == "config" and status.process.wait(20) == 2
