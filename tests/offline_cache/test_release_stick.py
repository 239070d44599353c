"""A release by USB stick: the rules are those of the network, and the old one stays where they are broken."""

from __future__ import annotations

import contextlib
import fcntl
import io
import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from offline_cache.errors import Unreachable
from offline_cache.releases import folder
from offline_cache.releases.stick import ADDRESS, StickFetcher
from provisioning.__main__ import main
from tests.fleet.running_platform import run_command
from tests.offline_cache.release_shelf import Shelf, Terminal


def export(shelf: Shelf, stick: Path) -> dict[str, object]:
    code, said = run_command("export-release", "--data", str(shelf.data), "--out", str(stick))
    assert code == 0, said
    return said


def update(terminal: Terminal, stick: Path) -> tuple[int, dict[str, object], str]:
    """What a technician types; exit status, answer, and what went to stderr."""
    said, wrong = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
        code = main(["update", "--data", str(terminal.data), "--from", str(stick), "--json"])
    return code, json.loads(said.getvalue()), wrong.getvalue()


@pytest.fixture
def stick(shelf: Shelf, tmp_path: Path) -> Path:
    """Release 2 on a stick; the platform is out of reach."""
    shelf.rename("参保证明在线打印")
    stick = tmp_path / "stick"
    stick.mkdir()
    export(shelf, stick)
    shelf.close()
    return stick


def test_a_stick_has_what_an_empty_terminal_needs(shelf: Shelf, stick: Path, tmp_path: Path) -> None:
    new = Terminal(tmp_path / "new", shelf)
    assert update(new, stick)[:2] == (0, {"release": 2, "new": True})
    assert new.release.about.version == 2
    assert new.release.search.find("在线打印")
    assert update(new, stick)[:2] == (0, {"release": 2, "new": False})
    names = {path.name.partition(".")[2] for path in (stick / "releases" / "targets").rglob("*") if path.is_file()}
    assert names == {"release.json", "bundle.zst"}


def test_a_terminal_with_a_release_takes_the_newer_one_from_a_stick(terminal: Terminal, stick: Path) -> None:
    assert update(terminal, stick)[0] == 0
    assert terminal.folders == ["1", "2", "current"]


def test_before_the_first_release_there_is_nothing_to_write(tmp_path: Path) -> None:
    data = ["--data", str(tmp_path / "platform")]
    assert run_command("init", *data)[0] == 0
    code, said = run_command("export-release", *data, "--out", str(tmp_path))
    assert code == 1 and "no release yet" in str(said["error"])


def refused(terminal: Terminal, stick: Path, because: str) -> None:
    before = terminal.fingerprint()
    code, said, wrong = update(terminal, stick)
    assert code == 1
    assert because in str(said["error"]) and because in wrong
    assert terminal.fingerprint() == before
    assert "part" not in terminal.folders


def test_an_older_stick_is_refused_with_a_clear_word(shelf: Shelf, terminal: Terminal, tmp_path: Path) -> None:
    old = tmp_path / "old"
    export(shelf, old)
    shelf.release()
    assert terminal.refresh() == 2
    refused(terminal, old, "it is older than what this terminal has seen")


def test_a_stick_that_ran_out_is_refused(shelf: Shelf, terminal: Terminal, tmp_path: Path) -> None:
    shelf.release()
    with shelf.repository() as repository:
        repository.renew(datetime.now(UTC) - timedelta(days=8))
        for path, content in repository.newest().items():
            file = tmp_path / "stick" / "releases" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    refused(terminal, tmp_path / "stick", "it has expired")


@pytest.mark.parametrize("file", ["bundle.zst", "release.json", "timestamp.json", "snapshot.json"])
def test_a_stick_with_a_damaged_file_is_refused(terminal: Terminal, stick: Path, file: str) -> None:
    [path] = [max(stick.rglob(f"*{file}"))]
    path.write_bytes(path.read_bytes()[:-9] + b"damaged!!")
    refused(terminal, stick, "the release on the stick is refused")


def test_a_stick_that_was_pulled_out_while_it_was_written_is_refused(terminal: Terminal, stick: Path) -> None:
    (stick / "releases" / "metadata" / "timestamp.json").unlink()
    refused(terminal, stick, "timestamp.json is not on the stick")


def test_no_stick_at_all_is_said(terminal: Terminal, stick: Path) -> None:
    shutil.rmtree(stick)
    refused(terminal, stick, "the stick is not there")


def test_a_stick_that_is_pulled_out_in_the_middle_leaves_the_old_release(terminal: Terminal, stick: Path) -> None:
    class Pulled(StickFetcher):
        def _fetch(self, url: str):  # type: ignore[no-untyped-def]
            if "targets/" in url:
                shutil.rmtree(stick, ignore_errors=True)
            return super()._fetch(url)

    before = terminal.fingerprint()
    updater = terminal.updater_of(ADDRESS, lambda: Pulled(stick))
    with pytest.raises(Unreachable, match="the stick is not there"):
        updater.refresh()
    assert terminal.fingerprint() == before and "part" not in terminal.folders


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "link of a folder"])
def test_nothing_but_plain_files_of_the_stick_is_read(terminal: Terminal, stick: Path, kind: str) -> None:
    path = stick / "releases" / "metadata" / "timestamp.json"
    content = path.read_bytes()
    elsewhere = stick.parent / "elsewhere"
    elsewhere.mkdir()
    if kind == "link of a folder":
        shutil.copytree(path.parent, elsewhere / "metadata")
        shutil.rmtree(path.parent)
        path.parent.symlink_to(elsewhere / "metadata")
    else:
        path.unlink()
    if kind == "link":
        (elsewhere / "timestamp.json").write_bytes(content)
        path.symlink_to(elsewhere / "timestamp.json")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    refused(terminal, stick, "timestamp.json is not on the stick" if kind != "link of a folder" else "not on the stick")


@pytest.mark.parametrize("address", ["..", "a/../../b", "", "a//b", "%2e%2e/x", "a%2fb", "a%00b"])
def test_no_address_leads_out_of_the_stick(tmp_path: Path, address: str) -> None:
    (tmp_path / "b").write_bytes(b"outside")
    (tmp_path / "stick" / "a").mkdir(parents=True)
    with pytest.raises(Exception, match="not on the stick"):
        b"".join(StickFetcher(tmp_path / "stick").fetch(ADDRESS + address))


def test_agent_and_technician_do_not_collide(terminal: Terminal, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "PATIENCE", 0.2)
    with (terminal.data / "releases.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused(terminal, stick, "another program installs a release here")
    assert update(terminal, stick)[0] == 0


def test_a_damaged_release_is_mended_from_the_stick(terminal: Terminal, stick: Path) -> None:
    assert update(terminal, stick)[0] == 0
    shutil.rmtree(terminal.data / "releases" / "1")
    (terminal.data / "releases" / "2" / "search.json").write_bytes(b"{")
    assert update(terminal, stick)[:2] == (0, {"release": 2, "new": True})
    assert terminal.folders == ["2.1", "current"]
    assert terminal.updater.check() == ""


def test_a_damaged_store_does_not_keep_a_release_out(terminal: Terminal, stick: Path) -> None:
    (terminal.data / "store.db").write_bytes(b"no database at all" * 1000)
    assert update(terminal, stick)[:2] == (0, {"release": 2, "new": True})
