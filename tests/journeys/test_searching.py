"""Looking for an item: what fits, and where nothing does, what may have been meant, told apart."""

from __future__ import annotations

import pytest

from kiosk.journey import intents
from kiosk.journey.views import ItemsView
from tests.journeys.hands import Citizen


@pytest.mark.parametrize(
    ("query", "guessed", "first"),
    [
        ("低保", False, "最低生活保障申请"),
        ("老年人优dai", False, "老年人优待证申领"),
        ("居民身分证", True, "居民身份证丢失补领"),
        ("zuidisehnghuo", True, "最低生活保障申请"),
    ],
)
def test_guesses_are_told_apart(citizen: Citizen, query: str, guessed: bool, first: str) -> None:
    citizen.log_in()
    citizen.send(intents.OpenSearch(), intents.Search(query))
    view = citizen.sees(ItemsView, lambda v: v.query == query)
    assert (view.guessed, view.rows[0].name) == (guessed, first)


def test_nothing_is_found_for_what_is_nothing_like_anything(citizen: Citizen) -> None:
    citizen.log_in()
    citizen.send(intents.OpenSearch(), intents.Search("龘龘"))
    view = citizen.sees(ItemsView, lambda v: v.query == "龘龘")
    assert not view.rows and not view.guessed
