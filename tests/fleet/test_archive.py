"""A case as one signed package: made by the platform, checked by the terminal's program, and nothing slips by."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from contract.archives import MANIFEST, SIGNATURE, Manifest
from contract.cases import CaseAnswer
from kiosk.documents.errors import PackageError
from kiosk.documents.packages import verify_package
from tests.fleet.running_platform import RunningPlatform, TestTerminal, run_command
from tests.fleet.sample_cases import put_case, signed_letter, subsidy_case, upload

SCAN = b"%PDF-1.7 a scanned letter"


class Package:
    """A genuine package and the key it is signed with."""

    def __init__(self, path: Path, key: str) -> None:
        self.path, self.key = path, key
        key_id, _, digits = key.partition("=")
        self.keys = {key_id: bytes.fromhex(digits)}
        with zipfile.ZipFile(path) as package:
            self.files = {info.filename: package.read(info) for info in package.infolist()}


@pytest.fixture
def package(terminal: TestTerminal, platform: RunningPlatform, tmp_path: Path) -> Package:
    signed = signed_letter(terminal)
    case = subsidy_case(SCAN, signed)
    put_case(terminal, case)
    for part in (SCAN, signed.pdf):
        upload(terminal, case.case_id, part)
    answer = CaseAnswer.model_validate_json(put_case(terminal, case).content)
    out = tmp_path / "case.zip"
    code, said = run_command("archive", answer.case_number, "--out", str(out), "--data", str(platform.data))
    assert code == 0 and out.stat().st_mode & 0o077 == 0
    return Package(out, str(said["key"]))


def refused(package: Package, content: bytes) -> tuple[str, str]:
    path = package.path.with_name("spoilt.zip")
    path.write_bytes(content)
    with pytest.raises(PackageError) as error:
        verify_package(path, package.keys)
    return error.value.reason, error.value.file


def zipped(files: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name), content, how)
    return whole.getvalue()


def test_it_holds_the_whole_case(package: Package) -> None:
    manifest = verify_package(package.path, package.keys)
    assert manifest == Manifest.model_validate_json(package.files[MANIFEST])
    assert set(package.files) == {
        MANIFEST, SIGNATURE, "case.json", "form/instance.xml", "form/answers.json", "materials/letter.pdf",
        "materials/letter-commitment.pdf", "signatures.json", "outcome.json", "notices.json", "log.jsonl",
    }  # fmt: skip
    assert package.files["materials/letter.pdf"] == SCAN
    assert json.loads(package.files["notices.json"])[0]["title"] == "受理通知书"
    kinds = [json.loads(line)["kind"] for line in package.files["log.jsonl"].decode().splitlines()]
    assert kinds == ["received", "accepted"]
    assert json.loads(package.files["form/answers.json"])[0]["shown"] == "81"


def test_the_same_files_zipped_anew_are_still_genuine(package: Package) -> None:
    path = package.path.with_name("again.zip")
    path.write_bytes(zipped(package.files, zipfile.ZIP_DEFLATED))
    assert verify_package(path, package.keys).files


def without(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {key: content for key, content in files.items() if key != name}


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda files: files | {"outcome.json": files["outcome.json"] + b" "}, ("changed", "outcome.json")),
        (lambda files: files | {"log.jsonl": files["log.jsonl"][:-2] + b"x\n"}, ("changed", "log.jsonl")),
        (lambda files: files | {"more.json": b"{}"}, ("extra", "more.json")),
        (without("materials/letter.pdf"), ("missing", "materials/letter.pdf")),
        (without(SIGNATURE), ("not-signed", SIGNATURE)),
        (without(MANIFEST), ("missing", MANIFEST)),
        (lambda files: files | {MANIFEST: files[MANIFEST] + b" "}, ("bad-signature", MANIFEST)),
        (lambda files: files | {SIGNATURE: b"\xd2\x80"}, ("not-signed", SIGNATURE)),
        (lambda files: files | {SIGNATURE: files[SIGNATURE][:-1] + b"\x00"}, ("bad-signature", SIGNATURE)),
        (lambda files: files | {"../evil": b""}, ("unsafe-name", "")),
        (lambda files: files | {"/etc/evil": b""}, ("unsafe-name", "")),
        (lambda files: files | {"a\\b": b""}, ("unsafe-name", "")),
        (lambda files: files | {"materials/..": b""}, ("unsafe-name", "")),
        (lambda files: files | {"folder/": b""}, ("unsafe-name", "")),
        (lambda files: files | {"Case.json": b"{}"}, ("duplicate", "Case.json")),
        (lambda files: files | {f"more/{number}": b"" for number in range(600)}, ("too-large", "")),
    ],
)
def test_anything_else_is_refused(
    package: Package, spoil: Callable[[dict[str, bytes]], dict[str, bytes]], reason: tuple[str, str]
) -> None:
    assert refused(package, zipped(spoil(package.files))) == reason


def test_the_same_name_twice(package: Package) -> None:
    whole = io.BytesIO(package.path.read_bytes())
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(whole, "a") as more:
        more.writestr(zipfile.ZipInfo("outcome.json"), b"{}")
    assert refused(package, whole.getvalue()) == ("duplicate", "outcome.json")


def test_bytes_before_between_and_behind(package: Package) -> None:
    good = package.path.read_bytes()
    assert refused(package, b"#!/bin/sh\n" + good)[0] == "hidden-bytes"
    assert refused(package, good + b"x")[0] == "not-a-package"
    whole = io.BytesIO(good)
    with zipfile.ZipFile(whole, "a") as more:
        more.comment = b"hello"
    assert refused(package, whole.getvalue())[0] in ("not-a-package", "hidden-bytes")
    # bytes between the last file and the directory, all offsets right
    place = struct.unpack("<L", good[-6:-2])[0]
    moved = good[:place] + b"hidden" + good[place:-6] + struct.pack("<L", place + 6) + good[-2:]
    assert refused(package, moved)[0] == "hidden-bytes"


def test_a_bomb_costs_neither_time_nor_memory(package: Package) -> None:
    bomb = zipped(package.files | {"bomb": bytes(300 * 1024 * 1024)}, zipfile.ZIP_DEFLATED)
    began = time.monotonic()
    assert refused(package, bomb) == ("too-large", "bomb")
    # one that lies about its size: what is said is 5 bytes, what comes out is more
    small = zipped(package.files | {"bomb": bytes(50 * 1024 * 1024)}, zipfile.ZIP_DEFLATED)
    lie = small.replace(struct.pack("<L", 50 * 1024 * 1024), struct.pack("<L", 5))
    assert refused(package, lie) == ("extra", "bomb")
    assert time.monotonic() - began < 2


def test_overlapping_files_are_refused(package: Package) -> None:
    """Two names in the directory, one content: the way to a bomb of bombs."""
    content = bytearray(package.path.read_bytes())
    first = content.index(b"PK\x01\x02")
    second = content.index(b"PK\x01\x02", first + 4)
    content[second + 42 : second + 46] = content[first + 42 : first + 46]
    assert refused(package, bytes(content))[0] in ("hidden-bytes", "changed", "not-a-package")


def test_any_byte_changed_or_cut_is_refused(package: Package) -> None:
    good = package.path.read_bytes()
    for place in range(0, len(good), 997):
        spoilt = bytearray(good)
        spoilt[place] ^= 1
        path = package.path.with_name("spoilt.zip")
        path.write_bytes(bytes(spoilt))
        try:
            same = verify_package(path, package.keys)
        except PackageError:
            continue
        # dates, versions and attributes of the ZIP are nothing of the case
        assert same == verify_package(package.path, package.keys), place
    for length in (0, 10, 21, len(good) // 2, len(good) - 1):
        assert refused(package, good[:length])[0]


def test_another_key_and_the_command_line(package: Package, platform: RunningPlatform, tmp_path: Path) -> None:
    def run(path: Path, key: str) -> tuple[int, dict[str, object]]:
        command = [sys.executable, "-m", "kiosk.documents", "verify-package", str(path), "--key", key, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stderr == ""
        return done.returncode, json.loads(done.stdout)

    code, said = run(package.path, package.key)
    assert code == 0 and len(said["files"]) == 9  # type: ignore[arg-type]
    other = "00" * 16 + "=" + "11" * 32
    assert run(package.path, other) == (1, {"reason": "unknown-key", "file": SIGNATURE})
    assert run(package.path, "22" * 32) == (1, {"reason": "bad-signature", "file": SIGNATURE})
    assert run(tmp_path / "nowhere", package.key)[1]["reason"] == "unreadable"


def test_a_case_that_is_not_there_or_not_whole(
    terminal: TestTerminal, platform: RunningPlatform, tmp_path: Path
) -> None:
    case = subsidy_case(b"never sent")
    put_case(terminal, case)
    for name in ("nothing", str(case.case_id)):
        code, said = run_command("archive", name, "--out", str(tmp_path / "x.zip"), "--data", str(platform.data))
        assert code == 1 and "case" in str(said["error"]) and not (tmp_path / "x.zip").exists()
