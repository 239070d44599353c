"""Parts of one and more characters: every item that holds them is found, and no other; whatever is typed, no error."""

from __future__ import annotations

import string
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from offline_cache.search import LIMIT, Search, build, plain
from tests.offline_cache.search import towns

TEXTS = {
    entry.task_code: [plain(text) for text in (entry.title, *entry.terms, *entry.synonyms, *entry.topics)]
    for entry in towns.district().entries
}
CHARACTERS = sorted({character for texts in TEXTS.values() for text in texts for character in text})
PARTS = sorted({text[at : at + 2] for texts in TEXTS.values() for text in texts for at in range(len(text) - 1)})


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    path = tmp_path_factory.mktemp("district") / "search.db"
    build(towns.district(), path)
    return Search(path)


@pytest.mark.parametrize("parts", [CHARACTERS, PARTS], ids=["one character", "two characters"])
def test_all_that_hold_it_are_found_and_no_other(search: Search, parts: list[str]) -> None:
    assert len(parts) > 400
    for part in parts:
        there = {code for code, texts in TEXTS.items() if any(part in text for text in texts)}
        found = search.find(part, limit=1000)
        assert {each.task_code for each in found} == there, part
        assert len(found) == len(there)


#: letters of queries: what stands in titles, pinyin, and what no title has
TYPED = some.text(
    some.one_of(
        some.sampled_from("".join(CHARACTERS) + string.ascii_letters + " \"'*():-^+{}，。"),
        some.characters(),
    ),
    max_size=40,
)


@settings(max_examples=400, deadline=2000)
@given(query=TYPED)
def test_no_text_is_an_error_and_a_guess_is_never_beside_what_fits(search: Search, query: str) -> None:
    found = search.find(query)
    assert len({each.task_code for each in found}) == len(found) <= LIMIT
    assert len({each.why.guessed for each in found}) <= 1


@settings(max_examples=300, deadline=2000)
@given(data=some.data())
def test_any_part_of_a_text_finds_it(search: Search, data: some.DataObject) -> None:
    code = data.draw(some.sampled_from(sorted(TEXTS)))
    text = data.draw(some.sampled_from(TEXTS[code]))
    begin = data.draw(some.integers(0, len(text) - 1))
    part = text[begin : data.draw(some.integers(begin + 1, len(text)))]
    assert code in {each.task_code for each in search.find(part, limit=1000)}


@pytest.mark.parametrize("text", ["社保卡", "shebaoka", "社bao卡", "sb ", "参保 证明 ", "a b "])
def test_a_very_long_query_is_answered_at_once(search: Search, text: str) -> None:
    began = time.perf_counter()
    search.find(text * 100_000)
    assert time.perf_counter() - began < 1
