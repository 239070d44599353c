"""The power cut after every write of a short run; and the tool itself, which must see what it is there to see."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contract.cases import Case
from offline_cache import Cache
from offline_cache.releases import InstalledRelease, ReleaseUpdater
from tests.chaos.power import Books, Broken, cuts
from tests.chaos.write_log import Disk, Record, recorded
from tests.offline_cache.release_shelf import Shelf, Terminal
from tests.offline_cache.test_rescue import filled, folded, header


def test_every_promise_is_kept_wherever_the_power_is_cut(tmp_path: Path) -> None:
    records = recorded(tmp_path, "tests.chaos.power_workload", "2")
    assert sum(record.kind == "A" for record in records) > 10
    assert cuts(records, seed=1, every=4) > 250


@pytest.mark.parametrize("pragma", ["synchronous = normal", "synchronous = off"])
def test_a_store_that_does_not_sync_is_found_out(tmp_path: Path, pragma: str) -> None:
    """The run again with a weaker store: were it not found out, the test above would prove nothing."""
    weaker = tmp_path / "weaker"
    shutil.copytree(Path.cwd(), weaker, ignore=shutil.ignore_patterns(".*", "build", "docs", "*.md"))
    store = weaker / "offline_cache" / "store.py"
    said = store.read_text("utf-8")
    assert "synchronous = full" in said
    store.write_text(said.replace("synchronous = full", pragma), "utf-8")
    program = (
        "from pathlib import Path; from tests.chaos.power import cuts; from tests.chaos.write_log import recorded;"
        f"cuts(recorded(Path({str(tmp_path)!r}), 'tests.chaos.power_workload', '2'), 1)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=weaker, env={**os.environ, "PYTHONPATH": str(weaker)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode and "Broken: cut after record" in done.stderr


def test_a_rescue_survives_power_cuts_too(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    said = filled(data, 3)
    folded(data)
    header(data)
    disk = Disk.of(data)
    records = recorded(tmp_path, "tests.chaos.test_power")

    def look(left: Path, books: Books) -> None:
        cache = Cache.open(left)
        try:
            entries = cache.outbox.due()
            if {entry.id for entry in entries} != set(said):
                raise Broken(f"{len(entries)} of {len(said)} entries")
            for entry in entries:
                visit = cache.visits.open(entry.visit)
                Case.model_validate_json(visit.key.open(entry.sealed, entry.id))
            if len(cache.set_aside.folders()) != 1:
                raise Broken("not set aside once")
        finally:
            cache.close()

    assert cuts(records, seed=2, disk=disk, every=3, look=look) > 100


def test_a_release_is_the_old_or_the_new_one_wherever_the_power_is_cut(shelf: Shelf, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "data", shelf)
    assert terminal.refresh() == 1
    shelf.rename("参保证明在线打印")
    disk = Disk.of(terminal.data)
    records = recorded(tmp_path, "tests.chaos.release_workload", terminal.url)
    assert json.loads(records[-1].data) == {"release": 2}
    found = set()

    def look(left: Path, books: Books) -> None:
        updater = ReleaseUpdater(left, terminal.url)
        version = updater.current_version()
        found.add(version)
        # what it had promised is in use, what is in use is whole, and the kiosk reads it
        if version not in ((2,) if books.release else (1, 2)):
            raise Broken(f"release {version}")
        if problem := updater.check():
            raise Broken(problem)
        if not InstalledRelease.current(left).search.find("参保"):
            raise Broken("nothing is found")

    assert cuts(records, seed=3, disk=disk, every=3, look=look) > 50
    assert found == {1, 2}


def test_what_a_disk_may_hold(tmp_path: Path) -> None:
    """Synced writes are there, others perhaps; a renamed file has its old or its new name, never none."""
    disk = Disk()
    for record in (
        Record("C", "a", 0, b""), Record("W", "a", 0, b"one"), Record("S", "a", 0, b""), Record("S", "", 0, b""),
        Record("W", "a", 0, b"two"), Record("C", "b.half", 0, b""), Record("W", "b.half", 0, b"new"),
        Record("S", "b.half", 0, b""), Record("R", "a", 0, b"/somewhere/b.half"),
    ):  # fmt: skip
        disk.apply(record)
    found = set()
    for number in range(60):
        way = ("synced", "all", "chance")[min(number, 2)]
        folder = tmp_path / str(number)
        folder.mkdir()
        disk.leave(folder, way, random.Random(number))
        found.add((way, json.dumps({path.name: path.read_text() for path in sorted(folder.iterdir())})))
    assert {content for way, content in found if way == "synced"} == {'{"a": "one"}'}
    assert {content for way, content in found if way == "all"} == {'{"a": "new"}'}
    assert {content for way, content in found if way == "chance"} == {
        *(f'{{"a": "{content}"}}' for content in ("one", "two", "new")),
        *(f'{{"a": "{content}", "b.half": "new"}}' for content in ("one", "two")),
    }


if __name__ == "__main__":
    # the rescue whose writes are recorded
    Cache.open(Path(sys.argv[1])).close()
