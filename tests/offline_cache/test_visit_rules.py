"""The one table of a visit's rules: it is whole, a site may change what it may, and mistakes are named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk.journey.steps import STEPS
from offline_cache import Cache
from offline_cache.errors import BadSettings
from offline_cache.settings import Settings
from offline_cache.visit_rules import VisitRules

RULES = VisitRules.load()
TERMINAL = '[terminal]\nid = "T"\nlabel = "A"\nhall_zh = "厅"\n[fleet]\nurl = "https://localhost:1"\n'


def test_every_page_named_exists_and_every_page_ends() -> None:
    assert set(RULES.pages) - {"default"} <= set(STEPS)
    assert RULES.card_may_leave_on <= set(STEPS)
    for name in STEPS:
        page = RULES.page(name)
        # only where nobody is known may a page stand for ever
        assert (page.idle > 0 and page.leaves > 0) or name in ("attract", "farewell"), name
    assert 0 < max(RULES.told_before) < RULES.longest


def test_waits_grow() -> None:
    for name, rule in RULES.attempts.items():
        assert list(rule.waits) == sorted(rule.waits) and rule.waits[-1] > 0, name
        # nobody can close a way to everybody for longer than a minute
        assert rule.per == "person" or rule.waits[-1] <= 60, name


def test_what_is_kept_names_every_column_that_holds_something_sealed(tmp_path: Path) -> None:
    tables = {**RULES.kept_until_ended, **RULES.kept_until_delivered}
    database = Cache.open(tmp_path).store.db
    private = {
        table: column.name
        for table in database.table_names()
        for column in database.table(table).columns
        if column.name in ("sealed", "wrapped_key")
    }
    assert set(private) <= set(tables)
    assert all(what == "row" or what == private[table] for table, what in tables.items())


def test_a_site_changes_some() -> None:
    rules = VisitRules.load(
        {
            "card_stays": True,
            "offline_opens": ["T-1"],
            "longest": {"visit": 600},
            "pages": {"form": {"idle": 7}, "guide": {"leaves": 9}},
            "attempts": {"face": {"waits": [1, 2]}},
        }
    )
    assert rules.site.card_stays and rules.site.offline_opens == ["T-1"] and not rules.site.face_at_login
    assert rules.longest == 600 and rules.attempts["face"].waits == (1, 2)
    assert (rules.page("form").idle, rules.page("form").leaves) == (7, RULES.page("form").leaves)
    assert (rules.page("guide").idle, rules.page("guide").leaves) == (RULES.page("guide").idle, 9)
    assert RULES.page("form").idle != 7, "the table itself was changed"


@pytest.mark.parametrize(
    "changes",
    [
        {"kept": {"until_the_visit_ends": {}}},
        {"ends": {"idle": "x"}},
        {"no_such": 1},
        {"longest": {"no_such": 1}},
        {"longest": 7},
        {"attempts": {"no_such": {"waits": [1]}}},
        {"pages": {"form": {"no_such": 1}}},
        {"pages": {"form": 7}},
        {"card_stays": "perhaps"},
        {"offline_opens": "all"},
    ],
)
def test_what_is_not_understood_is_named(changes: dict[str, Any]) -> None:
    with pytest.raises(BadSettings, match=r"\[visit\] in terminal.toml"):
        VisitRules.load(changes)


def test_terminal_toml_holds_them(tmp_path: Path) -> None:
    (tmp_path / "terminal.toml").write_text(f"{TERMINAL}[visit]\nface_at_login = true\n[visit.longest]\nvisit = 60\n")
    settings = Settings.load(tmp_path)
    assert settings.rules.site.face_at_login and settings.rules.longest == 60
