"""The words of an installed release, in the dictionary the engine then uses; a real release, a real engine."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.items.local_words import local_words
from offline_cache.errors import NoRelease
from screens.keyboards import dictionary
from screens.keyboards.answer import Answer
from screens.keyboards.local_dictionary import LocalDictionary
from screens.keyboards.pinyin import PinyinInput
from tests.fleet.running_platform import make_platform
from tests.offline_cache.release_shelf import Shelf, Terminal

LIMIT = 120  # seconds to make a dictionary, at the lowest priority of a busy machine


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("local")
    shelf = Shelf(make_platform(folder))
    made = Terminal(folder / "terminal", shelf)
    made.refresh()
    yield made
    shelf.close()


@pytest.fixture(scope="module")
def general(small: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dictionary before any release."""
    folder = tmp_path_factory.mktemp("general") / "rime"
    dictionary.ensure(folder)
    return folder


@pytest.fixture
def pinyin(general: Path) -> Iterator[PinyinInput]:
    made = PinyinInput(general, deliver=lambda function: function())
    yield made
    made.stop()


def wait_for(words: LocalDictionary, release: str) -> None:
    until = time.monotonic() + LIMIT
    while words.used != release:
        assert time.monotonic() < until
        words.look(at_rest=True)
        time.sleep(0.05)


def test_words_of_the_release(terminal: Terminal) -> None:
    words = local_words(terminal.data)
    names = [item.name.zh for item in terminal.release.items.values()]
    assert {name for name in names if len(name) <= 14 and name.isalpha()} <= set(words)
    assert words == sorted(set(words))
    assert all("\u4e00" <= character <= "\u9fff" for word in words for character in word)


def test_places_around_the_terminal(terminal: Terminal) -> None:
    assert {"山东省", "青岛市"} <= set(local_words(terminal.data)), "provinces and cities are known everywhere"
    assert "八大湖街道" not in local_words(terminal.data)
    (terminal.data / "terminal.toml").write_text(
        '[terminal]\nid = "T-1"\nlabel = "A"\nhall_zh = "厅"\ndivision = "370202"\n[fleet]\nurl = "https://localhost"\n'
    )
    around = set(local_words(terminal.data))
    assert {"八大湖街道", "市南区"} <= around and "东华门街道" not in around


def test_no_release_no_words(tmp_path: Path) -> None:
    with pytest.raises(NoRelease):
        local_words(tmp_path)


def test_the_dictionary_is_made_at_rest_only_and_then_used(
    terminal: Terminal, general: Path, pinyin: PinyinInput
) -> None:
    folder = terminal.data / "rime" / "1"
    words = LocalDictionary(terminal.data, pinyin)
    words.look(at_rest=False)
    assert words._making is None, "a citizen is there"
    words.look(at_rest=True)
    begun = words._making
    assert begun is not None
    words.look(at_rest=False)
    assert begun.poll() is not None and not dictionary.is_made(folder), "a citizen came: it ended"
    assert pinyin.data == general
    wait_for(words, "1")
    answers: queue.Queue[Answer] = queue.Queue()
    pinyin.key("s", answers.put)
    assert answers.get(timeout=30).candidates
    assert pinyin.data == folder.absolute()
    assert [path.name for path in folder.parent.iterdir()] == ["1"], "nothing half made stays"


def test_a_word_only_this_place_has_comes_first(general: Path, tmp_path: Path) -> None:
    """No dictionary has 柳荃湖街道; 重 in 重庆荔巷 is read as in 重庆."""
    dictionary.compile_into(tmp_path / "rime", ["柳荃湖街道", "重庆荔巷"])
    for folder, wanted in ((general, False), (tmp_path / "rime", True)):
        pinyin = PinyinInput(folder, deliver=lambda function: function())
        answers: queue.Queue[Answer] = queue.Queue()
        try:
            for letters, word in (("liuquanhujiedao", "柳荃湖街道"), ("chongqinglixiang", "重庆荔巷")):
                pinyin.clear(answers.put)
                answers.get(timeout=30)
                answer = Answer()
                for letter in letters:
                    pinyin.key(letter, answers.put)
                    answer = answers.get(timeout=30)
                assert (word in answer.candidates) is wanted, (folder, word)
                assert not wanted or answer.candidates[0] == word
        finally:
            pinyin.stop()
