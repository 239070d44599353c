"""Long lists: found by what they say and by pinyin."""

from __future__ import annotations

import pytest

from kiosk.forms import Form, FormSession
from kiosk.journey.choice_search import SHOWN, find

NAMES = [
    "中国工商银行",
    "中国农业银行",
    "青岛银行",
    "青岛农商银行",
    "齐鲁银行",
    "ABC Bank",
    *(f"第{n}村镇银行" for n in range(40)),
]
FORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>
<h:title>t</h:title><model><instance><data id="t" version="1"><bank/></data></instance>
<bind nodeset="/data/bank" type="string"/></model></h:head><h:body><select1 ref="/data/bank"><label>bank</label>
{items}</select1></h:body></h:html>"""


@pytest.fixture(scope="module")
def session() -> FormSession:
    items = "".join(f"<item><label>{name}</label><value>b{n}</value></item>" for n, name in enumerate(NAMES))
    return Form.load(FORM.format(items=items).encode()).start()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("青岛", ["青岛银行", "青岛农商银行"]),
        ("qdns", ["青岛农商银行"]),
        ("qilu", ["齐鲁银行"]),
        ("QL", ["齐鲁银行"]),
        ("abc", ["ABC Bank"]),
        ("没有", []),
    ],
)
def test_found(session: FormSession, query: str, found: list[str]) -> None:
    choices, count = find(session, "/data/bank", query, len(NAMES))
    assert [choice.label for choice in choices] == found
    assert count == len(found)


def test_nothing_searched_for_shows_the_first_and_says_how_many_there_are(session: FormSession) -> None:
    choices, count = find(session, "/data/bank", " ", len(NAMES))
    assert [choice.label for choice in choices] == NAMES[:SHOWN]
    assert count == len(NAMES)


def test_more_than_can_be_shown(session: FormSession) -> None:
    for query in ("村镇", "czyh"):
        choices, count = find(session, "/data/bank", query, len(NAMES))
        assert len(choices) == SHOWN < count
