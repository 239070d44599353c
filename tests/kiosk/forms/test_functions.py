"""Every function of a form, run by the engine inside a form, with what the ODK specification says it gives."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest

from kiosk.forms import Form, FormError
from kiosk.forms.functions import FUNCTIONS, NATIVE

VALUES = {
    "five": "5",
    "half": "2.5",
    "minus": "-7.5",
    "word": "海湾abc",
    "many": "a b c",
    "birth": "1992-03-18",
    "empty": "",
}
KINDS = {"five": "int", "half": "decimal", "minus": "decimal", "birth": "date"}


def compute(expression: str) -> str:
    """The answer of a calculation over VALUES; `$name` stands for a question."""
    expression = re.sub(r"\$(\w+)", r"/data/\1", expression)
    escaped = expression.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    nodes = "".join(f"<{name}>{value}</{name}>" for name, value in VALUES.items())
    binds = "".join(f'<bind nodeset="/data/{name}" type="{KINDS.get(name, "string")}"/>' for name in VALUES)
    xml = (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>T</h:title>'
        f'<model><instance><data id="t">{nodes}<out/></data></instance>{binds}'
        f'<bind nodeset="/data/out" calculate="{escaped}"/></model></h:head>'
        '<h:body><input ref="/data/empty"><label>E</label></input></h:body></h:html>'
    )
    return Form.load(xml.encode()).start().value("/data/out")


TODAY = date.today()
CASES = [
    ("if", "if($five > 3, 'yes', 'no')", "yes"),
    ("if", "if($five < 3, 'yes', 'no')", "no"),
    ("if", "if($empty = '', 1, 2)", "1"),
    ("coalesce", "coalesce($empty, $word)", "海湾abc"),
    ("coalesce", "coalesce($word, $five)", "海湾abc"),
    ("coalesce", "coalesce($empty, '')", ""),
    ("once", "once('first')", "first"),
    ("selected", "if(selected($many, 'b'), 1, 0)", "1"),
    ("selected", "if(selected($many, 'd'), 1, 0)", "0"),
    ("selected", "if(selected($empty, ''), 1, 0)", "0"),
    ("selected-at", "selected-at($many, 1)", "b"),
    ("selected-at", "selected-at($many, 3)", ""),
    ("selected-at", "selected-at($many, -1)", ""),
    ("selected-at", "selected-at($many, 'x')", ""),
    ("count-selected", "count-selected($many)", "3"),
    ("count-selected", "count-selected($empty)", "0"),
    ("regex", "if(regex($word, '[海湾]+[a-c]{3}'), 1, 0)", "1"),
    ("regex", "if(regex($word, '海湾'), 1, 0)", "0"),
    ("round", "round($minus * 1.01, 1)", "-7.6"),
    ("round", "round(2.5)", "3"),
    ("round", "round(1.005, 2)", "1.01"),
    ("round", "round(1234, -2)", "1200"),
    ("round", "round(5001 * 0.295, 2)", "1475.3"),
    ("round", "round($empty, 2)", ""),
    ("round", "round(1 div 0)", ""),
    ("int", "int($minus)", "-7"),
    ("int", "int($half)", "2"),
    ("int", "int($empty)", ""),
    ("int", "int('infinity')", ""),
    ("int", "int(1 div 0)", ""),
    ("int", "int('1_000')", ""),
    ("pow", "pow($five, 3)", "125"),
    ("pow", "pow(0, -1)", ""),
    ("pow", "pow(-8, 0.5)", ""),
    ("pow", "pow(10, 999)", ""),
    ("abs", "abs($minus)", "7.5"),
    ("min", "min($five, $half, 9)", "2.5"),
    ("max", "max($five, $half, $minus)", "5"),
    ("max", "max($empty, 3)", ""),
    ("max", "max(3, $empty)", ""),
    ("min", "min(3, $empty)", ""),
    ("today", "today()", TODAY.isoformat()),
    ("today", "format-date(today(), '%Y')", str(TODAY.year)),
    ("now", "if(now() >= today() and now() < today() + 1, 1, 0)", "1"),
    ("date", "date('2026-11-21')", "2026-11-21"),
    ("date", "date($birth + 30)", "1992-04-17"),
    ("date", "date('nonsense')", ""),
    ("date", "date('2026-02-30')", ""),
    ("date", "date(999999999)", ""),
    ("date", "date(1 div 0)", ""),
    ("date", "date('2026-11-21') - date('2026-11-01')", "20"),
    ("today", "today() - today()", "0"),
    ("decimal-date-time", "decimal-date-time('1970-01-11')", "10"),
    ("days", "days('1970-01-02')", "1"),
    ("format-date", "format-date($birth, '%Y年%n月%e日')", "1992年3月18日"),
    ("format-date", "format-date($birth, '%Y-%m-%d')", "1992-03-18"),
    ("format-date", "format-date($empty, '%Y')", ""),
    ("format-date", "format-date(999999999, '%Y')", ""),
    ("string-length", "string-length($word)", "5"),
    ("string-length", "string-length($empty)", "0"),
    ("substr", "substr($word, 1, 3)", "湾a"),
    ("substr", "substr($word, 3)", "bc"),
    ("substr", "substr($word, -2)", "bc"),
    ("substr", "substr($word, 'x')", ""),
    ("ends-with", "if(ends-with($word, 'bc'), 1, 0)", "1"),
    ("ends-with", "if(ends-with($word, 'x'), 1, 0)", "0"),
    ("true", "if(true(), 1, 0)", "1"),
    ("false", "if(false(), 1, 0)", "0"),
    ("concat", "concat($word, '-', $five)", "海湾abc-5"),
    ("contains", "if(contains($word, '湾a'), 1, 0)", "1"),
    ("starts-with", "if(starts-with($word, '海'), 1, 0)", "1"),
    ("substring", "substring($word, 2, 2)", "湾a"),
    ("substring-before", "substring-before($birth, '-')", "1992"),
    ("substring-after", "substring-after($birth, '-')", "03-18"),
    ("normalize-space", "normalize-space('  a   b ')", "a b"),
    ("translate", "translate($word, 'abc', 'ABC')", "海湾ABC"),
    ("string", "string($five + 1)", "6"),
    ("number", "number('7') + 1", "8"),
    ("number", "number('nonsense')", ""),
    ("boolean", "if(boolean(0), 1, 0)", "0"),
    ("not", "if(not(1 = 2), 1, 0)", "1"),
    ("sum", "sum(/data/five | /data/half)", "7.5"),
    ("count", "count(/data/*)", str(len(VALUES) + 1)),
    ("floor", "floor($minus)", "-8"),
    ("ceiling", "ceiling($minus)", "-7"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "expression", "expected"), CASES, ids=[expression for _, expression, _ in CASES])
def test_a_function_gives_what_the_specification_says(name: str, expression: str, expected: str) -> None:
    assert name in expression
    assert compute(expression) == expected


def test_uuid_gives_another_each_time() -> None:
    first, second = compute("uuid()"), compute("uuid()")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", first) and first != second


def test_no_function_is_left_untested() -> None:
    assert {name for name, *_ in CASES} | {"uuid"} == set(FUNCTIONS) | NATIVE


def test_numbers_are_written_without_exponent_and_trailing_zeros() -> None:
    assert compute("0.1 + 0.2") == "0.3"
    assert compute("1000000 * 1000000") == "1000000000000"
    assert compute("2.50") == "2.5"
    assert compute("1 div 3") == "0.3333333333"


@pytest.mark.parametrize(
    "pattern", ["(a+)+b", "(a|a)*b", "(a*)*b", "(.*)*b", "(a|aa)+b", "a*a*a*a*a*a*b", "((a{1,9}){1,9}){1,9}b"]
)
def test_a_hostile_pattern_takes_no_longer_than_a_citizen_waits(pattern: str) -> None:
    began = time.perf_counter()
    try:
        compute(f"if(regex('{'a' * 200}', '{pattern}'), 1, 0)")
    except FormError as refused:
        assert "pattern" in str(refused)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    "pattern",
    ["^[0-9]{17}[0-9Xx]$", "^1[3-9][0-9]{9}$", "^[0-9A-Za-z]{8,18}$", r"(\d{3}-)?\d+", "(甲|乙|丙).*", "[^@]+@[^@]+"],
)
def test_ordinary_patterns_are_taken(pattern: str) -> None:
    assert compute(f"if(regex($word, '{pattern}'), 1, 0)") == "0"


def test_a_broken_pattern_is_refused_when_the_form_is_loaded() -> None:
    with pytest.raises(FormError, match="pattern"):
        compute("if(regex($word, '[a'), 1, 0)")
