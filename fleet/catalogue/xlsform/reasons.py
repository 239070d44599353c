"""What the engine and pyxform say in English, said in Chinese as well."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

#: counted in what was tried, which is not what stands in the cell
_PLACE = re.compile(r" at character \d+")
#: the path of a question, which operators know as ${name}
_PATH = re.compile(r" ?/data(?:/[\w.-]+)*/([\w.-]+) ?")


def in_both_languages(said: str) -> tuple[str, str]:
    """Chinese and English; where the Chinese is not known the English words twice."""
    english = _PATH.sub(_as_reference, _PLACE.sub("", said)).strip()
    return _chinese(english), english


def _as_reference(path: re.Match[str]) -> str:
    before, after = (" " if path.group().startswith(" ") else ""), (" " if path.group().endswith(" ") else "")
    return f"{before}${{{path.group(1)}}}{after}"


def _chinese(english: str) -> str:
    for pattern, chinese in _reasons():
        found = pattern.fullmatch(english)
        if found:
            groups = [group for group in found.groups() if group is not None]
            if len(groups) == 1 and groups[0] != english:
                groups = [_chinese(groups[0])]
            return chinese.format(*groups)
    return english


@cache
def _reasons() -> list[tuple[re.Pattern[str], str]]:
    told = tomllib.loads(files("fleet.words").joinpath("reasons.toml").read_text(encoding="utf-8"))
    return [(re.compile(one["en"], re.DOTALL), one["zh"]) for one in told["reason"]]
