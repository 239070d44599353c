"""A text file as a receipt, for technicians: "# x" a heading, "---" a rule, "[QR: x]" a QR code, an empty line a line
feed. All else is printed as it stands there.
"""

from __future__ import annotations

import re

from drivers.receipt_printer.document import Feed, Heading, Line, Qr, Receipt, Rule, Text


def _line(text: str) -> Line:
    if text.startswith("# "):
        return Heading(text[2:])
    if re.fullmatch(r"-{3,}", text):
        return Rule()
    if found := re.fullmatch(r"\[QR: (.+)\]", text):
        return Qr(found[1])
    return Text(text) if text.strip() else Feed(1)


def decode(data: bytes) -> str:
    """UTF-8, with or without its mark, or GB18030, as old Windows editors write. Raises ValueError for neither."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("the file is neither UTF-8 nor GB18030")


def read_receipt(data: bytes) -> Receipt:
    """The receipt that stands in a file. Raises ValueError for bytes that are no text."""
    return Receipt(
        [_line(line.rstrip()) for line in decode(data).replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    )
