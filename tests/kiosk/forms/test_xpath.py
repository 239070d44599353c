"""Expressions: what they mean, beside libxml2 where ODK means the same as XPath 1.0, and what cannot be read."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kiosk.forms.budget import Budget
from kiosk.forms.declaration import Declaration, Repeat
from kiosk.forms.errors import ExpressionError, FormError
from kiosk.forms.node import Node
from kiosk.forms.xpath.expression import Expression
from kiosk.forms.xpath.parser import DEPTH_LIMIT, OPERATOR_LIMIT, parse
from kiosk.forms.xpath.tokens import LENGTH_LIMIT

VALUES = {"a": "7", "b": "2.5", "c": "海湾", "d": "", "e": "-3"}


class Form:
    """A declared tree with a repeat, and one instance of it."""

    def __init__(self) -> None:
        self.root = Declaration("data", None)
        self.instances: dict[str, object] = {}
        for name, value in VALUES.items():
            self.root.children[name] = Declaration(name, self.root, value)
        repeat = self.root.children["r"] = Declaration("r", self.root, repeat=Repeat())
        repeat.children["x"] = Declaration("x", repeat)
        self.node = Node(self.root, None)
        for name in VALUES:
            self.node.children.append(Node(self.root.children[name], self.node))
        for value in ("1", "2", "30"):
            one = Node(repeat, self.node)
            one.children.append(Node(repeat.children["x"], one))
            one.children[0].value = value
            self.node.children.append(one)


FORM = Form()


class World:
    """What expressions need of a session."""

    root = FORM.node
    language = "zh"
    budget = Budget()


PLAIN = etree.fromstring(
    "<data>" + "".join(f"<{name}>{value}</{name}>" for name, value in VALUES.items())
    + "".join(f"<r><x>{value}</x></r>" for value in (1, 2, 30)) + "</data>"
)  # fmt: skip


def ours(source: str) -> object:
    place = FORM.root.children["a"]
    World.budget.renew()
    return Expression(source, place, "calculate", FORM).value(FORM.node.children[0], World())  # type: ignore[arg-type]


def same(one: object, other: object) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return [node.text for node in one] == [node.text or "" for node in other]
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-12) or (math.isnan(one) and math.isnan(other))
    return type(one) is type(other) and one == other


numbers = st.one_of(st.integers(0, 99).map(str), st.sampled_from(["0.5", "12.25", ".5"]))
names = st.sampled_from(["/data/a", "/data/b", "/data/e", "../b", "../e", ".", "/data/r/x", "//x", "../r[2]/x"])
texts = st.sampled_from(["'海'", '"7"', "''", "/data/c", "/data/a", "../c"])


def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    # divisions give digits that are written differently
    exact = inner.filter(lambda one: "div" not in one and "*" not in one)
    whole = st.tuples(exact, exact)
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "div", "mod"]), inner).map(" ".join),
        st.tuples(inner, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), inner).map(" ".join),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join),
        inner.map(lambda one: f"({one})"),
        inner.map(lambda one: f"-({one})"),
        inner.map(lambda one: f"not({one})"),
        inner.map(lambda one: f"floor({one})"),
        inner.map(lambda one: f"number({one})"),
        whole.map(lambda two: f"concat(string({two[0]}), string({two[1]}))"),
        whole.map(lambda two: f"contains(string({two[0]}), string({two[1]}))"),
        whole.map(lambda two: f"substring-before(string({two[0]}), string({two[1]}))"),
        inner.map(lambda one: f"count(/data/r[x > {one if one[0].isdigit() else 1}])"),
        st.just("sum(/data/r/x)"),
        st.just("count(../r | ../a)"),
    )


@settings(max_examples=400, deadline=None)
@given(st.recursive(st.one_of(numbers, names, texts), deeper, max_leaves=9))
def test_it_means_what_libxml2_says_wherever_odk_means_xpath(source: str) -> None:
    """What ODK wants otherwise is kept out: no dates, no empty node-sets; and of numbers written as texts libxml2
    gives 15 digits and exponents, an answer ten and none."""
    theirs = PLAIN[0].xpath(source)
    theirs = theirs if isinstance(theirs, bool | float | list) else str(theirs)
    assert same(ours(source), theirs), source


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("2 + 3 * 4", 14.0), ("(2 + 3) * 4", 20.0), ("10 - 4 - 3", 3.0), ("7 mod 4", 3.0), ("-7 mod 4", -3.0),
        ("8 div 2 div 2", 2.0), ("1 < 2 = true()", True), ("--3", 3.0), ("2 * -3", -6.0),
        ("1 = 1 or 1 div 0 > 5", True), ("'a' = \"a\"", True), ("'2' = 2", True), ("'2.0' = '2'", False),
        ("/data/*[3]", "海湾"), ("../r[1]/x", "1"), ("../r[last()]/x", "30"), ("../r[x = 2]/x", "2"),
        ("../r[position() > 1][1]/x", "2"), ("count(../r[x mod 2 = 0])", 2.0), ("../a/../b", "2.5"),
        ("self::node()", "7"), ("parent::data/a", "7"), ("parent::*/b", "2.5"),
        ("/data/div", None), ("../a div ../e * -3", 7.0), ("../a*2", 14.0), ("../a -2", 5.0), ("3-2", 1.0),
        ("/data/c = '海湾' and ../d = ''", True), ("'2026-01-31' + 1", 20485.0), ("'2026-01-31' < '2026-02-01'", True),
        ("date('2026-01-31') = '2026-01-31'", True), ("'2026-01-31' > 'x'", False),
    ],
)  # fmt: skip
def test_an_expression_means(source: str, expected: object) -> None:
    if expected is None:
        with pytest.raises(FormError):
            ours(source)
        return
    found = ours(source)
    assert (found[0].text if isinstance(found, list) and found else "" if found == [] else found) == expected


@pytest.mark.parametrize(
    "source",
    ["", " ", "1 +", "* 2", "(", ")", "a b", "1 2", "/", "/data/", "//", "[1]", "a[", "a[]", "f(", "'x", "a//", "..a",
     "a::b", "@a", "$a", "a,b", "!", "1 ! 2", "a = = b", "not", "text()", "a/text()", "ancestor::a", "following::a",
     "1.2.3", "()", "concat(,)", "a|", "（1）", "\x00"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(source: str) -> None:
    with pytest.raises((ExpressionError, FormError)):
        parse(source)
        ours(source)


def test_limits() -> None:
    parse("(" * DEPTH_LIMIT + "1" + ")" * DEPTH_LIMIT)
    parse(" + ".join("1" * (OPERATOR_LIMIT + 1)))
    for source in (
        "(" * (DEPTH_LIMIT + 1) + "1" + ")" * (DEPTH_LIMIT + 1),
        " + ".join("1" * (OPERATOR_LIMIT + 2)),
        "a[" * (DEPTH_LIMIT + 1) + "1" + "]" * (DEPTH_LIMIT + 1),
        "'" + "x" * LENGTH_LIMIT + "'",
    ):
        with pytest.raises(ExpressionError):
            parse(source)


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet="abr/.[]()|*-+='\"<>!,$@: 1海 not div and position", max_size=60))
def test_no_text_does_anything_but_be_read_or_refused(source: str) -> None:
    try:
        found = ours(source)
    except (ExpressionError, FormError):
        return
    assert isinstance(found, str | float | bool | list)
