"""Asking the worker without waiting, and surviving its death."""

from __future__ import annotations

import os
import queue
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from screens.keyboards.answer import Answer
from screens.keyboards.pinyin import ANSWER_LIMIT, PinyinInput

LIMIT = 10  # seconds for one answer, on a busy machine


class Typist:
    """Types, and reads answers in order."""

    def __init__(self, data: Path) -> None:
        self.answers: queue.Queue[Answer] = queue.Queue()
        self.pinyin = PinyinInput(data, deliver=lambda function: function())

    def key(self, letter: str) -> Answer:
        self.pinyin.key(letter, self.answers.put)
        return self.answers.get(timeout=LIMIT)

    def type(self, letters: str) -> Answer:
        answer = Answer()
        for letter in letters:
            answer = self.key(letter)
        return answer

    def pid(self) -> int:
        assert self.pinyin.worker_pid is not None
        return self.pinyin.worker_pid


@pytest.fixture
def typist(data: Path) -> Iterator[Typist]:
    made = Typist(data)
    yield made
    made.pinyin.stop()


def test_answers_come_in_order_and_asking_takes_no_time(typist: Typist) -> None:
    began = time.monotonic()
    for letter in "shebao":
        typist.pinyin.key(letter, typist.answers.put)
    typist.pinyin.finish(typist.answers.put, text="，")
    assert time.monotonic() - began < 0.05
    answers = [typist.answers.get(timeout=LIMIT) for _ in range(7)]
    assert [answer.composing for answer in answers[:3]] == ["s", "sh", "she"]
    assert (answers[-1].commit, answers[-1].text, answers[-1].composing) == ("社保", "，", "")


def test_a_worker_killed_between_keys_costs_nothing(typist: Typist) -> None:
    typist.type("sheb")
    killed = typist.pid()
    os.kill(killed, signal.SIGKILL)
    answer = typist.type("ao")
    assert answer.composing == "she bao"
    assert answer.candidates[0] == "社保"
    assert not answer.lost
    assert typist.pid() != killed


def test_a_worker_that_hangs_costs_one_key(typist: Typist) -> None:
    typist.type("she")
    hanging = typist.pid()
    os.kill(hanging, signal.SIGSTOP)
    began = time.monotonic()
    lost = typist.key("x")
    assert lost.lost and not lost.out
    assert lost.composing == "she"
    assert time.monotonic() - began < ANSWER_LIMIT + 5
    assert typist.type("bao").candidates[0] == "社保"
    with pytest.raises(ProcessLookupError):
        os.kill(hanging, 0)


def test_erased_letters_do_not_come_back_with_a_new_worker(typist: Typist) -> None:
    typist.type("shex")
    typist.pinyin.backspace(typist.answers.put)
    assert typist.answers.get(timeout=LIMIT).composing == "she"
    os.kill(typist.pid(), signal.SIGKILL)
    assert typist.type("bao").composing == "she bao"


def test_cleared_letters_do_not_come_back_with_a_new_worker(typist: Typist) -> None:
    typist.type("wangxiaoming")
    typist.pinyin.clear(typist.answers.put)
    assert typist.answers.get(timeout=LIMIT) == Answer()
    os.kill(typist.pid(), signal.SIGKILL)
    assert typist.type("she").composing == "she"


def test_without_a_dictionary_it_says_so_and_gives_the_text_back() -> None:
    typist = Typist(Path("/proc/nowhere"))
    try:
        assert typist.key("s").out
        typist.pinyin.finish(typist.answers.put, text="，")
        answer = typist.answers.get(timeout=LIMIT)
        assert answer.out and answer.text == "，"
    finally:
        typist.pinyin.stop()


def test_stopping_ends_the_worker(data: Path) -> None:
    typist = Typist(data)
    typist.key("s")
    pid = typist.pid()
    typist.pinyin.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
