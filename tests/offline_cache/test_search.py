"""Search: by words, pieces of words, pinyin, initials, what neighbours say, English."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from contract.releases import SearchEntry, SearchIndex
from offline_cache.search import LIMIT, Search, build


def entry(code: str, title: str, pinyin: str, en: str = "", **terms: list[str]) -> SearchEntry:
    initials = "".join(syllable[0] for syllable in pinyin.split())
    return SearchEntry(task_code=code, title=title, title_en=en, pinyin=pinyin, initials=initials, **terms)


ENTRIES = [
    entry(
        "proof", "参保证明打印", "can bao zheng ming da yin", "Insurance certificate",
        terms=["社保证明", "交社保的证明"],
        terms_pinyin=["she bao zheng ming", "jiao she bao de zheng ming"], terms_initials=["sbzm", "jsbdzm"],
    ),
    entry("flexible", "灵活就业人员参保登记", "ling huo jiu ye ren yuan can bao deng ji"),
    entry(
        "allowance", "最低生活保障申请", "zui di sheng huo bao zhang shen qing",
        terms=["低保"], terms_pinyin=["di bao"], terms_initials=["db"],
    ),
    entry("card", "老年人优待证申领", "lao nian ren you dai zheng shen ling", "Senior citizen card"),
    entry("fund", "住房公积金提取", "zhu fang gong ji jin ti qu", "Housing fund: withdrawal (A/B)"),
]  # fmt: skip


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    path = tmp_path_factory.mktemp("a folder") / "search.db"
    build(SearchIndex(entries=ENTRIES), path)
    return Search(path)


@pytest.mark.parametrize(
    ("query", "best"),
    [
        pytest.param("参保证明打印", "proof", id="whole title"),
        pytest.param("公积金", "fund", id="a word in the middle"),
        pytest.param("低保", "allowance", id="two characters neighbours say"),
        pytest.param("优", "card", id="one character in the middle"),
        pytest.param("取", "fund", id="one character, the last"),
        pytest.param("canbaozhengming", "proof", id="full pinyin"),
        pytest.param("can bao zheng", "proof", id="full pinyin with spaces"),
        pytest.param("LINGHUO", "flexible", id="pinyin in capitals"),
        pytest.param("sbzm", "proof", id="initials of a popular term"),
        pytest.param("zfgjj", "fund", id="initials of a title"),
        pytest.param("灵活就业参保", "flexible", id="words left out in the middle"),
        pytest.param("insurance", "proof", id="English"),
        pytest.param("Senior Citizen", "card", id="two English words"),
        pytest.param("老年人，优待证！", "card", id="punctuation"),
        pytest.param("ｓｂｚｍ", "proof", id="full-width letters"),
    ],
)
def test_an_item_is_found_by(search: Search, query: str, best: str) -> None:
    assert search.find(query)[0] == best


def test_a_title_comes_before_what_neighbours_call_something_else(search: Search) -> None:
    assert search.find("参保") == ["proof", "flexible"] or search.find("参保") == ["flexible", "proof"]
    assert search.find("保")[:1] != []
    assert set(search.find("保")) == {"proof", "flexible", "allowance"}


@pytest.mark.parametrize("query", ["", " ", "。，！", "\n"])
def test_an_empty_query_finds_nothing(search: Search, query: str) -> None:
    assert search.find(query) == []


@pytest.mark.parametrize("query", ["护照", "龘", "xyzzy", "参保护照"])
def test_what_is_not_there_is_not_found(search: Search, query: str) -> None:
    assert search.find(query) == []


@pytest.mark.parametrize(
    "query",
    [
        '"', '""', "'", "*", "参保*", "NEAR(参 保)", "参 AND", "OR NOT", "title:参保", "^参", "-参", "(", "a OR b",
        "{x}:y", "\\",
        "; drop table items", "%", "_", "\x00", "参\x00保", "\ud800", "😀", "𬭸", "𮯠保", "ﷺ", "İ", "½", "٣",
    ],
)  # fmt: skip
def test_no_query_text_is_ever_an_error(search: Search, query: str) -> None:
    assert isinstance(search.find(query), list)


def test_operators_of_the_search_engine_mean_nothing(search: Search) -> None:
    assert search.find('"参保"*证明') == search.find("参保证明")
    assert search.find("低保 OR 公积金") == []


@pytest.mark.parametrize("text", ["参保", "abcdefg", "参保证明打印灵活就业人员"], ids=["pair", "letters", "words"])
def test_a_very_long_query_is_answered_quickly(search: Search, text: str) -> None:
    began = time.perf_counter()
    search.find(text * 100_000)
    assert time.perf_counter() - began < 1


def test_only_as_many_as_a_screen_lists_are_found(tmp_path: Path) -> None:
    many = [entry(f"code {n}", f"第{n}项证明", "di xiang zheng ming") for n in range(LIMIT + 20)]
    build(SearchIndex(entries=many), tmp_path / "search.db")
    assert len(Search(tmp_path / "search.db").find("证明")) == LIMIT


def test_building_again_replaces_the_old_index(tmp_path: Path) -> None:
    path = tmp_path / "search.db"
    build(SearchIndex(entries=ENTRIES), path)
    build(SearchIndex(entries=ENTRIES[:1]), path)
    assert Search(path).find("公积金") == []
    assert Search(path).find("参保") == ["proof"]
