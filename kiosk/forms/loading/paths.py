"""Paths as elements of a form write them."""

from __future__ import annotations

import re

_PREFIX = re.compile(r"(?<=/)[\w.-]+:|^[\w.-]+:(?=\w)")


def plain_path(path: str, above: str = "") -> str:
    """The path without prefixes and spaces (/data/orx:meta → /data/meta); a relative one stands below `above`."""
    path = _PREFIX.sub("", path.strip())
    if path and not path.startswith("/") and above:
        return f"{above}/{path.removeprefix('./')}"
    return path
