"""The administrative divisions of China (行政区划): what lies in what. Read from the table when first asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "divisions.tsv"
#: length of a code at each level: province, city, county, town (GB/T 2260 and the statistical code)
LENGTHS = (2, 4, 6, 9)
#: rows of the table that are no place anybody names: what lies in them is shown in their stead
_NAMELESS = frozenset(("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"))


@dataclass(frozen=True)
class Division:
    """One division. `code` has 2, 4, 6 or 9 digits."""

    code: str
    name: str


@cache
def _table() -> dict[str, Division]:
    lines = TABLE.read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {code: Division(code, name) for code, name in rows}


@cache
def _below() -> dict[str, list[Division]]:
    below: dict[str, list[Division]] = {}
    for code, found in _table().items():
        below.setdefault(_above(code), []).append(found)
    return below


def _above(code: str) -> str:
    """The code one level up; "" above a province."""
    return code[: (0, *LENGTHS)[LENGTHS.index(len(code))]]


def division(code: str) -> Division | None:
    """The division with this code, or None."""
    return _table().get(code)


@cache
def children(code: str = "") -> tuple[Division, ...]:
    """What lies in a division as people name it ("": the provinces): the districts of 北京 at once, not 市辖区."""
    found: list[Division] = []
    parent = _table().get(code)
    for child in _below().get(code, ()):
        nameless = child.name in _NAMELESS or (parent is not None and child.name == parent.name)
        found += children(child.code) if nameless else (child,)
    return tuple(found)


def chain(code: str) -> tuple[Division, ...]:
    """A division and those it lies in, the largest first; () for a code that is none."""
    line: list[Division] = []
    while code:
        found = _table().get(code)
        if found is None:
            return ()
        if found.name not in _NAMELESS and not (line and line[0].name == found.name):
            line.insert(0, found)
        code = _above(code)
    return tuple(line)


def names_around(code: str) -> set[str]:
    """Names somebody who stands in this division may write: provinces, cities, and all that lies in its province."""
    return {
        found.name
        for found in _table().values()
        if found.name not in _NAMELESS and (len(found.code) <= 4 or (code and found.code.startswith(code[:2])))
    }
