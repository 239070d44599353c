"""Regular expressions of a form, matched in time that grows with the answer and never explodes: by RE2.

Python's own matcher tries one way after the other, and thirty letters can keep `(a+)+b` busy for years. RE2 follows all
ways at once; what that cannot do (look-around, back-references) is refused when the form is loaded.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

#: bytes a compiled pattern may take; `[0-9]{17}[0-9X]` takes about 2,000
MEMORY_LIMIT = 1 << 20


@lru_cache(maxsize=256)
def read(pattern: str) -> Any:
    """The pattern, ready for `matches`. Raises ValueError for one that is wrong, too large or not supported."""
    options = re2.Options()
    options.max_mem = MEMORY_LIMIT
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)
    except re2.error as error:
        reason = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else error.args[0]
        raise ValueError(f"the pattern “{pattern[:60]}” cannot be used ({reason})") from None


def matches(pattern: str, subject: str) -> bool:
    """Whether the whole `subject` matches. Raises ValueError as `read` does."""
    return read(pattern).fullmatch(subject) is not None
