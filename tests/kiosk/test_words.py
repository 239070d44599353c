"""Every text the code asks for exists, in every language, with the same places to fill."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from kiosk import words
from kiosk.words import LANGUAGES, say

ROOT = Path(__file__).resolve().parents[2]
#: "login.title" in the code of kiosk and screens: a table the catalogue has, a dot, a key
KEY = re.compile(r"""["']((?:%s)\.[a-z][a-z0-9_]*)["']""")


def catalogue(language: str) -> dict[str, str]:
    return words._catalogue(language)


def asked() -> set[str]:
    tables = {key.partition(".")[0] for key in catalogue("zh")}
    pattern = re.compile(KEY.pattern % "|".join(sorted(tables)))
    files = [
        path for room in ("kiosk", "screens") for path in (ROOT / room).rglob("*") if path.suffix in (".py", ".kv")
    ]
    return {key for path in files for key in pattern.findall(path.read_text("utf-8"))}


def test_every_text_the_code_asks_for_exists() -> None:
    found = asked()
    assert len(found) > 100
    missing = sorted(key for key in found - set(catalogue("zh")) if not key.endswith(".kv"))
    assert missing == []


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "zh"])
def test_translations_are_complete_and_have_the_same_places(language: str) -> None:
    translated = catalogue(language)
    # receipts are official papers, always in Chinese
    missing = {key for key in catalogue("zh") if not key.startswith("receipt.")} - set(translated)
    assert sorted(missing) == []
    for key, text in catalogue("zh").items():
        if key not in translated:
            continue
        places = [sorted(re.findall(r"{(\w+)", one)) for one in (text, translated[key])]
        assert places[0] == places[1], key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_stands_in_two_files(language: str) -> None:
    keys: list[str] = []
    for path in sorted((ROOT / "kiosk" / "words" / language).glob("*.toml")):
        for table, entries in tomllib.loads(path.read_text("utf-8")).items():
            keys += [f"{table}.{key}" for key in entries]
    assert sorted(keys) == sorted(set(keys))


def test_a_missing_translation_falls_back_to_chinese() -> None:
    assert say("login.title", "de") == say("login.title", "zh")


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("login.no_such_text")
