"""Releases: whole, signed and newer, or the old one stays."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from offline_cache.errors import CacheFull, NoRelease, ReleaseRefused, Unreachable
from offline_cache.releases import InstalledRelease
from tests.fleet.city_workbook import CIVIL_AFFAIRS, HUMAN_RESOURCES, PROOF, SUBSIDY
from tests.fleet.running_platform import make_platform
from tests.offline_cache.release_shelf import Handler, Shelf, Terminal
from tests.offline_cache.test_store import ROOT, fill

ITEMS = f"{CIVIL_AFFAIRS}/items.json"
#: what a release may not be without
WHOLE = ["search.json", ITEMS, f"{HUMAN_RESOURCES}/items.json"]


def assert_refused(terminal: Terminal, kind: type[Exception] = ReleaseRefused) -> None:
    before, folders = terminal.fingerprint(), terminal.folders
    with pytest.raises(kind):
        terminal.refresh()
    assert terminal.folders == folders
    assert terminal.fingerprint() == before
    assert terminal.release.about.version == 1


def test_a_release_is_installed_and_read(terminal: Terminal, shelf: Shelf) -> None:
    release = terminal.release
    assert release.about.version == 1
    assert release.items[PROOF].name.zh == "参保证明打印"
    assert [each.task_code for each in release.search.find("cbzm")] == [PROOF]
    assert release.form(release.items[SUBSIDY]) == shelf.content(f"{CIVIL_AFFAIRS}/subsidy.xml")
    assert "参保证明" in release.template(release.items[PROOF], "proof")
    assert InstalledRelease.current_name(terminal.data) == "1"


def test_when_nothing_is_new_two_requests_tell_so(terminal: Terminal, shelf: Shelf) -> None:
    before = terminal.fingerprint()
    shelf.asked.clear()
    assert terminal.refresh() is None
    assert terminal.fingerprint() == before
    assert shelf.asked == ["metadata/2.root.json", "metadata/timestamp.json"]


def test_a_newer_release_takes_over_and_only_the_last_three_stay(terminal: Terminal, shelf: Shelf) -> None:
    for version in (2, 3, 4):
        assert shelf.release() == version
        assert terminal.refresh() == version
    assert terminal.folders == ["2", "3", "4", "current"]
    assert terminal.release.about.version == 4


def test_an_interface_that_holds_the_old_release_reads_it_on(terminal: Terminal, shelf: Shelf) -> None:
    old = terminal.release
    shelf.release()
    terminal.refresh()
    assert old.form(old.items[SUBSIDY])
    assert old.search.find("高龄")[0].task_code == SUBSIDY


@pytest.mark.parametrize("target", ["release.json", "search.json", "items.json", "subsidy.xml", "proof.typ"])
def test_a_target_with_one_changed_byte_is_refused(terminal: Terminal, shelf: Shelf, target: str) -> None:
    shelf.all_new()
    shelf.faults[target] = lambda request: request.give(bytes([request.real[0] ^ 1]) + request.real[1:])
    assert_refused(terminal)
    shelf.faults.clear()
    assert terminal.refresh() == 2


def _longer(request: Handler) -> None:
    request.give(request.real + b" ")


def _shorter(request: Handler) -> None:
    request.give(request.real[:-1])


def _empty(request: Handler) -> None:
    request.give(b"")


def _missing(request: Handler) -> None:
    request.send_error(404)


def _elsewhere(request: Handler) -> None:
    request.send_response(302)
    request.send_header("Location", "/anywhere")
    request.send_header("Content-Length", "0")
    request.end_headers()


def _endless(request: Handler) -> None:
    request.send_response(200)
    request.end_headers()
    try:
        while True:
            request.wfile.write(bytes(1 << 16))
    except OSError:
        return


@pytest.mark.parametrize(
    ("file", "wrong"),
    [("items.json", _longer)]
    + [
        (file, wrong)
        for wrong in (_shorter, _empty, _missing, _elsewhere, _endless)
        for file in ("items.json", "snapshot.json")
    ],
)
def test_a_file_that_is_not_as_signed_is_refused(
    terminal: Terminal, shelf: Shelf, file: str, wrong: Callable[[Handler], None]
) -> None:
    shelf.all_new()
    shelf.faults[file] = wrong
    assert_refused(terminal)


def test_metadata_signed_by_nobody_is_refused(terminal: Terminal, shelf: Shelf) -> None:
    shelf.release()
    shelf.faults["timestamp.json"] = lambda request: request.give(request.real.replace(b'"version":', b'"version":9'))
    assert_refused(terminal)


@pytest.mark.parametrize(
    "nonsense", [b"", b"<html>Sign in to the network</html>", b"{}", b"[" * 9_000, b"[" * 100_000, b"\xff\xfe"]
)
def test_nonsense_in_place_of_metadata_is_refused(terminal: Terminal, shelf: Shelf, nonsense: bytes) -> None:
    shelf.faults["timestamp.json"] = lambda request: request.give(nonsense)
    assert_refused(terminal)


def test_an_expired_repository_is_refused(terminal: Terminal, shelf: Shelf) -> None:
    shelf.release()
    with shelf.repository() as repository:
        repository.renew(datetime.now(UTC) - timedelta(days=8))
    assert_refused(terminal)


def test_a_repository_rolled_back_to_an_older_state_is_refused(
    terminal: Terminal, shelf: Shelf, tmp_path: Path
) -> None:
    old = shutil.copytree(shelf.data / "releases", tmp_path / "old")
    shelf.release()
    assert terminal.refresh() == 2
    shutil.rmtree(shelf.data / "releases")
    shutil.copytree(old, shelf.data / "releases")
    with pytest.raises(ReleaseRefused):
        terminal.refresh()
    assert terminal.release.about.version == 2


def test_a_repository_of_another_root_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    stranger = Terminal(tmp_path / "stranger", shelf)
    with shelf.repository() as repository:
        ours = repository.first_root
    other = make_platform(tmp_path / "other") / "releases" / "metadata" / "1.root.json"
    assert other.read_bytes() != ours
    shutil.copy(other, stranger.data / "trust" / "root.json")
    with pytest.raises(ReleaseRefused):
        stranger.refresh()
    with pytest.raises(NoRelease):
        _ = stranger.release


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        pytest.param({ITEMS: b"{}"}, {}, id="items that are none"),
        pytest.param({ITEMS: None}, {}, id="a file that is promised and missing"),
        pytest.param({"search.json": b"[]"}, {}, id="a search index that is none"),
        pytest.param({}, {"departments": ["nobody"]}, id="a department without items"),
        pytest.param({}, {"departments": ["../../trust"]}, id="a department outside of the folder"),
        pytest.param({}, {"targets": ["search.json"]}, id="items that are not listed"),
        pytest.param({}, {"targets": [ITEMS, f"{HUMAN_RESOURCES}/items.json"]}, id="no search index listed"),
        pytest.param({}, {"targets": ["../../../etc/passwd"]}, id="a target outside of the folder"),
        pytest.param({}, {"targets": ["search.json", "search.json/x"]}, id="a target below a file"),
        pytest.param({"search.db": b"x"}, {"targets": [*WHOLE, "search.db"]}, id="an index in place of ours"),
        pytest.param({}, {"targets": [*WHOLE, ".signed.json"]}, id="a hidden file"),
        pytest.param({"search.json": b'{"entries": []}'}, {}, id="items nobody can find"),
        pytest.param({}, {"targets": WHOLE}, id="items without their forms"),
        pytest.param({}, {"version": 0}, id="a version before the installed one"),
        pytest.param({}, {"version": 1, "themes": []}, id="another release of the same version"),
    ],
)
def test_a_signed_release_that_is_not_whole_is_refused(
    terminal: Terminal, shelf: Shelf, change: dict[str, bytes | None], fields: dict[str, object]
) -> None:
    shelf.sign(change, **fields)
    assert_refused(terminal)


def test_after_a_bad_release_the_next_good_one_is_installed(terminal: Terminal, shelf: Shelf) -> None:
    index = shelf.content("search.json")
    shelf.sign({"search.json": b"[]"})
    assert_refused(terminal)
    shelf.sign({"search.json": index}, version=3)
    assert terminal.refresh() == 3


def test_without_a_platform_the_release_stays(terminal: Terminal, shelf: Shelf) -> None:
    shelf.close()
    assert_refused(terminal, Unreachable)


def _broken_line(request: Handler) -> None:
    request.give(request.real[:10], len(request.real))


def _overloaded(request: Handler) -> None:
    request.send_error(503)


@pytest.mark.parametrize("fault", [_broken_line, _overloaded])
@pytest.mark.parametrize("file", ["timestamp.json", "items.json"])
def test_a_line_that_breaks_in_the_middle_leaves_the_old_release(
    terminal: Terminal, shelf: Shelf, file: str, fault: Callable[[Handler], None]
) -> None:
    shelf.all_new()
    shelf.faults[file] = fault
    assert_refused(terminal, Unreachable)
    shelf.faults.clear()
    assert terminal.refresh() == 2


def test_a_kill_in_the_middle_leaves_the_old_release_and_the_next_start_installs(
    terminal: Terminal, shelf: Shelf
) -> None:
    shelf.all_new()
    arrived, go_on = threading.Event(), threading.Event()

    def stall(request: Handler) -> None:
        arrived.set()
        go_on.wait(20)

    shelf.faults["search.json"] = stall
    command = [sys.executable, "-m", "offline_cache.sync", "--data", str(terminal.data), "--once"]
    agent = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    assert arrived.wait(20)
    os.kill(agent.pid, signal.SIGKILL)
    agent.wait(10)
    go_on.set()
    assert "part" in terminal.folders
    assert terminal.release.about.version == 1
    shelf.faults.clear()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (0, "release 2\n")
    assert terminal.folders == ["1", "2", "current"]


def test_a_full_disk_leaves_the_old_release(shelf: Shelf, small_disk: Path) -> None:
    terminal = Terminal(small_disk / "terminal", shelf)
    assert terminal.refresh() == 1
    shelf.release()
    fill(small_disk)
    assert_refused(terminal, CacheFull)
    (small_disk / "filler").unlink()
    assert terminal.refresh() == 2


@pytest.mark.parametrize("file", ["release.json", ITEMS])
def test_an_installed_release_that_was_damaged_is_no_release(terminal: Terminal, file: str) -> None:
    (terminal.data / "releases" / "1" / file).write_bytes(b"{")
    with pytest.raises(NoRelease):
        _ = terminal.release


def test_a_form_that_is_missing_is_named(terminal: Terminal) -> None:
    release = terminal.release
    (terminal.data / "releases" / "1" / CIVIL_AFFAIRS / "subsidy.xml").unlink()
    with pytest.raises(NoRelease, match=r"subsidy\.xml"):
        release.form(release.items[SUBSIDY])
