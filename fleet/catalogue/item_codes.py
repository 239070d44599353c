"""The codes of items, by which the other sheets speak of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fleet.catalogue.workbook import Row

_CODE = re.compile(r"[A-Za-z0-9-]{1,36}")


@dataclass(frozen=True)
class ItemCodes:
    """What the sheet `items` calls its items; `broken` are the rows whose code is a fault already."""

    known: frozenset[str]
    broken: frozenset[int]
    #: every code could be read; otherwise one that is not known may be meant for an item whose own code is broken
    whole: bool

    def may_be(self, code: str) -> bool:
        """Whether `code` is an item's, or could be one's whose own code is not what it should be."""
        return code in self.known or not self.whole


def read_codes(rows: list[Row]) -> ItemCodes:
    """The codes of the sheet `items`; one that is empty, malformed or another item's is a fault of its row."""
    known, broken = set[str](), set[int]()
    for row in rows:
        code = row.text("task_code")
        if code and not _CODE.fullmatch(code):
            row.fault("task_code", "bad_task_code")
        elif code and code in known:
            row.fault("task_code", "twice")
        if row.faulty("task_code"):
            broken.add(row.number)
        known.add(code)
    return ItemCodes(frozenset(known - {""}), frozenset(broken), bool(rows) and not broken)
