"""Full names put together from common surnames and given names, which no dictionary has as words.

Which they are (rime/names.txt) is common knowledge, as in the police ministry's yearly reports on names (姓名报告); no
list of people is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parent / "rime" / "names.txt"
#: Of a full name; a word of daily life has 1000 to 20000, so that 理会 stays before 李会.
WEIGHT = 900.0


def names() -> Iterator[tuple[str, str]]:
    """Every surname with every given name, and its sound."""
    parts: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    for line in SOURCE.read_text("utf-8").splitlines():
        if line.startswith("["):
            rows = parts[line.strip("[]")] = []
        elif "\t" in line:
            rows.append(line.split("\t"))
    for surname, its in parts["surnames"]:
        for name, sound in parts["given"]:
            yield surname + name, f"{its} {sound}"
