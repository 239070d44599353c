"""A stranger's USB stick: only plain files of three kinds are listed, whatever lies on it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from drivers.errors import DeviceGone, HardwareFault, Refused
from drivers.status import DeviceState, MediaState
from drivers.usb_stick import UsbStick, listing
from drivers.usb_stick.listing import LARGEST, MOST_FILES, shown

PDF, JPEG, PNG = b"%PDF-1.7 x", b"\xff\xd8\xff\xe0 x", b"\x89PNG\r\n\x1a\n x"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "slot" / "stick").mkdir(parents=True)
    return tmp_path / "slot" / "stick"


def names(root: Path) -> list[str]:
    return [file.name for file in UsbStick(str(root)).files()]


def test_three_kinds_by_content_whatever_they_are_called(root: Path) -> None:
    (root / "a.exe").write_bytes(PDF)
    (root / "b.jpg").write_bytes(b"MZ\x90\x00 a program")
    (root / "c").write_bytes(JPEG)
    (root / "d.pdf").write_bytes(b" " + PDF)
    (root / "e.png").write_bytes(b"")
    (root / "autorun.inf").write_bytes(b"[autorun]\nopen=a.exe")
    (root / "papers").mkdir()
    (root / "papers" / "f.PNG").write_bytes(PNG)
    found = UsbStick(str(root)).files()
    assert [(file.name, file.kind) for file in found] == [("a.exe", "pdf"), ("c", "jpeg"), ("f.PNG", "png")]
    assert [UsbStick(str(root)).read(file) for file in found] == [PDF, JPEG, PNG]


def test_no_link_is_followed_and_nothing_special_is_opened(root: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "key.pdf").write_bytes(PDF)
    (root / "file.pdf").symlink_to(secret / "key.pdf")
    (root / "folder").symlink_to(secret)
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe.pdf")
    (root / ".hidden.pdf").write_bytes(PDF)
    (root / ".Trash").mkdir()
    (root / ".Trash" / "old.pdf").write_bytes(PDF)
    assert names(root) == []


def test_a_link_put_in_a_files_place_is_not_read(root: Path, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(PDF)
    (root / "in").mkdir()
    (root / "in" / "a.pdf").write_bytes(PDF)
    stick = UsbStick(str(root))
    [file] = stick.files()
    (root / "in" / "a.pdf").unlink()
    (root / "in" / "a.pdf").symlink_to(tmp_path / "other")
    with pytest.raises(HardwareFault):
        stick.read(file)
    (root / "in" / "a.pdf").unlink()
    (root / "in" / "a.pdf").write_bytes(PDF + b"longer")
    with pytest.raises(Refused, match="changed"):
        stick.read(file)


def test_large_deep_and_many_have_an_end(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (root / "large.pdf").open("wb") as file:
        file.write(PDF)
        file.truncate(LARGEST + 1)
    assert names(root) == []
    deep = root
    for number in range(8):
        deep = deep / str(number)
        deep.mkdir()
        (deep / f"at{number}.pdf").write_bytes(PDF)
    assert names(root) == ["at0.pdf", "at1.pdf", "at2.pdf", "at3.pdf"]
    for number in range(150):
        (root / f"{number:03}.pdf").write_bytes(PDF)
    assert len(names(root)) == MOST_FILES
    monkeypatch.setattr(listing, "MOST_NAMES", 20)
    assert len(names(root)) == 19, "a folder is among the twenty names"


def test_names_do_not_deceive() -> None:
    assert shown("\u202efdp.exe\n\x1b[2J") == "?fdp.exe??[2J"
    assert shown("坏\udcff.pdf") == "坏?.pdf"
    long = shown("长" * 200 + "盖章.pdf")
    assert len(long) == 60 and long.endswith("盖章.pdf")


def test_the_slot_says_what_is_in_it(simulator: Any, run: Any, tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "a.pdf").write_bytes(PDF)
    slot = simulator("usb_stick", "--slot", str(tmp_path / "slot"))
    stick = UsbStick(slot.said["folder"])
    status = stick.check()
    assert (status.device, status.media) == (DeviceState.ONLINE, MediaState.NOT_PRESENT)
    with pytest.raises(DeviceGone):
        stick.files()
    slot(f"plug {papers}")
    assert stick.check().media is MediaState.PRESENT
    [file] = stick.files()
    assert stick.read(file) == PDF
    done = run("drivers.usb_stick", "list", "--folder", slot.said["folder"], "--json")
    assert done.returncode == 0 and json.loads(done.stdout) == {"name": "a.pdf", "kind": "pdf", "size": len(PDF)}
    slot("fault drop")
    with pytest.raises(DeviceGone):
        stick.read(file)
    assert run("drivers.usb_stick", "list", "--folder", slot.said["folder"]).returncode == 1
    slot("fault garbage")
    assert (stick.check().device, stick.check().detail) == (DeviceState.USER_ERROR, "not-a-stick")
    slot("fault endless")
    assert stick.files() == []
    slot("fault none")
    assert [file.name for file in stick.files()] == ["a.pdf"]
    slot("pull")
    assert stick.check().media is MediaState.NOT_PRESENT


def test_without_a_slot(tmp_path: Path) -> None:
    status = UsbStick(str(tmp_path / "nothing" / "stick")).check()
    assert (status.device, status.detail) == (DeviceState.NO_DEVICE, "no-slot")
