"""Patterns decide as Python's own matcher does, in bounded time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kiosk.forms.patterns import matches, read

ATOMS = some.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", "1", "^", "$", "海"])


def _grown(inner: some.SearchStrategy[str]) -> some.SearchStrategy[str]:
    repeats = some.sampled_from(["*", "+", "?", "{2}", "{1,2}", "*?"])
    group = inner.map(lambda one: f"({one})")
    return (
        some.tuples(inner, inner).map("".join)
        | some.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})")
        | some.tuples(group, repeats).map("".join)
    )


PATTERNS = some.recursive(ATOMS, _grown, max_leaves=6)


@given(PATTERNS, some.text("ab1海", max_size=6))
@settings(max_examples=600, deadline=None, derandomize=True)
def test_it_matches_what_pythons_matcher_matches(pattern: str, subject: str) -> None:
    assert matches(pattern, subject) == (re.fullmatch(pattern, subject) is not None)


@pytest.mark.parametrize("pattern", ["(", "[a", "*", r"(a)\1", "(?=a)", "a{9999}", "(a{99}){99}"])
def test_what_is_wrong_too_large_or_not_supported_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        read(pattern)


@pytest.mark.timeout(10)
def test_a_pattern_made_to_explode_is_answered_at_once() -> None:
    assert not matches("(a+)+b", "a" * 1000)


def test_full_width_digits_are_no_digits() -> None:
    assert matches(r"\d{3}", "123") and not matches(r"\d{3}", "１２３")
