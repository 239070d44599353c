"""The catalogue of what citizens read: a folder a language, the same TOML files and keys in each.

`screens.toml` holds the fixed labels of screens, `keyboards.toml` those of keyboards, `journey.toml` what the
journey says. Another language is another folder.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")


@cache
def _catalogue(language: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for file in sorted((Path(__file__).parent / language).glob("*.toml")):
        for table, entries in tomllib.loads(file.read_text("utf-8")).items():
            words.update({f"{table}.{key}": text for key, text in entries.items()})
    return words


def say(key: str, language: str = "zh", **values: object) -> str:
    """The text `key` ("home.search_hint") in `language`, with `{name}` places filled from `values`.

    Raises KeyError for a key the Chinese catalogue lacks; falls back to Chinese where a translation is missing.
    """
    text = _catalogue(language).get(key)
    if text is None:
        text = _catalogue("zh")[key]
    return text.format(**values) if values else text
