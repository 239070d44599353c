from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from kiosk.documents.pdf import page_count
from tests.kiosk.documents.photographs import moving, photo
from tests.kiosk.documents.signing import KEY_ID, PUBLIC, code


def documents(*words: str) -> tuple[int, dict[str, object]]:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk.documents", *words, "--json"], capture_output=True, text=True, timeout=40
    )
    return done.returncode, json.loads(done.stdout)


def test_scan_writes_one_pdf_of_all_pictures(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "page.png"), photo(), [cv2.IMWRITE_PNG_COMPRESSION, 1])
    status, answer = documents("scan", *[str(tmp_path / "page.png")] * 2, "--out", str(tmp_path / "out.pdf"))
    assert status == 0
    assert len(answer["pages"]) == 2  # type: ignore[arg-type]
    assert page_count((tmp_path / "out.pdf").read_bytes()) == 2


def test_scan_refuses_with_the_reason_and_writes_nothing(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "page.jpg"), moving(photo()))
    status, answer = documents("scan", str(tmp_path / "page.jpg"), "--out", str(tmp_path / "out.pdf"))
    assert (status, answer["reason"]) == (1, "blurred")
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize("key", [PUBLIC.hex(), f"{KEY_ID}={PUBLIC.hex()}"])
def test_verify_code_tells_what_a_genuine_code_says(key: str) -> None:
    status, answer = documents("verify-code", code(), "--key", key)
    assert (status, answer["holder"], answer["number"]) == (0, "王示例", "CB-26-118204")


def test_verify_code_refuses_another_key() -> None:
    assert documents("verify-code", code(), "--key", "00" * 32) == (1, {"reason": "bad-signature"})
    assert documents("verify-code", code(), "--key", f"old={PUBLIC.hex()}") == (1, {"reason": "unknown-key"})
