"""The order a citizen expects, and why an item is in a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """What made an item be found. The last three are guesses: nothing fitted what was typed."""

    TITLE = "title"
    TERM = "term"
    SYNONYM = "synonym"
    ENGLISH = "english"
    TOPIC = "topic"
    PINYIN = "pinyin"
    INITIALS = "initials"
    #: all of it is there, but not in a row
    WORDS = "words"
    #: sounds so
    SOUND = "sound"
    #: but for one character wrong, missing, too many, or two that changed places
    TYPING = "typing"
    #: much of it is there
    SIMILAR = "similar"

    @property
    def guessed(self) -> bool:
        """Whether nothing fits what was typed."""
        return self in (Why.SOUND, Why.TYPING, Why.SIMILAR)


@dataclass(frozen=True)
class Found:
    """An item, and why."""

    task_code: str
    title: str
    why: Why


#: best first: the column of the index, how the query stands in a text of it, and the reason to give for it
TIERS = (
    ("title", "whole", Why.TITLE),
    ("title", "beginning", Why.TITLE),
    ("terms", "whole", Why.TERM),
    ("title", "part", Why.TITLE),
    ("terms", "part", Why.TERM),
    ("synonyms", "part", Why.SYNONYM),
    ("topics", "part", Why.TOPIC),
)


def tier(query: str, columns: Sequence[Sequence[str]]) -> int:
    """The first of `TIERS` that `query` reaches in an item's texts; their number where it reaches none."""
    (title, *_), terms, synonyms, topics = columns
    reached = (
        title == query,
        title.startswith(query),
        query in terms,
        query in title,
        any(query in text for text in terms),
        any(query in text for text in synonyms),
        any(query in text for text in topics),
    )
    return reached.index(True) if True in reached else len(TIERS)
