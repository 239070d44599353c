"""Pinyin and synonyms by which items are found."""

from __future__ import annotations

from pathlib import Path

import pytest

from fleet.catalogue import pinyin
from fleet.catalogue.importer import import_workbook
from fleet.catalogue.search_index import search_index
from tests.fleet.city_workbook import write_city


@pytest.mark.parametrize(
    ("text", "full", "initials"),
    [
        ("参保证明", "can bao zheng ming", "cbzm"),
        ("银行行政许可", "yin hang xing zheng xu ke", "yhxzxk"),
        ("重新办理", "chong xin ban li", "cxbl"),
        ("长期护理与长者食堂", "chang qi hu li yu zhang zhe shi tang", "cqhlyzzst"),
        ("曾用名", "ceng yong ming", "cym"),
        ("公积金还贷", "gong ji jin huan dai", "gjjhd"),
        ("旅游", "lv you", "ly"),
        ("老年证（60岁）ABC", "lao nian zheng 60 sui abc", "lnz6sa"),
        ("", "", ""),
    ],
)
def test_heteronyms_are_read_in_their_word(text: str, full: str, initials: str) -> None:
    assert (pinyin.full(text), pinyin.initials(text)) == (full, initials)


def test_an_item_is_found_by_what_neighbours_call_it(tmp_path: Path) -> None:
    catalogue = import_workbook(write_city(tmp_path)).catalogue
    assert catalogue is not None
    proof = search_index(catalogue.items).entries[0]
    assert (proof.title, proof.title_en) == ("参保证明打印", "Insurance certificate")
    assert proof.terms[:2] == ["社保证明", "交社保的证明"]
    assert "社会保险" in proof.terms
    assert len(proof.terms) == len(proof.terms_pinyin) == len(proof.terms_initials)
    assert proof.terms_initials[0] == "sbzm"
