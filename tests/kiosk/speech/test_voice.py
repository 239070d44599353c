"""The real engine: what it makes, that it leaves no trace, and that it is ended."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import numpy as np
import pytest

from drivers.sound.prompt import decode
from kiosk.speech import voice as module
from kiosk.speech.voice import Unspoken, Voice

SENTENCE = "我是自己来办的，填的内容都是真的。"


def engine(folder: Path, *lines: str) -> str:
    """A program in the engine's place; `exec espeak-ng "$@"` in it is the real one."""
    path = folder / "engine"
    path.write_text("\n".join(["#!/bin/sh", *lines]) + "\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.parametrize(
    ("sentence", "shortest", "longest"),
    [
        (SENTENCE, 3.0, 8.0),
        ("I apply for myself.", 1.0, 3.0),
        ("请交PDF文件。", 1.5, 4.0),
        ("龘", 0.3, 1.5),
        ("𠮷野家", 0.4, 2.0),
        ("37029919920318002X号", 4.0, 10.0),
    ],
)
def test_a_sentence_becomes_sound(sentence: str, shortest: float, longest: float) -> None:
    made = Voice().speak(sentence)
    assert isinstance(made, bytes)
    prompt = decode(made)
    assert shortest < prompt.seconds < longest
    assert np.abs(prompt.samples).max() > 5000, "it can be heard"


def test_slow_is_slower() -> None:
    usual, slow = Voice().speak(SENTENCE), Voice().speak(SENTENCE, slow=True)
    assert isinstance(usual, bytes) and isinstance(slow, bytes)
    assert 1.1 < decode(slow).seconds / decode(usual).seconds < 1.5


@pytest.mark.parametrize("nothing", ["", "。", "😀"])
def test_nothing_to_say(nothing: str) -> None:
    assert Voice().speak(nothing) == Unspoken("nothing-to-say")


def test_without_an_engine() -> None:
    silent = Voice("no-such-engine")
    assert not silent.there and silent.speak(SENTENCE) == Unspoken("no-engine") and Voice().there


def test_what_is_said_stands_in_no_argument_and_no_file(tmp_path: Path) -> None:
    where = tmp_path / "where"
    where.mkdir()
    seen = tmp_path / "seen"
    program = engine(
        tmp_path, f'tr "\\0" " " < /proc/$$/cmdline > {seen}', f'env >> {seen}', 'exec espeak-ng "$@"'
    )  # fmt: skip
    before = os.getcwd()
    os.chdir(where)
    try:
        assert isinstance(Voice(program).speak("申请人：王示例 37029919920318002X"), bytes)
    finally:
        os.chdir(before)
    words = seen.read_text("utf-8", "replace")
    assert "--stdin" in words and "wang2" not in words and "王示例" not in words and "san1" not in words
    assert not list(where.iterdir())


def test_an_engine_that_dies_or_hangs_costs_its_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Voice(engine(tmp_path, "head -c 20000 /dev/zero", "kill -9 $$")).speak(SENTENCE) == Unspoken("died")
    assert Voice(engine(tmp_path, "exit 1")).speak(SENTENCE) == Unspoken("died")
    monkeypatch.setattr(module, "SECONDS", 0.5)
    began = time.monotonic()
    assert Voice(engine(tmp_path, "exec sleep 60")).speak(SENTENCE) == Unspoken("timeout")
    assert time.monotonic() - began < 5
    monkeypatch.setattr(module, "SECONDS", 20.0)
    assert Voice(engine(tmp_path, "exec head -c 9000000 /dev/zero")).speak(SENTENCE) == Unspoken("too-long")


def test_an_engine_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says is not kept beyond the most there may be."""
    began = time.monotonic()
    assert Voice(engine(tmp_path, "exec cat /dev/zero")).speak(SENTENCE) == Unspoken("too-long")
    assert time.monotonic() - began < 4
