"""The words by which an item is found (the target search.json)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from contract.items import ServiceItem
from contract.releases import SearchEntry, SearchIndex
from fleet.catalogue import pinyin


def search_index(items: list[ServiceItem]) -> SearchIndex:
    """One entry an item: title, popular terms, synonyms, and the pinyin of each."""
    return SearchIndex(entries=[_entry(item) for item in items])


def _entry(item: ServiceItem) -> SearchEntry:
    terms = _with_synonyms(item.name.zh, item.popular_terms)
    return SearchEntry(
        task_code=item.task_code,
        title=item.name.zh,
        title_en=item.name.en,
        pinyin=pinyin.full(item.name.zh),
        initials=pinyin.initials(item.name.zh),
        terms=terms,
        terms_pinyin=[pinyin.full(term) for term in terms],
        terms_initials=[pinyin.initials(term) for term in terms],
    )


def _with_synonyms(title: str, popular_terms: list[str]) -> list[str]:
    texts = [title, *popular_terms]
    terms = list(popular_terms)
    for group in _synonyms():
        if any(word in text for word in group for text in texts):
            terms += [word for word in group if word not in terms and word not in title]
    return list(dict.fromkeys(terms))


@cache
def _synonyms() -> list[list[str]]:
    text = files("fleet.catalogue").joinpath("synonyms.toml").read_text(encoding="utf-8")
    groups: list[list[str]] = tomllib.loads(text)["groups"]
    return groups
