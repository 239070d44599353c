"""The worker process, spoken to over its real pipes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from screens.keyboards import dictionary

Say = Callable[..., dict[str, Any]]


class Worker:
    """A worker and its two pipes."""

    def __init__(self, data: Path, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "screens.keyboards.rime_worker", "--data", str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=dictionary.PROJECT,
            env={**os.environ, "HOME": str(home), "TMPDIR": str(home), "XDG_CONFIG_HOME": str(home)},
        )
        assert self.line() == {"ready": True}

    def line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def say(self, **command: object) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self.line()

    def type(self, letters: str) -> dict[str, Any]:
        self.say(clear=True)
        said: dict[str, Any] = {}
        for letter in letters:
            said = self.say(key=letter)
        return said

    def end(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(5)


@pytest.fixture(scope="module")
def worker(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    made = Worker(data, tmp_path_factory.mktemp("home"))
    yield made
    made.end()


@pytest.mark.parametrize(
    ("letters", "word"),
    [
        ("shebao", "社保"),
        ("gongjijin", "公积金"),
        ("juzhuzheng", "居住证"),
        ("danyuan", "单元"),
        ("yingyezhizhao", "营业执照"),
        ("nver", "女儿"),
        ("xianggangzhonglu", "香港中路"),
        ("shanghaishipudongxinqu", "上海市浦东新区"),
    ],
)
def test_first_candidate(worker: Worker, letters: str, word: str) -> None:
    assert worker.type(letters)["candidates"][0] == word


@pytest.mark.parametrize(("letters", "word"), [("sb", "社保"), ("gjj", "公积金"), ("zfgjj", "住房公积金")])
def test_initials(worker: Worker, letters: str, word: str) -> None:
    assert word in worker.type(letters)["candidates"]


@pytest.mark.parametrize(("letters", "word"), [("sehui", "社会"), ("zangsan", "张三"), ("sengqing", "申请")])
def test_fuzzy_sounds(worker: Worker, letters: str, word: str) -> None:
    assert word in worker.type(letters)["candidates"]


@pytest.mark.parametrize(
    ("letters", "right", "fuzzy"), [("li", "里", "你"), ("si", "四", "是"), ("qianjin", "前进", "前景")]
)
def test_the_right_sound_comes_before_a_fuzzy_one(worker: Worker, letters: str, right: str, fuzzy: str) -> None:
    offered = worker.type(letters)["candidates"]
    assert right in offered[:4]
    assert fuzzy not in offered or offered.index(right) < offered.index(fuzzy)


def test_composing_shows_syllables(worker: Worker) -> None:
    said = worker.type("danyuan")
    assert said["composing"] == "dan yuan"
    assert said["commit"] == ""


def test_choosing_finishes_the_word(worker: Worker) -> None:
    index = worker.type("shebao")["candidates"].index("社保")
    said = worker.say(choose=index)
    assert (said["commit"], said["composing"], said["candidates"]) == ("社保", "", [])


def test_choosing_a_part_keeps_the_rest(worker: Worker) -> None:
    index = worker.type("xianggangzhonglu")["candidates"].index("香港")
    said = worker.say(choose=index)
    assert said["commit"] == ""
    assert said["composing"] == "香港zhong lu"
    assert worker.say(finish=True)["commit"].startswith("香港")


def test_choosing_what_is_not_there_changes_nothing(worker: Worker) -> None:
    before = worker.type("shebao")
    assert worker.say(choose=8) == before
    assert worker.say(choose=-1) == before


def test_backspace_takes_one_letter(worker: Worker) -> None:
    worker.type("sheb")
    assert worker.say(backspace=True)["composing"] == "she"
    worker.type("s")
    assert worker.say(backspace=True)["candidates"] == []


def test_pages(worker: Worker) -> None:
    first = worker.type("shi")
    assert len(first["candidates"]) == 8 and first["has_more"] and first["page"] == 0
    second = worker.say(page=1)
    assert second["page"] == 1
    assert not set(first["candidates"]) & set(second["candidates"])
    assert worker.say(page=-1) == first
    assert worker.say(page=-1) == first


def test_no_rare_and_no_traditional_characters(worker: Worker) -> None:
    """Every page of a syllable with many rare readings can be drawn by the terminal's font."""
    said = worker.type("yan")
    seen = list(said["candidates"])
    while said["has_more"]:
        said = worker.say(page=1)
        seen += said["candidates"]
    assert len(seen) > 100
    assert all("\u4e00" <= character <= "\u9fff" for word in seen for character in word)
    assert "言" in seen and "鹽" not in seen and "驗" not in seen


@pytest.mark.parametrize("command", [{"key": "A"}, {"key": "ab"}, {"key": 7}, {"learn": "x"}, {}, {"choose": "x"}])
def test_nonsense_is_refused_and_survived(worker: Worker, command: dict[str, object]) -> None:
    worker.say(clear=True)
    assert "error" in worker.say(**command)
    assert worker.type("shebao")["candidates"][0] == "社保"


def test_nothing_typed_is_kept(data: Path, tmp_path: Path) -> None:
    """Nothing in the data, home or temporary folder changes, nothing typed often is preferred."""
    own, home = tmp_path / "rime", tmp_path / "home"
    shutil.copytree(data, own)
    home.mkdir()
    before = contents(tmp_path)
    first = Worker(own, home)
    untaught = first.type("shi")["candidates"]
    last = untaught[-1]
    for _ in range(20):
        first.type("shi")
        assert first.say(choose=7)["commit"] == last
    assert first.end() == 0
    second = Worker(own, home)
    assert second.type("shi")["candidates"] == untaught
    assert second.end() == 0
    assert contents(tmp_path) == before


def test_ends_with_its_input(data: Path, tmp_path: Path) -> None:
    worker = Worker(data, tmp_path)
    worker.type("wangxiaoming")
    assert worker.end() == 0
    assert worker.process.stderr is not None
    assert worker.process.stderr.read() == ""


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in folder.rglob("*")
    }
