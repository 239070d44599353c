"""What technicians compare pictures with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np

from tests.drivers.conftest import ROOT
from tests.kiosk.identity.face.citizen import FACES


def compare(*words: str) -> tuple[int, dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.identity.face", "compare", *words, "--json"],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def test_two_pictures_are_compared(tmp_path: Path) -> None:
    card = str(FACES / "wang" / "card.png")
    for name, outcome in (("wang", "accepted"), ("chen", "refused")):
        code, answer = compare(card, str(FACES / name / "look.jpg"))
        assert (code, answer["outcome"], answer["faces"], answer["frontal"]) == (0, outcome, 1, True)
        distance = answer["distance"]
        assert isinstance(distance, float)
        assert (distance < 0.45, distance < 0.55) == (outcome == "accepted", outcome != "refused")
    blank = tmp_path / "blank.png"
    cv2.imwrite(str(blank), np.full((480, 640, 3), 120, np.uint8))
    assert compare(card, str(blank)) == (1, {"result": "failed", "reason": "no-face"})
    assert compare(card, str(tmp_path / "none.png"))[0] == 2
    assert compare(card, card, "--part", "no_such_part:Part")[0] == 2
