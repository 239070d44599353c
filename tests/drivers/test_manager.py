"""devices.toml, and the health of all devices at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from drivers.errors import ConfigError
from drivers.fault_log import FaultBegan, FaultEnded
from drivers.hotplug import Device, Plugged, Unplugged
from drivers.id_card import StatusChanged
from drivers.id_card import device as id_card_device
from drivers.manager import _KINDS, Devices, load
from drivers.status import DeviceState, DeviceStatus, MediaState, PaperState, TonerState
from tests.drivers.conftest import ROOT, Events, StartSimulator


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "devices.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_terminal_without_devices_says_so(tmp_path: Path) -> None:
    health = load(written(tmp_path, "")).health()
    assert set(health) == {
        "id_card", "smart_card", "code_scanner", "document_camera", "face_camera", "document_scanner",
        "receipt_printer", "page_printer", "keypad", "sound", "lamps", "usb_stick",
    }  # fmt: skip
    assert all(status.device is DeviceState.NO_DEVICE and not status.usable for status in health.values())
    with pytest.raises(ConfigError):
        Devices().document_camera()


DECLARED = """
[id_card]
port = "{id_card[port]}"
[smart_card]
socket = "{card_reader[socket]}"
[code_scanner]
url = "{camera[url]}"
[document_camera]
url = "{camera[url]}"
[face_camera]
url = "{face_camera[url]}"
[document_scanner]
device = "{document_scanner[port]}"
[receipt_printer]
address = "{receipt_printer[port]}"
[page_printer]
queue = "{page_printer[queue]}"
server = "{page_printer[server]}"
uri = "{page_printer[uri]}"
low_at = {{ toner = 15, paper = 10 }}
[keypad]
address = "{keypad[address]}"
[sound]
device = "{sound[port]}"
alsa_config = "{sound[alsa_config]}"
[lamps]
port = "{lamps[port]}"
lights = {{ cardReader = 0, receiptPrinter = 1 }}
[usb_stick]
folder = "{usb_stick[folder]}"
"""


def test_a_whole_terminal_on_its_wires(simulator: StartSimulator, tmp_path: Path) -> None:
    running = {
        "id_card": simulator("id_card"),
        "card_reader": simulator("card_reader"),
        "camera": simulator("camera", "--size", "640x480"),
        "face_camera": simulator("camera", "--size", "640x480", "--name", "face_camera"),
        "document_scanner": simulator("document_scanner"),
        "receipt_printer": simulator("receipt_printer", "--out", str(tmp_path / "out")),
        "page_printer": simulator("page_printer", "--state", str(tmp_path / "state")),
        "keypad": simulator("keypad"),
        "sound": simulator("sound"),
        "lamps": simulator("lamps"),
        "usb_stick": simulator("usb_stick", "--slot", str(tmp_path / "usb")),
    }
    declared = written(tmp_path, DECLARED.format(**{name: one.said for name, one in running.items()}))

    def technician() -> tuple[int, dict[str, Any]]:
        done = subprocess.run(
            [sys.executable, "-m", "drivers", "status", str(declared), "--json"],
            cwd=ROOT, env={**os.environ, **running["keypad"].said["environment"]},
            stdout=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
        return done.returncode, json.loads(done.stdout)

    code, health = technician()
    assert {name: status["usable"] for name, status in health.items()} == dict.fromkeys(_KINDS, True)
    assert code == 0

    running["camera"]("fault dark")
    running["face_camera"]("fault frozen")
    running["receipt_printer"]("fault paper-out")
    running["keypad"]("unplug")
    running["lamps"]("fault silence")
    code, health = technician()
    assert code == 1
    assert [name for name, status in health.items() if not status["usable"]] == [
        "code_scanner", "document_camera", "face_camera", "receipt_printer", "keypad", "lamps",
    ]  # fmt: skip
    assert health["face_camera"]["detail"] == "frozen"
    assert health["receipt_printer"]["paper"] == "out" and health["document_camera"]["detail"] == "dark"


def test_a_fault_is_told_once(simulator: StartSimulator, tmp_path: Path) -> None:
    printer = simulator("receipt_printer", "--out", str(tmp_path / "out"))
    devices = load(written(tmp_path, f'[receipt_printer]\naddress = "{printer.said["port"]}"\n'))
    assert devices.health()["receipt_printer"].usable and devices.changes() == []
    printer("fault paper-out")
    for _ in range(3):
        assert not devices.health()["receipt_printer"].usable
    printer("fault none")
    assert devices.health()["receipt_printer"].usable
    assert [(type(change), change.fault.code) for change in devices.changes()] == [
        (FaultBegan, "paper-out"),
        (FaultEnded, "paper-out"),
    ]
    assert devices.faults.open == () and devices.faults.count("receipt_printer", "paper-out") == 1


def test_nothing_there_is_offline_in_bounded_time(tmp_path: Path) -> None:
    devices = load(
        written(
            tmp_path,
            '[id_card]\nport = "/dev/no-such"\n[code_scanner]\nurl = "http://127.0.0.1:9/"\n'
            '[receipt_printer]\naddress = "tcp://127.0.0.1:9"\n'
            '[page_printer]\nqueue = "A4"\nserver = "localhost:9"\nuri = "ipp://127.0.0.1:9/ipp/print"\n',
        )
    )
    began = time.monotonic()
    health = devices.health(timeout=10)
    assert time.monotonic() - began < 11
    assert health["document_camera"].device is DeviceState.NO_DEVICE
    declared = ("id_card", "code_scanner", "receipt_printer", "page_printer")
    assert {health[name].device for name in declared} == {DeviceState.OFFLINE}


@pytest.mark.parametrize(
    "text",
    [
        "[id_card",
        "[id-card]\nport = 'x'",
        "[id_card]\nprt = 'x'",
        "[id_card]\nport = 7",
        "[page_printer]\nqueue = 'A4'",
        "[receipt_printer]\naddress = 'usb:1'",
    ],
)
def test_a_file_that_is_wrong_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError):
        load(written(tmp_path, text))


def test_unknown_is_never_fine() -> None:
    fine = {"paper": PaperState.LOW, "media": MediaState.PRESENT, "toner": TonerState.LOW}
    assert DeviceStatus(DeviceState.ONLINE, **fine).usable
    for part, state in (("paper", PaperState), ("media", MediaState), ("toner", TonerState)):
        assert not DeviceStatus(DeviceState.ONLINE, **fine | {part: state("unknown")}).usable
    assert not DeviceStatus(DeviceState.ONLINE, cover_open=True).usable
    for device in set(DeviceState) - {DeviceState.ONLINE}:
        assert not DeviceStatus(device).usable


def test_what_is_plugged_in_is_looked_for_at_once(
    simulator: StartSimulator, tmp_path: Path, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(id_card_device, "BACK_OFF_FIRST", 600.0)  # by itself it would not come back in this test
    reader = simulator("id_card")
    devices = load(written(tmp_path, f'[id_card]\nport = "{reader.said["port"]}"\n'))
    assert devices.id_card is not None
    devices.id_card.start(events)
    try:
        events.wait(StatusChanged, lambda event: event.status.usable, timeout=20)
        reader("fault drop")
        events.wait(StatusChanged, lambda event: event.status.detail == "gone", timeout=20)
        reader("fault none")
        devices._plugged(Unplugged(Device("tty", "/dev/ttyUSB7")))
        events.none_of(StatusChanged, 0.5)
        deadline = time.monotonic() + 20
        while devices.id_card.status.device is not DeviceState.ONLINE:  # udev may be quicker than the port
            devices._plugged(Plugged(Device("tty", "/dev/ttyUSB0")))
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        devices.id_card.stop()
