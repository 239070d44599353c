"""What the bytes of a code say."""

from __future__ import annotations

_BOM = b"\xef\xbb\xbf"
# What scanners and generators leave behind a text: line ends, and the NUL of a C string.
_TAIL = b"\r\n\x00"
# Control characters that codes do hold: GS1's separators, tabs and line ends of a visiting card.
_ALLOWED = frozenset("\t\n\r\x1c\x1d\x1e\x1f\x04")


def as_text(data: bytes) -> str:
    """The bytes of a code as text: UTF-8, else GB18030 as older Chinese systems write, else what can be read of it.

    A byte order mark before it and line ends or NULs behind it are no part of the text.
    """
    data = data.removeprefix(_BOM).rstrip(_TAIL)
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    return data.decode("utf-8", "replace")


def is_clean(text: str) -> bool:
    """Whether a line brought this whole: something to read in it, nothing broken, no control characters."""
    return bool(text.strip()) and not any(
        letter == "\ufffd" or ((letter < " " or "\x7f" <= letter < "\xa0") and letter not in _ALLOWED)
        for letter in text
    )
