"""What somebody may have meant: the known word most like the one that was written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches


def meant(said: str, known: Iterable[str], likeness: float = 0.7) -> str:
    """The known word most like `said`, whatever its case, width and spaces; "" where none is."""
    by_plain = {_plain(one): one for one in known}
    found = get_close_matches(_plain(said)[:80], by_plain, n=1, cutoff=likeness)
    return by_plain[found[0]] if found else ""


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).lower().replace("-", "_").split())
