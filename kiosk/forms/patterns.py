"""Regular expressions of a form, matched in bounded time: `re` reads them, and all ways to match are tried together.

Python's own matcher tries one way after the other, and an answer of thirty letters can keep `(a+)+b` busy for years.
Here the set of places reached so far is carried through the pattern, so that nothing is tried twice.
"""

from __future__ import annotations

import re
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

#: steps of a pattern when its counted repeats are written out; an ID number needs 18
STEPS_LIMIT = 2000
_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S", op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip
_ONE = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)


@lru_cache(maxsize=256)
def read(pattern: str) -> Any:
    """The pattern, ready for `matches`. Raises ValueError for one that is wrong, too large or not supported."""
    try:
        parsed = _parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"the pattern “{pattern[:60]}” cannot be read ({error})") from None
    if parsed.state.flags & ~re.UNICODE or _steps(parsed) > STEPS_LIMIT:
        raise ValueError(f"the pattern “{pattern[:60]}” is too large or has flags")
    return parsed


def matches(pattern: str, subject: str) -> bool:
    """Whether the whole `subject` matches. Raises ValueError as `read` does."""
    return len(subject) in _ends(read(pattern), subject, {0})


def _steps(parsed: Any) -> int:
    total = 0
    for kind, value in parsed:
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
            low, high, body = value
            total += _steps(body) * max(low, 1 if high is op.MAXREPEAT else high, 1)
        elif kind is op.SUBPATTERN and not value[1] and not value[2]:
            total += _steps(value[3])
        elif kind is op.BRANCH:
            total += sum(_steps(one) for one in value[1])
        elif kind in _ONE or value in (op.AT_BEGINNING, op.AT_END):
            total += 1
        else:
            raise ValueError(f"the pattern holds {kind}, which is not supported".lower())
    return total


def _ends(parsed: Any, subject: str, places: set[int]) -> set[int]:
    """Where in `subject` one can be after `parsed`, having been at one of `places` before."""
    for kind, value in parsed:
        if kind in _ONE:
            places = {place + 1 for place in places if place < len(subject) and _is(kind, value, subject[place])}
        elif kind is op.AT:
            places = places & {0 if value is op.AT_BEGINNING else len(subject)}
        elif kind is op.SUBPATTERN:
            places = _ends(value[3], subject, places)
        elif kind is op.BRANCH:
            places = set().union(*(_ends(one, subject, places) for one in value[1]))
        else:
            low, high, body = value
            places = _repeated(low, high, body, subject, places)
        if not places:
            break
    return places


def _repeated(low: int, high: int, body: Any, subject: str, places: set[int]) -> set[int]:
    for _ in range(low):
        places = _ends(body, subject, places)
    reached, newest, times = set(places), places, low
    while newest and times < high:
        newest = _ends(body, subject, newest) - reached
        reached |= newest
        times += 1
    return reached


def _is(kind: Any, value: Any, character: str) -> bool:
    if kind is op.ANY:
        return character != "\n"
    if kind is not op.IN:
        return (ord(character) == value) == (kind is op.LITERAL)
    negated = value[0][0] is op.NEGATE
    return any(_holds(part, said, character) for part, said in value[negated:]) != negated


def _holds(kind: Any, value: Any, character: str) -> bool:
    if kind is op.RANGE:
        return bool(value[0] <= ord(character) <= value[1])
    if kind is op.CATEGORY:
        return re.match(_CATEGORIES[value], character) is not None
    return bool(ord(character) == value)
