"""Making the dictionary."""

from __future__ import annotations

from pathlib import Path

import pytest

from screens.keyboards import dictionary


def entries() -> list[list[str]]:
    text = (dictionary.SCHEMA / "government_words.dict.yaml").read_text("utf-8")
    lines = text.split("...\n", 1)[1].splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def test_government_words_are_well_formed() -> None:
    """librime skips a line it cannot read, in silence: a syllable for each character, no word twice."""
    assert len(entries()) > 200
    for word, sound, weight in entries():
        assert len(word) == len(sound.split(" ")), word
        assert sound.replace(" ", "").isalpha() and sound.islower() and weight.isdigit(), word
    words = [word for word, _, _ in entries()]
    assert len(words) == len(set(words))


def test_made_whole_or_not_at_all(tmp_path: Path, small: None) -> None:
    folder = tmp_path / "rime"
    assert not dictionary.is_made(folder)
    dictionary.ensure(folder)
    assert dictionary.is_made(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["rime"]
    assert not list((folder / "user").iterdir())
    table = folder / "build" / "bianmin.table.bin"
    made_at = table.stat().st_mtime_ns
    dictionary.ensure(folder)
    assert table.stat().st_mtime_ns == made_at
    table.unlink()
    assert not dictionary.is_made(folder), "half a dictionary is none"


def test_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "GENERAL_WORDS", tmp_path / "none.txt")
    with pytest.raises(dictionary.DictionaryError, match="rime-data-luna-pinyin"):
        dictionary.compile_into(tmp_path / "rime")
    assert list(tmp_path.iterdir()) == []
