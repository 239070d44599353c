"""The document camera: nothing under it, a bad picture, no picture, a worker that dies; then a good page works."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from demo.programs import until
from kiosk.journey import intents
from kiosk.journey.steps import scan
from kiosk.journey.views import CommitmentView, ScanView
from kiosk.words import say
from tests.journeys.hands import Citizen

GONE = "摄像头没有画面。正在自动重连，请等一下；还是不行，请按求助。"
FROZEN = "摄像头画面停住了。正在自动重连，请等一下；还是不行，请按求助。"


@pytest.fixture
def at_the_camera(citizen: Citizen, monkeypatch: pytest.MonkeyPatch) -> Citizen:
    """Everything typed; the camera is on and the desk is empty."""
    # a reason stands for four seconds so that it can be read; nobody reads here
    monkeypatch.setattr(scan, "PAUSE_SECONDS", 0.5)
    citizen.to_scan()
    citizen.sees(ScanView, lambda v: v.state == "searching")
    return citizen


def a_good_page_works(citizen: Citizen) -> None:
    citizen.scan()
    citizen.sees(CommitmentView)


def refused(citizen: Citizen) -> str:
    return citizen.sees(ScanView, lambda v: v.state == "refused").problem


def test_nothing_and_a_blurred_page_are_told_each_in_its_words(
    at_the_camera: Citizen, caplog: pytest.LogCaptureFixture
) -> None:
    citizen = at_the_camera
    assert citizen.sees(ScanView).message == say("scan.searching")
    citizen.send(intents.Forward())
    assert refused(citizen) == "没找到纸。请把纸放平，四个角都露出来，再拍一次。"
    assert "a page was refused: no-page" in caplog.text
    citizen.lay_paper("employment_card_blurred.jpg")
    citizen.sees(ScanView, lambda v: "拍得不清楚" in v.problem)
    seen = citizen.sees(ScanView, lambda v: v.state in ("found", "steady") and bool(v.flags))
    assert dict(seen.flags)["清楚"] is False and dict(seen.flags)["四角完整"] is True
    a_good_page_works(citizen)


def test_a_page_may_be_taken_again(at_the_camera: Citizen) -> None:
    citizen = at_the_camera
    citizen.lay_paper()
    citizen.sees(ScanView, lambda v: v.state == "taken")
    citizen.send(intents.Retake())
    citizen.sees(ScanView, lambda v: v.state == "searching" and v.picture == b"")
    # the paper was not even moved: it is seen, and taken again
    citizen.sees(ScanView, lambda v: v.state == "taken")
    citizen.send(intents.Forward())
    citizen.sees(CommitmentView)
    citizen.send(intents.Back())
    assert citizen.sees(ScanView).pages == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [("drop", GONE), ("stuck", GONE), ("frozen", FROZEN), ("dark", "太暗了。请不要挡住灯光，再拍一次。")],
    ids=["drop", "stuck", "frozen", "dark"],
)
def test_a_camera_without_a_picture_comes_back_by_itself(fault: str, words: str, at_the_camera: Citizen) -> None:
    citizen = at_the_camera
    citizen.devices.document_camera.tell(f"fault {fault}")
    gone = citizen.shown(lambda s: isinstance(s.view, ScanView) and s.view.state == "gone", "the camera's trouble")
    assert isinstance(gone.view, ScanView) and gone.view.problem == words
    assert not gone.chrome.forward_enabled and gone.chrome.back
    citizen.devices.document_camera.tell("fault none")
    # the desk is as empty as before: that is news all the same
    assert citizen.sees(ScanView, lambda v: v.state == "searching").problem == ""
    a_good_page_works(citizen)


def workers() -> list[int]:
    """The scan workers this process started."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1] if entry.name.isdigit() else ""
            if parent == str(os.getpid()) and b"kiosk.documents.scan_worker" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def test_a_killed_scan_worker_costs_one_shot_at_most(at_the_camera: Citizen) -> None:
    citizen = at_the_camera
    [worker] = until("the worker", 30, lambda: workers() if len(workers()) == 1 else [])
    citizen.send(intents.Forward())
    citizen.sees(ScanView, lambda v: v.state == "working")
    os.kill(worker, signal.SIGKILL)
    assert refused(citizen) == "这一张没拍成，前面填的都还在。请再拍一次。"
    a_good_page_works(citizen)
    # and the camera is off on every other page
    until("the worker to end", 10, lambda: not workers())


def test_a_worker_killed_between_two_shots_is_replaced(at_the_camera: Citizen) -> None:
    citizen = at_the_camera
    [worker] = until("the worker", 30, lambda: workers() if len(workers()) == 1 else [])
    os.kill(worker, signal.SIGKILL)
    citizen.sees(ScanView, lambda v: "没拍成" in v.problem)
    citizen.sees(ScanView, lambda v: v.state == "searching")
    a_good_page_works(citizen)
