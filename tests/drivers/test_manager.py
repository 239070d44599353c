"""devices.toml, and the health of all devices at once."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from drivers.errors import ConfigError
from drivers.manager import Devices, load
from drivers.status import DeviceState, DeviceStatus, MediaState, PaperState, TonerState


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "devices.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_terminal_without_devices_says_so(tmp_path: Path) -> None:
    health = load(written(tmp_path, "")).health()
    assert set(health) == {"id_card", "code_scanner", "document_camera", "receipt_printer", "page_printer"}
    assert all(status.device is DeviceState.NO_DEVICE and not status.usable for status in health.values())
    with pytest.raises(ConfigError):
        Devices().document_camera()


def test_all_devices_are_asked_on_the_wire(simulator, tmp_path: Path) -> None:
    card = simulator("id_card").said
    camera = simulator("camera", "--size", "640x480")
    receipts = simulator("receipt_printer", "--out", str(tmp_path / "out"))
    pages = simulator("page_printer", "--state", str(tmp_path / "state")).said
    devices = load(
        written(
            tmp_path,
            f"""
            [id_card]
            port = "{card["port"]}"
            [code_scanner]
            url = "{camera.said["url"]}"
            [document_camera]
            url = "{camera.said["url"]}"
            [receipt_printer]
            address = "{receipts.said["port"]}"
            [page_printer]
            queue = "{pages["queue"]}"
            server = "{pages["server"]}"
            uri = "{pages["uri"]}"
            """,
        )
    )
    assert {name: status.usable for name, status in devices.health().items()} == dict.fromkeys(devices.health(), True)
    camera("fault dark")
    receipts("fault paper-out")
    assert devices.health()["document_camera"].usable, "a camera is looked at once a minute"
    health = devices.health(fresh=True)
    assert [name for name, status in health.items() if not status.usable] == [
        "code_scanner",
        "document_camera",
        "receipt_printer",
    ]
    assert health["receipt_printer"].paper is PaperState.OUT and health["document_camera"].detail == "dark"


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
    assert health.pop("document_camera").device is DeviceState.NO_DEVICE
    assert {status.device for status in health.values()} == {DeviceState.OFFLINE}


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
