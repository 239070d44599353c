"""Where a camera is, and a camera at this machine that is away, in use, or in use by ourselves."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
from pathlib import Path

import pytest

from drivers.document_camera import DocumentCamera
from drivers.errors import CameraBusy, CameraGone, ConfigError
from drivers.status import DeviceState
from drivers.video.address import parse_video_address
from drivers.video.check import VideoCheck, check_video
from drivers.video.stream import VideoStream
from tests.drivers.test_hotplug import Bed


def test_addresses() -> None:
    stream = parse_video_address("http://192.0.2.9/video?width=7&channel=1")
    assert stream.is_stream and stream.place.endswith("?width=7&channel=1") and not stream.options
    local = parse_video_address("/dev/v4l/by-id/usb-Maker_Camera-video-index0?format=MJPG&width=3264&exposure=auto")
    assert local.node() == "/dev/v4l/by-id/usb-Maker_Camera-video-index0"
    assert local.number("width") == 3264 and local.number("exposure") is None and local.options["format"] == "MJPG"
    assert parse_video_address("usb:0C45:6366?serial=A1&warm_up=0").place == "0C45:6366"
    assert parse_video_address("usb:1234:fffe").node() is None
    for wrong in (
        "", "video0", "0", "usb:", "usb:1:2", "http://", "http://[bad", "http://192.0.2.9:99999/",
        "/dev/video0?width=wide", "/dev/video0?depth=3",
        "/dev/video0?format=JPEG2000", "/dev/video0?width=999999", "usb:0c45:6366?serial=",
    ):  # fmt: skip
        with pytest.raises(ConfigError):
            parse_video_address(wrong)
        assert check_video(wrong).detail == "config"


def test_a_camera_that_is_not_there_is_gone(tmp_path: Path) -> None:
    for away in (str(tmp_path / "video0"), "usb:1234:fffe"):
        with pytest.raises(CameraGone) as raised:
            VideoStream(away).open()
        assert raised.value.code == "no-device"


def test_a_camera_one_of_us_looks_through_is_in_use_and_not_gone(tmp_path: Path) -> None:
    node = tmp_path / "video0"
    node.touch()  # flock is what our programs tell each other by; no camera is needed for it
    held = os.open(node, os.O_RDWR)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(CameraBusy) as raised:
        VideoStream(str(node)).open()
    assert raised.value.code == "in-use-here"
    status = check_video(str(node), 30)
    assert (status.device, status.detail) == (DeviceState.DEVICE_BUSY, "in-use-here")
    os.close(held)
    assert check_video(str(node), 30).detail == "no-stream", "a file is no camera"


def test_a_camera_a_stranger_looks_through_is_in_use_and_not_gone() -> None:
    """The camera answers EBUSY to a second one that wants its pictures; found by its numbers through udev."""
    bed = Bed(
        sys.executable, "-m", "drivers.document_camera", "status", "--url", "usb:0c45:9999", "--json",
        plugged="camera metadata streaming",
    )  # fmt: skip
    said = bed.says()
    assert (said["device"], said["detail"]) == ("deviceBusy", "in-use")
    bed.end()
    assert bed.process.returncode == 1


def test_a_check_is_kept_for_a_while_and_made_anew_when_something_is_plugged_in(simulator) -> None:
    camera = simulator("camera", "--size", "320x240", "--fault", "busy")
    check = VideoCheck(camera.said["url"])
    assert (check.status().device, check.status().detail) == (DeviceState.DEVICE_BUSY, "in-use")
    camera("fault none")
    assert not check.status().usable, "a broken camera is looked at every ten seconds"
    check.look_again()
    assert check.status().usable


def test_a_camera_for_one_watcher_is_opened_anew_after_a_pause(simulator) -> None:
    camera = simulator("camera", "--size", "320x240", "--one-watcher")
    with DocumentCamera(camera.said["url"]) as ours:
        ours.read()
        assert DocumentCamera(camera.said["url"]).check().detail == "in-use"
        time.sleep(0.6)  # what lies in the stream is old now
        assert ours.read().image.shape == (240, 320, 3)


def test_a_slow_camera_works(simulator) -> None:
    camera = simulator("camera", "--size", "320x240", "--fault", "slow")
    assert DocumentCamera(camera.said["url"]).read().image.shape == (240, 320, 3)


def test_the_command_line_waits_no_longer_than_it_was_told(simulator, run, tmp_path: Path) -> None:
    camera = simulator("camera", "--size", "320x240", "--fault", "half-frame")
    out = tmp_path / "page.jpg"
    began = time.monotonic()
    done = run(
        "drivers.document_camera", "scan", "--url", camera.said["url"], "--out", str(out), "--timeout", "1", "--json"
    )
    assert done.returncode == 1 and json.loads(done.stdout)["detail"] == "bad-picture" and not out.exists()
    assert time.monotonic() - began < 20
    camera("fault none")
    wrong = run(
        "drivers.document_camera", "scan", "--url", camera.said["url"], "--out", str(tmp_path / "page.doc"), "--json"
    )
    assert wrong.returncode == 2 and json.loads(wrong.stdout)["result"] == "wrong-use"
    assert run("drivers.document_camera", "status", "--url", "video0", "--json").returncode == 2
