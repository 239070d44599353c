from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest

from benchmarks.drawn_papers import draw_id_card_front
from benchmarks.photographed_pages import photograph_of
from fleet.sample_city.papers import corners_seen
from kiosk.documents.pdf import page_count
from tests.kiosk.documents.photographs import moving, photo
from tests.kiosk.documents.signing import KEY_ID, PUBLIC, code


def documents(*words: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.documents", *words, "--json"], capture_output=True, text=True, timeout=100
    )
    return done.returncode, json.loads(done.stdout)


def test_scan_writes_one_pdf_of_all_pictures(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "page.png"), photo(), [cv2.IMWRITE_PNG_COMPRESSION, 1])
    status, answer = documents("scan", *[str(tmp_path / "page.png")] * 2, "--out", str(tmp_path / "out.pdf"))
    assert status == 0
    assert page_count((tmp_path / "out.pdf").read_bytes()) == 2
    first, second = answer["pages"]
    assert first["corners"] == second["corners"]
    assert np.abs(np.array(first["corners"]) - corners_seen(10, 4, 350)).max() < 4
    assert first["quality"]["faults"] == []
    assert set(first["milliseconds"]) == {"find", "scan", "read"}
    assert "王示例" in first["text"]
    text = pypdfium2.PdfDocument(tmp_path / "out.pdf")[1].get_textpage().get_text_range()
    assert "37029919920318002X" in text


@pytest.mark.parametrize(
    ("mode", "channels"), [("colour", "/DeviceRGB"), ("grey", "/DeviceGray"), ("bw", "/DeviceGray")]
)
def test_scan_keeps_the_colours_the_mode_says(tmp_path: Path, mode: str, channels: str) -> None:
    cv2.imwrite(str(tmp_path / "page.jpg"), photo())
    status, _ = documents("scan", str(tmp_path / "page.jpg"), "--out", str(tmp_path / "out.pdf"), "--mode", mode)
    assert status == 0
    with pikepdf.open(tmp_path / "out.pdf") as document:
        (image,) = document.pages[0].get_images().values()
        assert str(image.ColorSpace) == channels


def test_read_tells_the_fields_or_that_it_is_another_paper(tmp_path: Path) -> None:
    picture, _ = photograph_of(draw_id_card_front().picture, 3, 85.6)
    cv2.imwrite(str(tmp_path / "card.jpg"), picture)
    status, answer = documents("read", "id-card-front", str(tmp_path / "card.jpg"))
    assert status == 0
    assert answer["fields"]["number"]["value"] == "37029919920318002X"
    assert answer["fields"]["number"]["verified"]
    status, answer = documents("read", "id-card-back", str(tmp_path / "card.jpg"))
    assert (status, answer["unlike"], answer["fields"]) == (1, "other-side", {})


def test_scan_refuses_with_the_reason_and_writes_nothing(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "page.jpg"), moving(photo()))
    status, answer = documents("scan", str(tmp_path / "page.jpg"), "--out", str(tmp_path / "out.pdf"))
    assert (status, answer["reason"], answer["image"]) == (1, "blurred", str(tmp_path / "page.jpg"))
    assert [fault["code"] for fault in answer["faults"]] == ["blurred"]
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize("key", [PUBLIC.hex(), f"{KEY_ID}={PUBLIC.hex()}"])
def test_verify_code_tells_what_a_genuine_code_says(key: str) -> None:
    status, answer = documents("verify-code", code(), "--key", key)
    assert (status, answer["holder"], answer["number"]) == (0, "王示例", "CB-26-118204")


def test_verify_code_refuses_another_key() -> None:
    assert documents("verify-code", code(), "--key", "00" * 32) == (1, {"reason": "bad-signature"})
    assert documents("verify-code", code(), "--key", f"old={PUBLIC.hex()}") == (1, {"reason": "unknown-key"})
