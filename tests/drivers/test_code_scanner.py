"""Codes: in pictures, and through a simulated camera and the worker process."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno
import zxingcpp

from benchmarks.code_frames import with_code, without_code
from drivers.code_scanner import CodeRead, CodeScanner, StatusChanged
from drivers.code_scanner.decode import decode, read_picture
from drivers.code_scanner.text import as_text
from drivers.code_scanner.watch import AWAY_AFTER, Sightings
from drivers.code_scanner.worker import Worker
from drivers.status import DeviceState


def qr(path: Path, content: str | bytes, encoding: str | None = None) -> Path:
    segno.make_qr(content, encoding=encoding, eci=False, error="m").save(str(path), scale=8, border=4)
    return path


def noisy(path: Path, blur: float, noise: float) -> np.ndarray:
    image = cv2.GaussianBlur(cv2.imread(str(path)), (0, 0), blur)
    grain = np.random.default_rng(1).normal(0, noise, image.shape)
    return np.clip(image + grain, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("text", ["https://example.invalid/login?t=1234", "办事码：测试𠮷", "A" * 300])
def test_a_code_is_read(tmp_path: Path, text: str) -> None:
    path = qr(tmp_path / "code.png", text, "utf-8")
    assert [code.text for code in decode(cv2.imread(str(path)))] == [text]


def test_bytes_in_gbk_are_read(tmp_path: Path) -> None:
    path = qr(tmp_path / "code.png", "业务编号测试".encode("gb18030"))
    assert [code.text for code in decode(cv2.imread(str(path)))] == ["业务编号测试"]


def test_a_blurred_noisy_code_is_read(tmp_path: Path) -> None:
    assert [c.text for c in decode(noisy(qr(tmp_path / "c.png", "blurred"), 3.0, 12))] == ["blurred"]


def test_no_code_is_no_code() -> None:
    assert decode(np.full((720, 1280, 3), 128, np.uint8)) == []


def test_the_text_is_not_shown(tmp_path: Path) -> None:
    code = decode(cv2.imread(str(qr(tmp_path / "c.png", "SECRET"))))[0]
    assert "SECRET" not in repr(code) + repr(CodeRead(code.text))


def test_a_code_held_still_is_new_once_and_again_after_it_was_away() -> None:
    sightings = Sightings()
    assert sightings.new(["a"], 0.0) == ["a"]
    assert sightings.new(["a"], 0.9) == []
    assert sightings.new([], 1.2) == []
    assert sightings.new(["a", "b"], 1.4) == ["b"]
    assert sightings.new(["a"], 1.4 + AWAY_AFTER) == ["a"]


@pytest.fixture
def scan(events) -> Iterator[Callable[[str], CodeScanner]]:
    started: list[CodeScanner] = []

    def start(url: str) -> CodeScanner:
        started.append(CodeScanner(url))
        started[-1].start(events)
        return started[-1]

    yield start
    for scanner in started:
        scanner.stop()


def test_a_code_before_the_camera_is_told_once(simulator, scan, events, tmp_path: Path) -> None:
    camera = simulator("camera", "--size", "640x480")
    scanner = scan(camera.said["url"])
    events.wait(StatusChanged, lambda event: event.status.usable)
    camera(f"show {qr(tmp_path / 'one.png', '测试一')}")
    assert events.wait(CodeRead).text == "测试一"
    camera(f"show {qr(tmp_path / 'two.png', 'two')}")
    assert events.wait(CodeRead).text == "two"
    events.none_of(CodeRead, 1.3)
    camera("clear")
    time.sleep(AWAY_AFTER + 0.4)
    camera(f"show {tmp_path / 'two.png'}")
    assert events.wait(CodeRead).text == "two"
    scanner.stop()
    assert not scanner.status.usable
    deadline = time.monotonic() + 5
    while camera("state")["watching"]:
        assert time.monotonic() < deadline, "the camera is still watched after stop()"
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("fault", "state", "detail"),
    [
        ("drop", DeviceState.OFFLINE, "no-frame"),
        ("frozen", DeviceState.HARDWARE_ERROR, "frozen"),
        ("dark", DeviceState.HARDWARE_ERROR, "dark"),
    ],
)
def test_a_broken_camera_is_told_and_comes_back(
    simulator, scan, events, tmp_path: Path, fault: str, state: DeviceState, detail: str
) -> None:
    camera = simulator("camera", "--size", "640x480")
    scan(camera.said["url"])
    events.wait(StatusChanged, lambda event: event.status.usable)
    camera(f"fault {fault}")
    assert events.wait(StatusChanged, lambda event: event.status.device is state).status.detail == detail
    camera("fault none")
    events.wait(StatusChanged, lambda event: event.status.usable)
    camera(f"show {qr(tmp_path / 'one.png', 'again')}")
    assert events.wait(CodeRead).text == "again"


def test_a_worker_that_dies_is_started_again(simulator, scan, events, tmp_path: Path) -> None:
    camera = simulator("camera", "--size", "640x480")
    scan(camera.said["url"])
    events.wait(StatusChanged, lambda event: event.status.usable)
    children = Path(f"/proc/{os.getpid()}/task")
    pids = {pid for task in children.iterdir() for pid in (task / "children").read_text().split()}
    (worker,) = [pid for pid in pids if b"drivers.code_scanner" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    os.kill(int(worker), signal.SIGKILL)
    assert events.wait(StatusChanged).status.detail == "worker-gone"
    events.wait(StatusChanged, lambda event: event.status.usable)
    camera(f"show {qr(tmp_path / 'one.png', 'after')}")
    assert events.wait(CodeRead).text == "after"


def test_the_command_line(simulator, run, tmp_path: Path) -> None:
    nothing, torn = tmp_path / "nothing.png", tmp_path / "torn.png"
    cv2.imwrite(str(nothing), np.full((100, 100), 200, np.uint8))
    one = qr(tmp_path / "码.png", "办事", "utf-8")
    torn.write_bytes(one.read_bytes()[:60])
    two = np.hstack(
        [cv2.imread(str(qr(tmp_path / "a.png", "small"))), cv2.imread(str(qr(tmp_path / "b.png", "x" * 9)))]
    )
    cv2.imwrite(str(tmp_path / "two.png"), two)
    paths = [str(one), str(nothing), str(torn), str(tmp_path / "missing.png"), str(tmp_path / "two.png")]
    done = run("drivers.code_scanner", "decode", *paths, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1 and [line["path"] for line in lines] == paths
    assert [line["text"] for line in lines[:4]] == ["办事", None, None, None]
    assert [line.get("error") for line in lines] == [None, None, "unreadable", "unreadable", None]
    assert {code["text"] for code in lines[4]["codes"]} == {"small", "x" * 9}
    assert lines[0]["codes"] == [{"text": "办事", "kind": "QR Code"}]
    assert 0 < lines[0]["milliseconds"] < 1000
    assert run("drivers.code_scanner", "decode", *paths[:2], "--json").returncode == 0
    camera = simulator("camera", "--size", "640x480")
    assert run("drivers.code_scanner", "status", "--url", camera.said["url"]).returncode == 0
    camera("fault dark")
    assert run("drivers.code_scanner", "status", "--url", camera.said["url"]).returncode == 1
    assert run("drivers.code_scanner", "decode").returncode == 2


def test_a_decoder_that_crashes_or_hangs_costs_one_picture(tmp_path: Path) -> None:
    path = str(qr(tmp_path / "c.png", "fine"))
    with Worker(within=2.0) as worker:
        for signal_, error in ((signal.SIGKILL, "decoder-crashed"), (signal.SIGSTOP, "decoder-timeout")):
            assert worker.decode(path)["text"] == "fine"
            assert worker._process is not None
            os.kill(worker._process.pid, signal_)
            assert worker.decode(path)["error"] == error
        assert worker.decode(path)["text"] == "fine"


@pytest.mark.parametrize("kind", ["Code128", "Code39", "EAN13", "DataMatrix", "PDF417", "Aztec"])
def test_other_kinds_are_read_blurred_too(kind: str) -> None:
    text = "6901234567892" if kind == "EAN13" else "BM-2026112101"
    code = zxingcpp.write_barcode_to_image(
        zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind)), scale=4
    )
    frame = np.full((480, 960), 180, np.uint8)
    picture = np.asarray(code)
    frame[60 : 60 + picture.shape[0], 80 : 80 + picture.shape[1]] = picture[:400]
    assert [found.text for found in decode(cv2.GaussianBlur(frame, (0, 0), 1.2))] == [text]
    # what is weak is not read where half of it is missing
    frame[:, 80 + picture.shape[1] // 2 :] = 180
    assert decode(frame) == []


def test_more_frames_are_read_than_by_zxing_alone_and_none_wrongly() -> None:
    ours = theirs = 0
    for frame in with_code(28, 7):
        found = [code.text for code in decode(frame.picture)]
        assert found in ([], [frame.text])
        ours += bool(found)
        theirs += [as_text(code.bytes) for code in zxingcpp.read_barcodes(frame.picture)] == [frame.text]
    assert ours > theirs
    assert [frame.kind for frame in without_code(10, 7) if decode(frame.picture)] == []


@pytest.mark.parametrize("shape", [(1, 1), (3, 2000), (2000, 3), (7, 7)])
def test_odd_pictures_have_no_code(shape: tuple[int, int]) -> None:
    assert decode(np.zeros(shape, np.uint8)) == []
    assert decode(np.full((*shape, 4), 255, np.uint8)) == []


def test_a_code_on_transparent_ground_is_read(tmp_path: Path) -> None:
    grey = cv2.imread(str(qr(tmp_path / "c.png", "clear")), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(str(tmp_path / "t.png"), np.dstack([np.zeros((*grey.shape, 3), np.uint8), 255 - grey]))
    picture = read_picture(str(tmp_path / "t.png"))
    assert picture is not None and [code.text for code in decode(picture)] == ["clear"]
