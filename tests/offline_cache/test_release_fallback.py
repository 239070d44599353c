"""Whole or not at all, and the last good release where the one in use is damaged."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from contract.terminals import Heartbeat
from offline_cache import Cache
from offline_cache.errors import NoRelease, ReleaseRefused, Unreachable
from offline_cache.releases.folder import ReleaseFolder
from offline_cache.sync.release_watch import ReleaseWatch
from tests.fleet.city_workbook import CIVIL_AFFAIRS
from tests.offline_cache.release_shelf import Shelf, Terminal

FORM = f"{CIVIL_AFFAIRS}/subsidy.xml"
STEPS = ("fsync", "rename", "replace", "symlink")


@pytest.fixture
def second(shelf: Shelf, terminal: Terminal) -> Terminal:
    """A terminal with releases 1 and 2."""
    shelf.rename("参保证明在线打印")
    assert terminal.refresh() == 2
    return terminal


def current(terminal: Terminal) -> Path:
    return (terminal.data / "releases" / "current").resolve()


def killed_before(step: int, work: Callable[[], object]) -> bool:
    """Do `work` in a process of its own that is killed before its `step`th durable step; whether it came so far."""
    child = os.fork()
    if child == 0:
        steps = 0
        for name in STEPS:
            original = getattr(os, name)

            def counted(*arguments: object, original: Callable[..., object] = original, **options: object) -> object:
                nonlocal steps
                if steps == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                steps += 1
                return original(*arguments, **options)

            setattr(os, name, counted)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def test_a_kill_before_any_step_leaves_the_old_or_the_new_release(
    shelf: Shelf, terminal: Terminal, tmp_path: Path
) -> None:
    shelf.rename("参保证明在线打印")
    before, seen, step = terminal.fingerprint(), set(), 0
    fresh = shutil.copytree(terminal.data, tmp_path / "fresh", symlinks=True)
    while killed_before(step, terminal.refresh):
        version = terminal.release.about.version
        seen.add(version)
        assert version in (1, 2)
        assert (terminal.fingerprint() == before) == (version == 1)
        assert terminal.updater.check() == "", step
        assert not {"part", "next"} & set(terminal.folders)
        assert terminal.refresh() == (2 if version == 1 else None)
        assert terminal.release.about.version == 2
        shutil.rmtree(terminal.data)
        shutil.copytree(fresh, terminal.data, symlinks=True)
        step += 1
    assert step > 15 and seen == {1, 2}
    assert terminal.release.about.version == 2


def test_a_kill_before_any_step_of_going_back_leaves_a_release(second: Terminal, tmp_path: Path) -> None:
    (current(second) / FORM).unlink()
    fresh = shutil.copytree(second.data, tmp_path / "fresh", symlinks=True)
    step = 0
    while killed_before(step, second.updater.check):
        assert second.release.about.version in (1, 2)
        updater = second.updater
        updater.check()
        assert second.release.about.version == 1
        shutil.rmtree(second.data)
        shutil.copytree(fresh, second.data, symlinks=True)
        step += 1
    assert step >= 3


def _rot(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


@pytest.mark.parametrize("damage", [Path.unlink, _cut, _rot])
@pytest.mark.parametrize("file", [FORM, "release.json", "search.json", "search.db", ".signed.json"])
def test_a_damaged_release_gives_way_to_the_last_good_one_and_is_fetched_again(
    shelf: Shelf, second: Terminal, file: str, damage: Callable[[Path], None]
) -> None:
    whole = second.fingerprint()
    damage(current(second) / file)
    updater = second.updater
    assert "release 1 serves" in updater.check()
    assert second.release.about.version == 1
    assert updater.refresh() == 2
    assert second.folders == ["1", "2.1", "current"]
    assert second.fingerprint() == whole
    assert updater.check() == "" and updater.refresh() is None


def test_a_release_folder_that_is_gone_gives_way_to_the_last_good_one(second: Terminal) -> None:
    shutil.rmtree(current(second))
    with pytest.raises(NoRelease):
        _ = second.release
    assert "release 1 serves" in second.updater.check()
    assert second.release.about.version == 1


@pytest.mark.parametrize("file", [FORM, ".signed.json"])
def test_the_only_release_stays_and_is_mended(shelf: Shelf, terminal: Terminal, file: str) -> None:
    (current(terminal) / file).unlink()
    updater = terminal.updater
    assert "cannot be read" in updater.check()
    assert terminal.release.about.version == 1
    shelf.asked.clear()
    assert updater.refresh() == 1
    assert terminal.folders == ["1.1", "current"]
    assert updater.check() == ""
    if file == FORM:
        assert [path for path in shelf.asked if "targets" in path and "release.json" not in path] == [
            path for path in shelf.asked if path.endswith("subsidy.xml")
        ]


def test_a_damaged_last_good_one_is_not_gone_back_to(shelf: Shelf, second: Terminal) -> None:
    shelf.rename("参保证明自助打印")
    assert second.refresh() == 3
    (current(second) / FORM).unlink()
    (second.data / "releases" / "2" / FORM).write_bytes(b"<html/>")
    assert "release 1 serves" in second.updater.check()


def test_going_back_is_no_way_back_for_the_repository(shelf: Shelf, second: Terminal, tmp_path: Path) -> None:
    """What TUF has seen stays seen: the platform's older state is refused though an older release is in use."""
    older = shutil.copytree(shelf.data / "releases", tmp_path / "older")
    shelf.rename("参保证明自助打印")
    assert second.refresh() == 3
    (current(second) / FORM).unlink()
    updater = second.updater
    updater.check()
    newer = shutil.move(shelf.data / "releases", tmp_path / "newer")
    shutil.copytree(older, shelf.data / "releases")
    with pytest.raises(ReleaseRefused, match="older than what this terminal has seen"):
        updater.refresh()
    assert second.release.about.version == 2
    shutil.rmtree(shelf.data / "releases")
    shutil.move(newer, shelf.data / "releases")
    assert updater.refresh() == 3


def test_what_the_kiosk_cannot_load_gives_way_and_is_not_fetched_again_and_again(
    shelf: Shelf, second: Terminal
) -> None:
    updater = second.updater
    assert updater.check("1") == "", "what is not in use is not asked about"
    assert updater.check("2") == "the terminal cannot load release 2; release 1 serves"
    shelf.asked.clear()
    assert updater.refresh() is None and second.release.about.version == 1
    assert not [path for path in shelf.asked if "targets/" in path]
    shelf.rename("参保证明自助打印")
    assert updater.refresh() == 3


def test_old_releases_and_damaged_ones_go(shelf: Shelf, second: Terminal) -> None:
    (current(second) / FORM).unlink()
    updater = second.updater
    updater.check()
    assert updater.refresh() == 2
    for version in (3, 4):
        shelf.release()
        assert updater.refresh() == version
    assert second.folders == ["2.1", "3", "4", "current"]


def look(watch: ReleaseWatch) -> None:
    """One whole look."""
    while not watch.look():
        time.sleep(0.01)


def test_the_operator_is_told_until_all_is_well_again(shelf: Shelf, second: Terminal, tmp_path: Path) -> None:
    (tmp_path / "memory").mkdir()
    cache = Cache.open(tmp_path / "memory")
    watch = ReleaseWatch(second.updater, cache, 0.0)

    def problem() -> str:
        return str(cache.facts.ask("release_problem", ""))

    look(watch)
    assert problem() == ""
    cache.facts.tell("release_unreadable", "2")
    look(watch)
    assert problem() == "the terminal cannot load release 2; release 1 serves"
    assert cache.facts.ask("release_unreadable") == ""
    look(watch)
    assert problem() == ""
    shelf.faults["timestamp.json"] = lambda request: request.give(b"{}")
    look(watch)
    assert "refused" in problem()
    Heartbeat(sent_at="2026-01-01T00:00:00Z", release_version=1, outbox_waiting=0, outbox_parked=0,
              release_problem=problem())  # fmt: skip
    shelf.faults["timestamp.json"] = lambda request: request.send_error(503)
    with pytest.raises(Unreachable):
        look(watch)
    assert "refused" in problem()
    shelf.faults.clear()
    look(watch)
    assert problem() == ""
    cache.close()


def test_a_look_never_waits_for_the_network(shelf: Shelf, terminal: Terminal, tmp_path: Path) -> None:
    cache = Cache.open(terminal.data)
    go_on = threading.Event()

    def stall(request: object) -> None:
        go_on.wait(20)

    shelf.faults["timestamp.json"] = stall
    watch = ReleaseWatch(terminal.updater, cache, 60.0)
    began = time.monotonic()
    for _ in range(5):
        assert not watch.look()
    assert time.monotonic() - began < 1
    go_on.set()
    with pytest.raises(Unreachable):
        look(watch)
    cache.close()


def test_two_programs_do_not_install_at_once(terminal: Terminal) -> None:
    """The second waits until the first is done."""
    order: list[str] = []
    inside = threading.Event()

    def first() -> None:
        with ReleaseFolder(terminal.data).alone():
            inside.set()
            time.sleep(0.3)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(5)
    with ReleaseFolder(terminal.data).alone():
        order.append("second")
    thread.join()
    assert order == ["first", "second"]
