from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pikepdf
import pypdfium2
import pytest

from benchmarks.drawn_papers import draw_id_card_front
from benchmarks.photographed_pages import photograph_of
from contract.model import Words
from contract.releases import CertificateKey, Release, SealAuthority
from fleet.sample_city.papers import corners_seen
from kiosk.documents.pdf import page_count
from tests.kiosk.documents.photographs import moving, photo
from tests.kiosk.documents.sealing import NOW, city, good_ofd, good_pdf
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
    out = str(tmp_path / "out.pdf")
    status, answer = documents("scan", str(tmp_path / "page.jpg"), "--out", out, "--mode", mode, "--no-text")
    assert status == 0 and "text" not in answer["pages"][0]
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


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder as the agent installs a release."""
    folder = tmp_path_factory.mktemp("release")
    trust = city().trust
    authorities = [("pdf", trust.pdf[0]), ("ofd", trust.ofd[0])]
    about = Release(
        version=1, published_at=NOW, city=Words(zh="海湾市"), themes=[], departments=[], targets=[],
        certificate_keys=[CertificateKey(id=KEY_ID, public=PUBLIC.hex())],
        seal_authorities=[
            SealAuthority.model_validate({"name": "根", "kind": kind, "certificate": base64.b64encode(der).decode()})
            for kind, der in authorities
        ],
    )  # fmt: skip
    (folder / "release.json").write_text(about.model_dump_json(), "utf-8")
    return str(folder)


def test_verify_code_takes_the_keys_of_a_release(release: str) -> None:
    status, answer = documents("verify-code", code(), "--release", release)
    assert (status, answer["holder"]) == (0, "王示例")
    assert documents("verify-code", code()[:-3] + "000", "--release", release)[0] == 1


@pytest.mark.parametrize(("name", "content"), [("pdf", good_pdf), ("ofd", good_ofd)])
def test_verify_seal_says_who_sealed_it(release: str, tmp_path: Path, name: str, content: Callable[[], bytes]) -> None:
    path = tmp_path / f"paper.{name}"
    path.write_bytes(content())
    status, answer = documents("verify-seal", str(path), "--release", release)
    assert (status, answer["kind"], answer["printable"], answer["pages"]) == (0, name, True, 1)
    assert answer["seals"][0]["signer"] == "海湾市政务服务专用章（示例）"  # type: ignore[index]
    assert "王示例" not in json.dumps(answer, ensure_ascii=False), "a technician's log is no place for people"


def test_verify_seal_refuses_with_reason_and_words(release: str, tmp_path: Path) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(good_pdf()[:-200])
    status, answer = documents("verify-seal", str(path), "--release", release)
    assert status == 1 and answer["reason"] and "没有打印" in str(answer["words"])
    status, answer = documents("verify-seal", str(tmp_path / "nothing.pdf"), "--release", release)
    assert (status, answer["reason"]) == (1, "not-readable")


def test_a_folder_that_is_no_release_is_wrong_use(tmp_path: Path) -> None:
    words = ["verify-seal", str(tmp_path), "--release", str(tmp_path)]
    done = subprocess.run([sys.executable, "-m", "kiosk.documents", *words], capture_output=True, text=True, timeout=40)
    assert done.returncode == 2 and "DATA/releases/current" in done.stderr
