"""The catalogue of what citizens read: one TOML file a language, the same keys in each."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")


@cache
def _catalogue(language: str) -> dict[str, str]:
    tables = tomllib.loads(Path(__file__).with_name(f"{language}.toml").read_text("utf-8"))
    return {f"{table}.{key}": text for table, entries in tables.items() for key, text in entries.items()}


def say(key: str, language: str = "zh", **values: object) -> str:
    """The text `key` ("home.search_hint") in `language`, with `{name}` places filled from `values`.

    Raises KeyError for a key the Chinese catalogue lacks; falls back to Chinese where a translation is missing.
    """
    text = _catalogue(language).get(key)
    if text is None:
        text = _catalogue("zh")[key]
    return text.format(**values) if values else text
