"""A network scanner through sane-airscan, and each status of SANE through its own test backend."""

from __future__ import annotations

import io
import json
import os
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from drivers.document_scanner import DocumentScanner, ScanProgress
from drivers.document_scanner.process import SaneProcess
from drivers.errors import (
    BadAnswer,
    Cancelled,
    ConfigError,
    CoverOpen,
    DeviceBusy,
    DeviceGone,
    DriverError,
    FeederEmpty,
    HardwareFault,
    MediaJammed,
    NoAnswer,
    NotAllowed,
    Refused,
)
from drivers.status import DeviceState, MediaState


@pytest.fixture
def simulated(simulator):
    return simulator("document_scanner")


@pytest.fixture
def scanner(simulated) -> DocumentScanner:
    return DocumentScanner(simulated.said["port"], status_timeout=2)


def test_flatbed_and_feeder(simulated, scanner: DocumentScanner) -> None:
    can = scanner.capabilities()
    assert can.sources == ("flatbed", "feeder", "feeder-duplex") and 300 in can.dpi
    (page,) = scanner.scan(resolution=100, mode="gray")
    with Image.open(io.BytesIO(page.image)) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "L", (827, 1169))  # A4 at 100 dpi
        assert picture.info["dpi"] == (100, 100)
        assert picture.convert("L").getextrema()[0] < 100, "the drawn page is not empty"
    assert (page.width, page.height, page.dpi, page.media_type) == (827, 1169, 100, "image/jpeg")
    assert "image" not in repr(page).replace("image/jpeg", "")
    simulated("load 2")
    assert scanner.check().media is MediaState.PRESENT
    told: list[ScanProgress] = []
    pages = list(scanner.scan("feeder-duplex", 75, "lineart", on_event=told.append))
    assert [page.number for page in pages] == [1, 2, 3, 4] and pages[0].media_type == "image/png"
    with Image.open(io.BytesIO(pages[0].image)) as picture:
        assert picture.mode == "1"
    assert {event.page for event in told} == {1, 2, 3, 4}
    status = scanner.check()
    assert (status.device, status.media, status.cover_open) == (DeviceState.ONLINE, MediaState.NOT_PRESENT, False)
    with pytest.raises(FeederEmpty):
        list(scanner.scan("feeder"))


def test_a_limit_and_whoever_stops_asking_free_the_scanner(simulated, scanner: DocumentScanner) -> None:
    simulated("load 5")
    assert len(list(scanner.scan("feeder", 75, pages=2))) == 2
    assert simulated("state")["running"] == 0
    simulated("load 5")
    pages = scanner.scan("feeder", 75)
    next(pages)
    with pytest.raises(DeviceBusy):
        next(scanner.scan())
    assert scanner.check().detail == "scanning"
    pages.close()
    assert simulated("state")["running"] == 0 and len(list(scanner.scan(resolution=75))) == 1


def test_what_it_cannot_do_is_refused(simulator, scanner: DocumentScanner) -> None:
    for asked, code in (
        ({"source": "film"}, "source-not-supported"),
        ({"mode": "infrared"}, "mode-not-supported"),
        ({"resolution": 301}, "resolution-not-supported"),
    ):
        with pytest.raises(Refused) as refused:
            list(scanner.scan(**asked))
        assert refused.value.code == code
    glass = DocumentScanner(simulator("document_scanner", "--no-feeder").said["url"])
    assert glass.capabilities().sources == ("flatbed",) and glass.check().media is None and glass.check().usable
    with pytest.raises(Refused):
        list(glass.scan("feeder"))


def test_a_scan_is_cancelled_from_outside(simulated, scanner: DocumentScanner) -> None:
    simulated("fault slow")
    failed: list[DriverError] = []

    def scan() -> None:
        try:
            list(scanner.scan(resolution=75))
        except DriverError as error:
            failed.append(error)

    thread = threading.Thread(target=scan)
    thread.start()
    end = time.monotonic() + 20
    while not simulated("state")["running"]:
        assert time.monotonic() < end
        time.sleep(0.02)
    scanner.cancel()
    thread.join(20)
    assert [type(error) for error in failed] == [Cancelled]
    simulated("fault none")
    assert len(list(scanner.scan(resolution=75))) == 1


def test_pages_touch_no_disk(simulated, scanner: DocumentScanner, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    simulated("load 2")
    pages = scanner.scan("feeder", 75)
    next(pages)
    (folder,) = tmp_path.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in folder.iterdir()) == ["airscan.conf", "dll.conf"]
    pages.close()
    assert not list(tmp_path.iterdir())


STATUSES = {
    "UNSUPPORTED": (Refused, "not-supported"),
    "CANCELLED": (Cancelled, "cancelled"),
    "DEVICE_BUSY": (DeviceBusy, "busy"),
    "INVAL": (Refused, "invalid"),
    "EOF": (BadAnswer, "cut-short"),
    "JAMMED": (MediaJammed, "jam"),
    "NO_DOCS": (FeederEmpty, "feeder-empty"),
    "COVER_OPEN": (CoverOpen, "cover-open"),
    "IO_ERROR": (DeviceGone, "io-error"),
    "NO_MEM": (HardwareFault, "no-memory"),
    "ACCESS_DENIED": (NotAllowed, "not-allowed"),
}


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_of_sane(status: str, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "dll.conf").write_text("test\n")
    (tmp_path / "test.conf").write_text(f'read-status-code "SANE_STATUS_{status}"\n')
    monkeypatch.setenv("SANE_CONFIG_DIR", str(tmp_path))
    scanner = DocumentScanner("test:0")
    assert scanner.check().usable
    with pytest.raises(DriverError) as failed:
        list(scanner.scan(resolution=50))
    assert (type(failed.value), failed.value.code) == STATUSES[status]
    fine = status in ("UNSUPPORTED", "CANCELLED", "INVAL", "NO_DOCS")
    assert scanner.status.usable is fine, "what was asked wrongly says nothing against the scanner"


def test_the_test_backend_needs_no_configuration() -> None:
    scanner = DocumentScanner("test")
    assert scanner.capabilities().modes == ("color", "gray", "lineart")
    assert len(list(scanner.scan("feeder", 50, "gray"))) == 10
    with pytest.raises(Refused):
        list(DocumentScanner("nobackend:0").scan())


def test_a_worker_that_dies_or_hangs_is_told() -> None:
    with SaneProcess({"dll.conf": "test\n"}, threading.Event()) as worker:
        worker.ask({"do": "open", "device": "test:0"}, 20)
        os.kill(worker._worker.pid, 11)  # as a backend that crashes
        with pytest.raises(HardwareFault) as crashed:
            worker.ask({"do": "set", "values": {}}, 20)
        assert crashed.value.code == "driver-crashed"
    with SaneProcess({"dll.conf": "test\n"}, threading.Event()) as worker:
        worker.ask({"do": "open", "device": "test:0"}, 20)
        os.kill(worker._worker.pid, 19)  # as one that hangs
        began = time.monotonic()
        with pytest.raises(NoAnswer):
            worker.ask({"do": "set", "values": {}}, 0.3)
    assert time.monotonic() - began < 10


def test_the_command_line(simulated, run, tmp_path: Path) -> None:
    where = ("--device", simulated.said["port"])
    simulated("load 2")
    out = tmp_path / "pages"
    feeder = ("scan", *where, "--source", "feeder", "--out", str(out), "--json")
    done = run("drivers.document_scanner", *feeder, "--resolution", "75")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and [line["number"] for line in lines] == [1, 2]
    for line in lines:
        with Image.open(line["path"]) as picture:
            assert picture.size == (line["width"], line["height"]) and line["dpi"] == 75
        assert Path(line["path"]).stat().st_mode & 0o777 == 0o600
    done = run("drivers.document_scanner", *feeder)
    assert done.returncode == 1 and json.loads(done.stdout)["reason"] == "feeder-empty"
    one = tmp_path / "one.png"
    done = run("drivers.document_scanner", "scan", *where, "--resolution", "75", "--out", str(one), "--json")
    with Image.open(one) as picture:
        assert done.returncode == 0 and picture.format == "PNG"
    simulated("fault cover-open")
    done = run("drivers.document_scanner", "status", *where, "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["detail"] == "cover-open"
    for wrong in (("status",), ("scan", *where), ("status", "--device", "nonsense")):
        assert run("drivers.document_scanner", *wrong).returncode == 2


@pytest.mark.parametrize(
    "address", ["", "scanner", "escl:ftp://x/eSCL", "escl:", 'escl:http://x/"\n', "http://", "wsd:x"]
)
def test_a_wrong_address_is_refused_at_once(address: str) -> None:
    with pytest.raises(ConfigError):
        DocumentScanner(address)


@pytest.mark.parametrize("dpi", [100, 200, 300])
def test_half_a_page_is_no_page_whatever_fills_it_up(simulated, scanner: DocumentScanner, dpi: int) -> None:
    simulated("fault half-page")
    with pytest.raises(BadAnswer, match="cut-short"):
        list(scanner.scan(resolution=dpi))


def test_the_simulator_scans_picture_files(simulated, scanner: DocumentScanner, tmp_path: Path) -> None:
    for colour in ("red", "blue"):
        Image.new("RGB", (80, 110), colour).save(tmp_path / f"{colour}.png")
    red, blue = tmp_path / "red.png", tmp_path / "blue.png"

    def colours(source: str) -> list[tuple[int, ...]]:
        pictures = [Image.open(io.BytesIO(page.image)) for page in scanner.scan(source, 75)]
        return [tuple(round(value / 255) for value in picture.getpixel((99, 99))) for picture in pictures]

    simulated(f"show {red}")
    assert colours("flatbed") == [(1, 0, 0)]
    simulated(f"load {red}|{blue} {blue}")
    assert colours("feeder-duplex") == [(1, 0, 0), (0, 0, 1), (0, 0, 1), (1, 1, 1)], "a back without a file is blank"
