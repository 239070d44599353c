"""Pinyin and synonyms by which items are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.model import Words
from fleet.catalogue import pinyin
from fleet.catalogue.importer import import_workbook
from fleet.catalogue.search_index import search_index
from tests.fleet.city_workbook import write_city
from tests.offline_cache.search.towns import CITY


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("参保证明", "can bao zheng ming"),
        ("银行行政许可", "yin hang xing zheng xu ke"),
        ("重新办理", "chong xin ban li"),
        ("长期护理与长者食堂", "chang qi hu li yu zhang zhe shi tang"),
        ("曾用名", "ceng yong ming"),
        ("公积金还贷", "gong ji jin huan dai"),
        ("旅游", "lv you"),
        ("老年证（60岁）ABC", "lao nian zheng 60 sui abc"),
        ("", ""),
    ],
)
def test_heteronyms_are_read_in_their_word(text: str, full: str) -> None:
    assert pinyin.full(text) == full


def test_an_item_is_found_by_what_neighbours_call_it(tmp_path: Path) -> None:
    catalogue = import_workbook(write_city(tmp_path)).catalogue
    assert catalogue is not None
    index = search_index(catalogue.items, catalogue.themes)
    proof = next(entry for entry in index.entries if entry.title == "参保证明打印")
    assert proof.title_en == "Insurance certificate"
    assert proof.terms == ["社保证明", "交社保的证明"]
    assert "社会保险" in proof.synonyms
    assert len(proof.terms) == len(proof.terms_pinyin)
    assert len(proof.synonyms) == len(proof.synonyms_pinyin)
    assert len(proof.topics) == len(proof.topics_pinyin)
    assert proof.terms_pinyin[0] == "she bao zheng ming"


def test_what_can_be_done_here_and_is_often_done_comes_first(tmp_path: Path) -> None:
    catalogue = import_workbook(write_city(tmp_path)).catalogue
    assert catalogue is not None
    item = catalogue.items[0]
    items = [
        item.model_copy(update={"task_code": code, "popular_rank": rank, "at_terminal": here, "name": Words(zh=name)})
        for code, rank, here, name in (
            ("guide only", 1, False, "短"),
            ("longer", 0, True, "长一些"),
            ("short", 0, True, "短"),
            ("often", 2, True, "很长很长的名字"),
        )
    ]
    order = [entry.task_code for entry in search_index(items, []).entries]
    assert order == ["often", "short", "longer", "guide only"]


def test_topics_are_department_theme_life_events_and_whom_it_is_for() -> None:
    catalogue = import_workbook(CITY).catalogue
    assert catalogue is not None
    index = search_index(catalogue.items, catalogue.themes)
    topics = next(entry.topics for entry in index.entries if entry.title == "个体工商户设立登记")
    assert {"海湾市市场监督管理局（示例）", "工商局", "开店办企业", "企业开办", "个人"} <= set(topics)


def test_characters_that_sound_alike_are_known() -> None:
    sounds = pinyin.sounds()
    assert {"保", "宝"} <= set(sounds["bao"])
    assert "行" in sounds["hang"] and "行" in sounds["xing"]
