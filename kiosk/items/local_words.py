"""Words of this terminal's place and services, out of the release it has installed: for the keyboard's dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from contract.items import ServiceItem
from kiosk.addresses import names_around
from offline_cache.errors import NoRelease
from offline_cache.releases import InstalledRelease
from offline_cache.settings import Settings

#: characters: shorter ones every dictionary has, longer ones are sentences
SHORTEST, LONGEST = 2, 14
_CHINESE = re.compile("[\u4e00-\u9fff]+")


def release_name(data: Path) -> str:
    """The name of the release in use in the terminal's folder, cheap to ask; "" for none."""
    return InstalledRelease.current_name(data)


def local_words(data: Path) -> list[str]:
    """Names of items, offices, themes, papers, of whatever forms let one choose, and of the divisions around.

    Raises NoRelease where no release is installed.
    """
    release = InstalledRelease.current(data)
    texts = [release.about.city.zh, *(theme.name.zh for theme in release.about.themes)]
    for item in release.items.values():
        texts += [item.name.zh, item.dept_name.zh, *item.popular_terms, *(paper.name.zh for paper in item.materials)]
        texts += _of_form(release, item)
    texts += names_around(_division(data))
    words = (word for text in texts for word in _CHINESE.findall(text))
    return sorted({word for word in words if SHORTEST <= len(word) <= LONGEST})


def _division(data: Path) -> str:
    """Where the terminal stands; "" for one that was never enrolled."""
    try:
        return Settings.load(data).division
    except FileNotFoundError:
        return ""


def _of_form(release: InstalledRelease, item: ServiceItem) -> Iterator[str]:
    """The texts of an item's form; none where it cannot be read, which whoever opens the form is told."""
    if item.form is None:
        return
    try:
        form = etree.fromstring(release.form(item), etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, NoRelease):
        return
    for element in form.iter("{*}value", "{*}label", "{*}name"):
        yield element.text or ""
