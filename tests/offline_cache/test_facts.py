"""Facts between the two programs of a terminal, receipt numbers, settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from offline_cache import Cache
from offline_cache.settings import Settings


def test_the_last_word_about_a_fact_stands_and_the_other_program_reads_it(cache: Cache) -> None:
    other = Cache.open(cache.data)
    assert other.facts.ask("devices", {}) == {}
    for value in ({"printer": {"device": "online", "detail": "缺纸"}}, None, False, "online"):
        cache.facts.tell("devices", value)
        assert other.facts.ask("devices", "nothing was told") == value
    other.close()


def test_receipt_numbers_are_counted_through_the_day(tmp_path: Path) -> None:
    numbers = []
    for _ in range(3):
        cache = Cache.open(tmp_path)
        numbers += [cache.facts.next_receipt_number("A03") for _ in range(2)]
        cache.close()
    assert all(re.fullmatch(r"A03-\d{4}-\d{4}", number) for number in numbers)
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003", "0004", "0005", "0006"]


def test_settings_are_read_and_what_may_be_left_out_has_a_value(tmp_path: Path) -> None:
    (tmp_path / "terminal.toml").write_text(
        '[terminal]\nid = "T-1"\nlabel = "A01"\nhall_zh = "大厅"\n[fleet]\nurl = "https://localhost"\n', "utf-8"
    )
    settings = Settings.load(tmp_path)
    assert (settings.id, settings.hall.in_language("en"), settings.phone) == ("T-1", "大厅", "")
    assert (settings.heartbeat, settings.refresh) == (60.0, 300.0)


def test_a_terminal_that_was_never_enrolled_has_no_settings(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Settings.load(tmp_path)
