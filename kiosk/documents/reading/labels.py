"""Finding what stands beside a label. Pages are straight by now: what is in one row lies at one height."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kiosk.documents.page_text import PageText, TextLine

#: Lines whose middles are this near, in parts of the lower one's height, stand in one row.
SAME_ROW = 0.6
#: A line goes on in the next where that begins within this many of its heights below it …
NEXT_LINE = 1.1
#: … and this near to its left edge, in parts of the page's width.
SAME_LEFT = 0.015
#: Spaces and the colons after labels mean nothing.
_LOOSE = re.compile(r"[\s:：]+")


@dataclass(frozen=True)
class Found:
    """Text found beside a label: the lines it stands in, and the worst of their confidences."""

    text: str
    confidence: float
    lines: tuple[TextLine, ...]


def compact(text: str) -> str:
    """Without spaces and colons."""
    return _LOOSE.sub("", text)


class Labels:
    """The rows of one page, and the labels that can stand on it."""

    def __init__(self, page: PageText, labels: Iterable[str]) -> None:
        # The longer first, so that 有效期至 is not taken for 有效期.
        self._labels = sorted(labels, key=len, reverse=True)
        lines = (replace(line, text=compact(line.text)) for line in page.lines)
        self.lines = [line for line in lines if line.text]
        self._rows = _rows(self.lines)
        self._joined = "\n".join("".join(line.text for line in row) for row in self._rows)

    def count(self, words: Iterable[str]) -> int:
        """How many of the words stand anywhere on the page."""
        return sum(word in self._joined for word in words)

    def beside(self, *labels: str, goes_on: bool = False) -> Found | None:
        """What stands right of the first of `labels` there is; with `goes_on` also the lines under it."""
        for label in labels:
            for row in self._rows:
                if (found := self._in_row(row, label)) is not None:
                    return self._with_following(found) if goes_on else found
        return None

    def _in_row(self, row: Sequence[TextLine], label: str) -> Found | None:
        for start in range(len(row)):
            # A label may be found in pieces: 名 称.
            for end in range(start + 1, min(start + len(label), len(row)) + 1):
                joined = "".join(line.text for line in row[start:end])
                place = joined.find(label)
                if place < 0 or place >= len(row[start].text) or self._longer(joined, place, label):
                    continue
                after = self._until_next_label(joined[place + len(label) :])
                if after:
                    return Found(after, row[end - 1].confidence, (row[end - 1],))
                if end < len(row) and (value := self._until_next_label(row[end].text)):
                    return Found(value, row[end].confidence, (row[end],))
                return None
        return None

    def _longer(self, text: str, place: int, label: str) -> bool:
        """Whether what stands there is another, longer label that has this one in it."""
        return any(
            other != label and label in other and 0 <= (at := text.find(other)) <= place < at + len(other)
            for other in self._labels
        )

    def _until_next_label(self, text: str) -> str:
        places = [place for label in self._labels if (place := text.find(label)) >= 0]
        return text[: min(places)] if places else text

    def _with_following(self, found: Found) -> Found:
        lines = list(found.lines)
        text = found.text
        while (following := self._under(lines[-1])) is not None:
            lines.append(following)
            text += following.text
        return Found(text, min(line.confidence for line in lines), tuple(lines))

    def _under(self, line: TextLine) -> TextLine | None:
        height = line.bottom - line.top
        for other in self.lines:
            near = 0 <= other.top - line.bottom + height * 0.3 < NEXT_LINE * height
            if near and abs(other.left - line.left) < SAME_LEFT and self._until_next_label(other.text) == other.text:
                return other
        return None


def _rows(lines: Iterable[TextLine]) -> list[list[TextLine]]:
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.top + line.bottom):
        middle = (line.top + line.bottom) / 2
        if rows:
            last = rows[-1][-1]
            height = min(last.bottom - last.top, line.bottom - line.top)
            if abs(middle - (last.top + last.bottom) / 2) < SAME_ROW * height:
                rows[-1].append(line)
                continue
        rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]
