"""The forms engine: a large form, one answer to a stable form, and a list of 100,000 rows.

Peers: libxml2 (through lxml) walking the same list by XPath, and computing the same rules one after the other, as an
engine without a dependency graph would.
"""

from __future__ import annotations

import random
import time
import tracemalloc
from pathlib import Path

from lxml import etree
from pyxform.xls2xform import convert

from benchmarks.figures import Figure, milliseconds
from kiosk.forms import Form

FORM = Path(__file__).resolve().parents[1] / "fleet" / "sample_city" / "forms" / "flexible_employment.xlsx"
#: the aims of the house: one answer, p95; a list's loading and filtering
ANSWER_LIMIT_MS, LIST_LIMIT_MS, FILTER_LIMIT_MS = 5.0, 2_000.0, 50.0
#: a page must be there before a citizen wonders
LOAD_LIMIT_MS = 100.0
QUESTIONS, RULES, ROWS = 300, 200, 100_000


def large_form() -> bytes:
    """300 questions in 30 pages; 100 are relevant by an earlier answer, 60 have constraints, 40 more calculate sums of
    sums of them."""
    binds, nodes, pages = [], [], []
    for number in range(QUESTIONS):
        rules = ""
        if number % 3 == 2:
            rules = f" relevant=\"/data/q{number - 2} &gt; 0 and (/data/q{number - 1} != '' or /data/q0 &lt; 50)\""
        elif number % 5 == 0:
            rules = ' constraint=". &gt;= 0 and . &lt;= 1000"'
        binds.append(f'<bind nodeset="/data/q{number}" type="int"{rules}/>')
        nodes.append(f"<q{number}>1</q{number}>")
    for number in range(40):
        terms = " + ".join(f"/data/q{place}" for place in range(number, QUESTIONS, 40))
        before = f" + /data/c{number - 1}" if number else ""
        binds.append(f'<bind nodeset="/data/c{number}" calculate="{terms}{before}"/>')
        nodes.append(f"<c{number}/>")
    for page in range(0, QUESTIONS, 10):
        asked = "".join(
            f'<input ref="/data/q{number}"><label>Question {number}</label></input>'
            for number in range(page, page + 10)
        )
        pages.append(f'<group appearance="field-list"><label>Page {page}</label>{asked}</group>')
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>L</h:title>'
        f'<model><instance><data id="large" version="1">{"".join(nodes)}</data></instance>{"".join(binds)}</model>'
        f"</h:head><h:body>{''.join(pages)}</h:body></h:html>"
    ).encode()


def list_form() -> tuple[bytes, bytes]:
    """A form with a cascade over a list of 100,000 towns in 3,000 counties, and the list."""
    lines = ["name,label,county"]
    lines += [f"t{number},示例镇{number},c{number % 3000}" for number in range(ROWS)]
    xml = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>L</h:title>'
        '<model><instance><data id="list" version="1"><county/><town/></data></instance>'
        '<instance id="towns" src="jr://file-csv/towns.csv"/><bind nodeset="/data/county"/><bind nodeset="/data/town"/>'
        '</model></h:head><h:body><input ref="/data/county"><label>C</label></input><select1 ref="/data/town">'
        """<label>T</label><itemset nodeset="instance('towns')/root/item[county = /data/county]">"""
        '<value ref="name"/><label ref="label"/></itemset></select1></h:body></h:html>'
    )
    return xml.encode(), "\n".join(lines).encode()


def _all_rules(xml: bytes) -> float:
    """Every rule of the large form computed once by libxml2, in ms: the 95th percentile of 40."""
    root = etree.fromstring(xml)
    data = next(root.iter("{*}instance"))[0]
    plain = etree.fromstring(etree.tostring(data).replace(b' xmlns="http://www.w3.org/2002/xforms"', b""))
    rules = [
        etree.XPath(rule)
        for bind in root.iter("{*}bind")
        for rule in (bind.get("relevant"), bind.get("constraint"), bind.get("calculate"))
        if rule
    ]
    return milliseconds(lambda: [rule(plain[0]) for rule in rules], 40)[1]


def _walked(csv: bytes) -> float:
    """The same filter by libxml2 over the list as XML, in ms."""
    rows = (line.split(",") for line in csv.decode().splitlines()[1:])
    items = "".join(f"<item><name>{n}</name><label>{t}</label><county>{c}</county></item>" for n, t, c in rows)
    root = etree.fromstring(f"<root>{items}</root>")
    find = etree.XPath("item[county = $county]")
    return milliseconds(lambda: find(root, county=f"c{random.randrange(3000)}"), 20)[1]


def run() -> list[Figure]:
    """95th percentiles; memory by tracemalloc."""
    xml = convert(str(FORM)).xform.encode()
    load = milliseconds(lambda: Form.load(xml), 20)
    large = large_form()
    large_load = milliseconds(lambda: Form.load(large), 10)
    tracemalloc.start()
    form = Form.load(large)
    session = form.start()
    large_memory = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    turn = iter(range(10_000_000))

    def answer() -> None:
        number = next(turn)
        session.answer(f"/data/q{number * 7 % QUESTIONS}", str(number % 100))

    answers = milliseconds(answer, 3_000)
    page = milliseconds(lambda: session.page, 100)
    list_xml, csv = list_form()
    began = time.perf_counter()
    loaded = Form.load(list_xml, lambda address: csv)
    list_load = (time.perf_counter() - began) * 1e3
    tracemalloc.start()
    kept = Form.load(list_xml, lambda address: csv)
    list_memory = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    towns = loaded.start()
    began = time.perf_counter()
    towns.answer("/data/county", "c1")
    towns.pages()
    first = (time.perf_counter() - began) * 1e3

    def cascade() -> None:
        towns.answer("/data/county", f"c{random.randrange(3000)}")
        assert towns.pages()[1].questions[0].choice_count in (33, 34)

    filtered = milliseconds(cascade, 200)
    searched = milliseconds(lambda: towns.search("/data/town", "镇9"), 50)
    assert kept.questions
    return [
        Figure("loading the sample form, p95", load[1], "limit", LOAD_LIMIT_MS, "ms"),
        Figure("loading 300 questions, 200 rules, p95", large_load[1], "limit", LOAD_LIMIT_MS, "ms"),
        Figure("one answer of 300 to a stable form, p95", answers[1], "limit", ANSWER_LIMIT_MS, "ms"),
        Figure("one answer of 300, p95, beside all rules by libxml2", answers[1], "libxml2", _all_rules(large), "ms"),
        Figure("the page shown after it, p95", page[1], "limit", ANSWER_LIMIT_MS, "ms"),
        Figure("a form and session of 300 questions", large_memory, "limit", 50.0, "MB"),
        Figure("loading a list of 100,000 rows", list_load, "limit", LIST_LIMIT_MS, "ms"),
        Figure("the list in memory", list_memory, "limit", 200.0, "MB"),
        Figure("the first filter, which makes the index", first, "limit", FILTER_LIMIT_MS, "ms"),
        Figure("answer and filtered list of 100,000, p95", filtered[1], "limit", FILTER_LIMIT_MS, "ms"),
        Figure("the same filter, p95, beside libxml2's walk", filtered[1], "libxml2", _walked(csv), "ms"),
        Figure("search in the county's towns, p95", searched[1], "limit", FILTER_LIMIT_MS, "ms"),
    ]
