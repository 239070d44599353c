"""Breaking text into lines of half-width columns, as a Chinese printer counts them."""

from __future__ import annotations

from drivers.receipt_printer.characters import clusters, width

__all__ = ["COLUMNS", "LABEL_COLUMNS", "pad", "width", "wrap"]

# 576 dots of 80 mm paper at 12 dots a half-width character (font A).
COLUMNS = 48
# Label columns of a Field: five characters and the colon fit on most forms.
LABEL_COLUMNS = 12
# Never at the beginning of a line (GB/T 15834).
_NOT_FIRST = set("，。、；：？！）》」』】”’…—％,.;:?!)]}%")


def wrap(text: str, columns: int = COLUMNS) -> list[str]:
    """Lines of at most `columns` (2 at least). Breaks between Chinese characters, keeps Latin words and numbers whole
    if they fit."""
    return [line for paragraph in text.split("\n") for line in _wrap_paragraph(paragraph, columns)]


def _tokens(text: str) -> list[str]:
    """Single wide characters, spaces, and runs of narrow ones; marks stay with their character."""
    tokens: list[str] = []
    run = ""
    for char in clusters(text):
        if width(char) == 1 and char != " ":
            run += char
            continue
        if run:
            tokens.append(run)
            run = ""
        tokens.append(char)
    return [*tokens, run] if run else tokens


def _cut(token: str, room: int) -> tuple[str, str]:
    """The part of a long word that fits, and the rest."""
    parts = clusters(token)
    return "".join(parts[:room]), "".join(parts[room:])


def _wrap_paragraph(text: str, columns: int) -> list[str]:
    if width(text) <= columns:
        return [text]
    lines: list[str] = []
    line, used = "", 0
    for token in _tokens(text):
        wide = width(token)
        while wide > columns:  # a word longer than a line: cut it where the line is full
            fits, token = _cut(token, columns - used)
            lines.append(line + fits)
            line, used, wide = "", 0, width(token)
        if used + wide <= columns:
            line, used = line + token, used + wide
            continue
        carried = ""
        parts = clusters(line)
        if token[0] in _NOT_FIRST and len(parts) > 1 and width(parts[-1]) + wide <= columns:
            line, carried = "".join(parts[:-1]), parts[-1]
        lines.append(line.rstrip())
        line = (carried + token).lstrip() if token != " " else carried
        used = width(line)
    return [*lines, line]


def pad(text: str, columns: int) -> str:
    """Filled with spaces to this width."""
    return text + " " * max(0, columns - width(text))
