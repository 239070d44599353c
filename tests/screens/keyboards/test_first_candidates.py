"""How often the first candidate is the right one, on the words citizens write at a terminal: words.tsv.

Whole spellings must come first nearly always; initials and accents must be on the first page.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.screens.keyboards.test_rime_worker import Worker

WORDS = [line.split("\t") for line in Path(__file__).with_name("words.tsv").read_text("utf-8").splitlines()]
#: of 100 each
WANTED = {"government": 95, "name": 75, "place": 85}


@pytest.fixture(scope="module")
def worker(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Worker:
    return Worker(data, tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize("kind", WANTED)
def test_first(worker: Worker, kind: str) -> None:
    words = [(word, letters) for word, letters, of in WORDS if of == kind]
    wrong = [
        f"{word}: {offered[0]}" for word, letters in words if (offered := worker.type(letters)["candidates"])[0] != word
    ]
    assert 100 * (1 - len(wrong) / len(words)) >= WANTED[kind], wrong


@pytest.mark.parametrize(
    ("letters", "word"),
    [
        ("zufang", "住房"), ("cusheng", "出生"), ("sehui", "社会"), ("zhiliao", "资料"), ("chanjiren", "残疾人"),
        ("lanjing", "南京"), ("niaoning", "辽宁"), ("shenqin", "申请"), ("xingyong", "信用"), ("zengming", "证明"),
        ("shenhuo", "生活"), ("shanhai", "上海"), ("gongsan", "工商"),
    ],
)  # fmt: skip
def test_accents(worker: Worker, letters: str, word: str) -> None:
    assert word in worker.type(letters)["candidates"]


@pytest.mark.parametrize(
    ("letters", "word"),
    [
        ("sfz", "身份证"),
        ("yyzz", "营业执照"),
        ("jzz", "居住证"),
        ("zfgjj", "住房公积金"),
        ("sbk", "社保卡"),
        ("bjs", "北京市"),
    ],
)
def test_abbreviations(worker: Worker, letters: str, word: str) -> None:
    assert word in worker.type(letters)["candidates"]
