"""Breaking text into lines of half-width columns, as a Chinese printer counts them."""

from __future__ import annotations

import unicodedata

# 576 dots of 80 mm paper at 12 dots a half-width character (font A).
COLUMNS = 48
# Label columns of a Field: five characters and the colon fit on most forms.
LABEL_COLUMNS = 12
# Never at the beginning of a line (GB/T 15834).
_NOT_FIRST = set("，。、；：？！）》」』】”’…—％,.;:?!)]}%")


def clean(text: str) -> str:
    """Without control and format characters: a citizen's text must never become a printer command."""
    return "".join(
        ch for ch in text.replace("\t", " ") if ch == "\n" or unicodedata.category(ch) not in ("Cc", "Cf", "Cs")
    )


def in_font(char: str) -> bool:
    """Whether the printer's own font can have it: ASCII, or two bytes in GB18030."""
    return len(char.encode("gb18030", "replace")) < 3


def width(text: str) -> int:
    """Columns on paper. What GB18030 writes with two bytes is printed full-width, also where Unicode is not
    sure."""
    columns = 0
    for char in text:
        size = len(char.encode("gb18030", "replace"))
        wide = size == 2 or (size == 4 and unicodedata.east_asian_width(char) in "WFA")
        columns += 2 if wide else 1
    return columns


def wrap(text: str, columns: int = COLUMNS) -> list[str]:
    """Lines of at most `columns`. Breaks between Chinese characters, keeps Latin words and numbers whole if
    they fit."""
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, columns)]


def _tokens(text: str) -> list[str]:
    """Single wide characters, spaces, and runs of narrow ones."""
    tokens: list[str] = []
    run = ""
    for char in text:
        if width(char) == 1 and char != " ":
            run += char
            continue
        if run:
            tokens.append(run)
            run = ""
        tokens.append(char)
    return [*tokens, run] if run else tokens


def _wrap_paragraph(text: str, columns: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for token in _tokens(text):
        while width(token) > columns:  # a word longer than a line: cut it where the line is full
            room = columns - width(line)
            line, token = line + token[:room], token[room:]
            lines.append(line)
            line = ""
        if width(line) + width(token) <= columns:
            line += token
            continue
        carried = ""
        if token[0] in _NOT_FIRST and len(line) > 1:
            line, carried = line[:-1], line[-1]
        lines.append(line.rstrip())
        line = (carried + token).lstrip() if token != " " else carried
    return [*lines, line]


def pad(text: str, columns: int) -> str:
    """Filled with spaces to this width."""
    return text + " " * max(0, columns - width(text))
