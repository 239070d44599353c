"""The face camera and the simulated people before it; a card whose chip has a photo."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest
from PIL import Image

from drivers.face_camera import CameraGone, FaceCamera
from drivers.id_card import CardRead, IdCardReader
from drivers.manager import load
from tests.drivers.conftest import ROOT, Events, StartSimulator

FACES = ROOT / "drivers" / "simulators" / "faces"
DECODER = ROOT / "drivers" / "simulators" / "photo_decoder.py"
PERSON = {
    "name": "王示例", "sex": "女", "nation": "01", "birth": "1992-03-18", "address": "虚构地址",
    "authority": "示例公安局", "number": "37029919920318002X", "valid_from": "20200501", "valid_to": "20400501",
}  # fmt: skip


def seen(camera: FaceCamera, path: Path) -> bool:
    """Whether the camera shows this picture by now."""
    wanted = cv2.imread(str(path))
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if float(cv2.absdiff(camera.read().image, wanted).mean()) < 6:
            return True
    return False


def test_an_invented_person_does_what_is_asked(simulator: StartSimulator) -> None:
    simulated = simulator("camera", "--size", "640x480", "--name", "face_camera")
    assert simulated.said["device"] == "face_camera"
    with FaceCamera(simulated.said["url"]) as camera:
        simulated("face wang turn_left")
        assert seen(camera, FACES / "wang" / "turn_left.jpg")
        simulated("face wang blink")
        assert seen(camera, FACES / "wang" / "look.jpg"), "the eyes open again by themselves"
        simulated(
            f"play {FACES / 'li' / 'look.jpg'}:0.3 {FACES / 'li' / 'blink.jpg'}:0.3 {FACES / 'chen' / 'look.jpg'}"
        )
        assert seen(camera, FACES / "chen" / "look.jpg")
        simulated("face zhao closer")
        assert seen(camera, FACES / "zhao" / "look.jpg"), "whoever cannot do it looks into the camera"


def test_the_command_line(
    simulator: StartSimulator, run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
):
    simulated = simulator("camera", "--size", "640x480")
    url = simulated.said["url"]
    assert run("drivers.face_camera", "status", "--url", url).returncode == 0
    out = tmp_path / "shot.jpg"
    done = run("drivers.face_camera", "shot", "--url", url, "--out", str(out), "--json")
    assert json.loads(done.stdout) == {"result": "taken", "out": str(out), "width": 640, "height": 480}
    simulated("fault dark")
    done = run("drivers.face_camera", "shot", "--url", url, "--out", str(out), "--json")
    assert done.returncode == 1 and json.loads(done.stdout)["detail"] == "dark"
    assert run("drivers.face_camera", "shot", "--url", url).returncode == 2


def test_the_terminal_knows_it(simulator: StartSimulator, tmp_path: Path) -> None:
    url = simulator("camera", "--size", "320x240").said["url"]
    (tmp_path / "devices.toml").write_text(f'[face_camera]\nurl = "{url}"\n')
    devices = load(tmp_path / "devices.toml")
    assert devices.face_camera_url == url and devices.document_camera_url is None
    health = devices.health(timeout=30)
    assert health["face_camera"].usable and not health["document_camera"].usable
    with pytest.raises(CameraGone):
        FaceCamera("http://127.0.0.1:9/none").open()


def test_a_simulated_card_has_the_photo_of_nobody(simulator: StartSimulator, events: Events, tmp_path: Path) -> None:
    reader = simulator("id_card")
    card = tmp_path / "person.json"
    card.write_text(json.dumps(PERSON | {"photo": "wang"}, ensure_ascii=False), encoding="utf-8")
    device = IdCardReader(reader.said["port"], photo_decoder=f"{sys.executable} {DECODER}")
    device.start(events)
    try:
        reader(f"place {card}")
        read = events.wait(CardRead, timeout=20).card
        assert len(read.photo) == 1024 and read.picture[:2] == b"BM"
        with Image.open(io.BytesIO(read.picture)) as picture, Image.open(FACES / "wang" / "card.png") as drawn:
            assert picture.size == (102, 126) and list(picture.getdata()) == list(drawn.convert("RGB").getdata())
    finally:
        device.stop()


def test_the_stand_in_decodes_no_real_card() -> None:
    for wlt in (b"WLT-SIMULATED-NO-PERSON-".ljust(1024, b"\0"), bytes(1024), b"WLT-SIMULATED-PICTURE:/no/such.png"):
        done = subprocess.run([sys.executable, str(DECODER)], input=wlt, capture_output=True, timeout=30, check=False)
        assert (done.returncode, done.stdout) == (1, b"")
