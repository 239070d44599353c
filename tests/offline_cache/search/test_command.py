"""`python -m offline_cache.search`, on a terminal's folder and on a release's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from offline_cache.search import build
from tests.offline_cache.search import towns


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("terminal")
    release = data / "releases" / "3"
    release.mkdir(parents=True)
    build(towns.city(), release / "search.db")
    (data / "releases" / "current").symlink_to("3")
    return data


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "offline_cache.search", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("place", [".", "releases/3", "releases/current"])
def test_it_prints_what_a_citizen_is_shown(terminal: Path, place: str) -> None:
    done = run("--store", terminal / place, "低保", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    (found,) = json.loads(done.stdout)
    assert found == {
        "task_code": "11370299MB0X00300M3370511006000",
        "title": "最低生活保障申请",
        "why": "term",
        "guessed": False,
    }


def test_a_guess_says_so(terminal: Path) -> None:
    done = run("--store", terminal, "身分证", "--json")
    assert done.returncode == 0
    assert {row["guessed"] for row in json.loads(done.stdout)} == {True}


def test_it_can_look_among_some_only(terminal: Path) -> None:
    everybody, companies = run("--store", terminal, "参保"), run("--store", terminal, "参保", "--audience", "company")
    assert len(everybody.stdout.splitlines()) == 3
    assert len(companies.stdout.splitlines()) == 1


def test_nothing_found_and_no_release_are_told_apart(terminal: Path, tmp_path: Path) -> None:
    nothing, none = run("--store", terminal, "龘龘", "--json"), run("--store", tmp_path, "低保", "--json")
    assert (nothing.returncode, nothing.stdout, nothing.stderr) == (1, "[]\n", "nothing is found\n")
    assert (none.returncode, none.stdout) == (1, "") and "holds no release" in none.stderr


def test_a_broken_index_is_named(tmp_path: Path) -> None:
    (tmp_path / "search.db").write_bytes(b"no database at all" * 100)
    done = run("--store", tmp_path, "低保")
    assert done.returncode == 1
    assert "cannot be read" in done.stderr and "Traceback" not in done.stderr
