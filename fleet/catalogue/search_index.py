"""The words by which an item is found (the target search.json)."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from contract.codes import ServerType
from contract.items import ServiceItem, Theme
from contract.releases import SearchEntry, SearchIndex
from fleet.catalogue import pinyin

#: what people call those an item is for
AUDIENCES = {
    ServerType.PERSON: ("个人", "自然人"),
    ServerType.COMPANY: ("企业", "法人", "单位", "公司"),
}


def search_index(items: list[ServiceItem], themes: list[Theme]) -> SearchIndex:
    """One entry an item, and how characters sound.

    Among equals, what can be done at a terminal comes first, then what is often done, then shorter names.
    """
    names = {theme.id: theme.name.zh for theme in themes}
    order = sorted(
        items, key=lambda i: (not i.at_terminal, i.popular_rank or sys.maxsize, len(i.name.zh), i.name.zh, i.task_code)
    )
    return SearchIndex(entries=[_entry(item, names.get(item.theme, "")) for item in order], sounds=pinyin.sounds())


def _entry(item: ServiceItem, theme: str) -> SearchEntry:
    title, terms = item.name.zh, list(dict.fromkeys(item.popular_terms))
    about = [item.dept_name.zh, theme, *item.life_events]
    topics = [*about, *_synonyms([item.dept_name.zh]), *(word for who in item.server_types for word in AUDIENCES[who])]
    synonyms = [word for word in _synonyms([title, *terms]) if word not in terms and word not in title]
    topics = [topic for topic in dict.fromkeys(topics) if topic]
    return SearchEntry(
        task_code=item.task_code,
        title=title,
        title_en=item.name.en,
        pinyin=pinyin.full(title),
        terms=terms,
        terms_pinyin=_said(terms),
        synonyms=synonyms,
        synonyms_pinyin=_said(synonyms),
        topics=topics,
        topics_pinyin=_said(topics),
        theme=item.theme,
        dept_code=item.dept_code,
        server_types=item.server_types,
    )


@cache
def _spoken(text: str) -> str:
    return pinyin.full(text)


def _said(texts: list[str]) -> list[str]:
    return [_spoken(text) for text in texts]


def _synonyms(texts: Iterable[str]) -> list[str]:
    """The other words of every group that has a word in one of `texts`."""
    words = [word for group in _groups() if any(word in text for word in group for text in texts) for word in group]
    return list(dict.fromkeys(words))


@cache
def _groups() -> list[list[str]]:
    text = files("fleet.catalogue").joinpath("synonyms.toml").read_text(encoding="utf-8")
    groups: list[list[str]] = tomllib.loads(text)["groups"]
    return groups
