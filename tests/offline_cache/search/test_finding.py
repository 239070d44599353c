"""Search: by words, pieces of words, pinyin, initials, what neighbours say, topics, English; errors are forgiven."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from contract.codes import ServerType
from contract.releases import SearchEntry, SearchIndex
from fleet.catalogue import pinyin as platform
from offline_cache.search import LIMIT, Search, Why, build


def entry(code: str, title: str, pinyin: str, en: str = "", **more: Any) -> SearchEntry:
    return SearchEntry(task_code=code, title=title, title_en=en, pinyin=pinyin, **more)


ENTRIES = [
    entry(
        "proof", "参保证明打印", "can bao zheng ming da yin", "Insurance certificate",
        terms=["社保证明", "交社保的证明"],
        terms_pinyin=["she bao zheng ming", "jiao she bao de zheng ming"],
        topics=["海湾市人社局"], topics_pinyin=["hai wan shi ren she ju"],
        theme="work", dept_code="D1", server_types=[ServerType.PERSON, ServerType.COMPANY],
    ),
    entry(
        "flexible", "灵活就业人员参保登记", "ling huo jiu ye ren yuan can bao deng ji",
        theme="work", dept_code="D1", server_types=[ServerType.PERSON],
    ),
    entry(
        "allowance", "最低生活保障申请", "zui di sheng huo bao zhang shen qing",
        terms=["低保"], terms_pinyin=["di bao"],
        synonyms=["困难补助"], synonyms_pinyin=["kun nan bu zhu"],
        topics=["海湾市民政局", "养老"], topics_pinyin=["hai wan shi min zheng ju", "yang lao"],
        theme="help", dept_code="D2", server_types=[ServerType.PERSON],
    ),
    entry("card", "老年人优待证申领", "lao nian ren you dai zheng shen ling", "Senior citizen card"),
    entry("fund", "住房公积金提取", "zhu fang gong ji jin ti qu", "Housing fund: withdrawal (A/B)"),
    entry("rare", "𠮷祥里ETC（60岁）办理", "𠮷 xiang li etc 60 sui ban li"),
]  # fmt: skip


def codes(search: Search, query: str, **of: Any) -> list[str]:
    return [each.task_code for each in search.find(query, **of)]


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    path = tmp_path_factory.mktemp("a folder") / "search.db"
    build(SearchIndex(entries=ENTRIES, sounds=platform.sounds()), path)
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
        pytest.param("lhjycb", "flexible", id="initials of words left out in the middle"),
        pytest.param("住房公金提取", "fund", id="a character missing"),
        pytest.param("住房公公积金", "fund", id="a character doubled"),
        pytest.param("insurance", "proof", id="English"),
        pytest.param("Senior Citizen", "card", id="two English words"),
        pytest.param("老年人，优待证！", "card", id="punctuation"),
        pytest.param("ｓｂｚｍ", "proof", id="full-width letters"),
        pytest.param("can bao zheng m", "proof", id="a syllable half typed"),
        pytest.param("canbaozhengmi", "proof", id="a syllable half typed, without spaces"),
        pytest.param("canbzm", "proof", id="syllables and initials"),
        pytest.param("参保zhengm", "proof", id="characters and syllables"),
        pytest.param("参bao证明", "proof", id="a syllable between characters"),
        pytest.param("公积jin", "fund", id="the last character not yet chosen"),
        pytest.param("困难补助", "allowance", id="a synonym"),
        pytest.param("民政局", "allowance", id="a department"),
        pytest.param("minzhengju", "allowance", id="a department in pinyin"),
        pytest.param("民政局 低保", "allowance", id="a department and a word"),
        pytest.param("民政局 shenqing", "allowance", id="a department and pinyin"),
        pytest.param("养老", "allowance", id="a life event"),
        pytest.param("withdraw", "fund", id="an English word half typed"),
        pytest.param("𠮷", "rare", id="a rare character"),
        pytest.param("etc", "rare", id="letters in a title"),
        pytest.param("60岁", "rare", id="digits"),
    ],
)
def test_an_item_is_found_by(search: Search, query: str, best: str) -> None:
    found = search.find(query)[0]
    assert found.task_code == best
    assert not found.why.guessed


@pytest.mark.parametrize(
    ("query", "meant", "why"),
    [
        pytest.param("公及金", "fund", Why.SOUND, id="a homophone"),
        pytest.param("低宝", "allowance", Why.SOUND, id="a homophone of two characters"),
        pytest.param("canbaozenmin", "proof", Why.SOUND, id="z for zh, n for ng"),
        pytest.param("laonianrenyudai", "card", Why.TYPING, id="a letter missing"),
        pytest.param("niuhuojiuye", "flexible", Why.TYPING, id="n for l, and a letter wrong"),
        pytest.param("zuidishneghuo", "allowance", Why.TYPING, id="two letters swapped"),
        pytest.param("withdrawwal", "fund", Why.TYPING, id="an English letter doubled"),
        pytest.param("最低生话保障", "allowance", Why.TYPING, id="a wrong character"),
        pytest.param("最底生活保樟", "allowance", Why.SOUND, id="two wrong characters of the same sound"),
        pytest.param("老年人尤侍证", "card", Why.SIMILAR, id="two characters drawn alike"),
        pytest.param("老年人优侍证", "card", Why.TYPING, id="a character drawn alike"),
        pytest.param("住房公积提取金", "fund", Why.SIMILAR, id="a character in a wrong place"),
        pytest.param("住房积公金", "fund", Why.TYPING, id="two characters swapped"),
        pytest.param("公金积", "fund", Why.TYPING, id="two of three swapped"),
    ],
)
def test_an_error_is_forgiven_and_said(search: Search, query: str, meant: str, why: Why) -> None:
    found = search.find(query)
    assert (found[0].task_code, found[0].why) == (meant, why)
    assert all(each.why.guessed for each in found)


def test_what_fits_is_never_mixed_with_guesses(search: Search) -> None:
    """提起 sounds as 提取 does; 提取 is there."""
    assert {each.why.guessed for each in search.find("提取")} == {False}


@pytest.mark.parametrize(
    ("of", "left"),
    [
        ({"audience": ServerType.COMPANY}, ["proof"]),
        ({"theme": "help"}, ["allowance"]),
        ({"department": "D1"}, ["proof", "flexible"]),
        ({"department": "D1", "audience": ServerType.COMPANY}, ["proof"]),
        ({"theme": "none such"}, []),
    ],
)
def test_one_may_look_among_some_only(search: Search, of: dict[str, Any], left: list[str]) -> None:
    assert codes(search, "保", **of) == left


def test_as_a_citizen_expects(tmp_path: Path) -> None:
    said: dict[str, Any] = {"pinyin": "x"}
    entries = [
        SearchEntry(task_code="topic", title="甲", topics=["证明"], **said),
        SearchEntry(task_code="synonym", title="乙", synonyms=["证明"], **said),
        SearchEntry(task_code="term part", title="丙", terms=["打证明"], **said),
        SearchEntry(task_code="part", title="参保证明打印", **said),
        SearchEntry(task_code="term", title="丁", terms=["证明"], **said),
        SearchEntry(task_code="beginning", title="证明打印", **said),
        SearchEntry(task_code="whole", title="证明", **said),
    ]
    build(SearchIndex(entries=entries), tmp_path / "search.db")
    wanted = ["whole", "beginning", "term", "part", "term part", "synonym", "topic"]
    few, many = Search(tmp_path / "search.db"), Search(tmp_path / "search.db")
    assert codes(few, "证明") == wanted
    # more than are asked for: the index is asked for each kind by itself
    assert codes(many, "证明", limit=6) == wanted[:6]


def test_among_equals_the_order_of_the_release_counts(tmp_path: Path) -> None:
    entries = [entry(f"{n}", f"{'很' * (5 - n)}长的证明", "zheng ming") for n in range(5)]
    build(SearchIndex(entries=entries), tmp_path / "search.db")
    assert codes(Search(tmp_path / "search.db"), "证明") == ["0", "1", "2", "3", "4"]


def test_an_index_of_older_software_is_made_again(tmp_path: Path) -> None:
    index = SearchIndex(entries=ENTRIES)
    (tmp_path / "search.json").write_text(index.model_dump_json())
    build(index, tmp_path / "search.db")
    with contextlib.closing(sqlite3.connect(tmp_path / "search.db")) as db:
        db.executescript("drop table words; pragma user_version = 1")
    assert codes(Search(tmp_path / "search.db"), "公积金") == ["fund"]
    assert codes(Search(tmp_path / "search.db"), "公积金") == ["fund"]


def test_a_title_comes_before_what_neighbours_call_something_else(search: Search) -> None:
    assert codes(search, "参保") == ["proof", "flexible"]
    assert set(codes(search, "保")) == {"proof", "flexible", "allowance"}


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
    assert codes(Search(path), "参保") == ["proof"]
