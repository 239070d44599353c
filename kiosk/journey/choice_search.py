"""Finding a choice in a long list: by what its label says, and in lists not too long by pinyin as well."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from kiosk.forms import Choice, FormSession

#: choices shown at once: they stand between the search field and the keyboard
SHOWN = 6
#: the longest list that is searched by pinyin too: its labels are turned into pinyin on first use, 20 µs each
PINYIN_LIMIT = 2_000


def find(session: FormSession, path: str, query: str, count: int) -> tuple[tuple[Choice, ...], int]:
    """The first choices that fit `query`, and how many do (at least; a long list is not counted to its end)."""
    query = query.strip().casefold()
    if not query:
        return session.search(path, "", limit=SHOWN), count
    if query.isascii() and query.isalnum() and count <= PINYIN_LIMIT:
        fitting = [choice for choice in session.search(path, "", limit=count) if _fits(choice, query)]
        return tuple(fitting[:SHOWN]), len(fitting)
    found = session.search(path, query, limit=SHOWN + 1)
    return found[:SHOWN], len(found)


def _fits(choice: Choice, letters: str) -> bool:
    initials, whole = _pinyin(choice.label)
    return letters in initials or whole.startswith(letters) or letters in choice.label.casefold()


@lru_cache(maxsize=2 * PINYIN_LIMIT)
def _pinyin(label: str) -> tuple[str, str]:
    """The first letters of a label's syllables, and all of them."""
    return (
        "".join(lazy_pinyin(label, style=Style.FIRST_LETTER)).casefold(),
        "".join(lazy_pinyin(label)).casefold(),
    )
