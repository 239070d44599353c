"""A text cut into sentences, each short enough to be made before the one before it has been heard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: characters of a sentence; a longer one is cut at its last comma before
MOST = 80
#: an end, with the quotes and brackets that close after it; a full stop in a number ends nothing
_END = re.compile(r"(?:[。！？；!?;…]+|\.(?=\s|$))[”’」』）)》\"']*|\n+")
_COMMA = re.compile(r"[，、：,:]\s*")
_SAID = re.compile(r"\w")


@dataclass(frozen=True)
class Sentence:
    """`text` is what stands from `start` to `end` of the part at `part`."""

    part: int
    start: int
    end: int
    text: str


def sentences(parts: Sequence[str]) -> tuple[Sentence, ...]:
    """The sentences of these parts (paragraphs), in order; what has no letter and no figure is left out."""
    return tuple(
        Sentence(number, start, end, text[start:end])
        for number, text in enumerate(parts)
        for start, end in _pieces(text)
        if _SAID.search(text, start, end)
    )


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in (*(found.end() for found in _END.finditer(text)), len(text)):
        while end - start > MOST:
            cut = _cut(text, start)
            yield start, cut
            start = cut
        yield start, end
        start = end


def _cut(text: str, start: int) -> int:
    """Where a sentence that is too long is cut: after a comma, else after a space, else anywhere."""
    window = text[start : start + MOST]
    commas = [found.end() for found in _COMMA.finditer(window)]
    return start + (commas[-1] if commas else window.rfind(" ") + 1 or MOST)
