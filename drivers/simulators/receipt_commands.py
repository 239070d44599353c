"""The bytes of ESC/POS, as a printer takes them apart: whole commands, and runs of text in Chinese or Latin mode."""

from __future__ import annotations

CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
_STARTS = b"\x10\x1b\x1c\x1d"
# command -> bytes of parameters behind it, for those that only need to be passed over or take a fixed number
LENGTHS = {
    b"\x1b@": 0, b"\x1b!": 1, b"\x1bE": 1, b"\x1bG": 1, b"\x1ba": 1, b"\x1bd": 1, b"\x1bJ": 1, b"\x1b-": 1,
    b"\x1bM": 1, b"\x1bt": 1, b"\x1bR": 1, b"\x1b2": 0, b"\x1b3": 1, b"\x1b{": 1, b"\x1b$": 2, b"\x1b=": 1,
    b"\x1bp": 3, b"\x1c&": 0, b"\x1c.": 0, b"\x1c!": 1, b"\x1cC": 1, b"\x1cS": 2,
    b"\x1d!": 1, b"\x1dB": 1, b"\x1dL": 2, b"\x1dW": 2, b"\x1dr": 1, b"\x1da": 1,
}  # fmt: skip


def next_command(data: bytearray) -> bytes | None:
    """Take one whole command, or one run of text, from the front; None while it is not whole."""
    if not data:
        return None
    if data[0] >= 0x20:
        # text is whole when a command follows: a character of two bytes may still be on its way
        end = next((place for place, byte in enumerate(data) if byte < 0x20), None)
        return None if end is None else _take(data, end)
    if data[0] not in _STARTS:
        return _take(data, 1)
    if len(data) < 3:
        return _take(data, 2) if bytes(data) in (b"\x1b@", b"\x1b2", b"\x1c&", b"\x1c.") else None
    head = bytes(data[:2])
    if head in (b"\x10\x04", b"\x10\x05"):
        return _take(data, 3)
    if head == b"\x10\x14":
        return _take(data, 10 if data[2] == 8 else 5)
    if head == b"\x1dV":
        return _take(data, 3 if data[2] in b"\x00\x01\x30\x31" else 4)
    if head == b"\x1d(":
        return _take(data, 5 + int.from_bytes(data[3:5], "little")) if len(data) >= 5 else None
    if head == b"\x1dv":
        if len(data) < 8:
            return None
        return _take(data, 8 + int.from_bytes(data[4:6], "little") * int.from_bytes(data[6:8], "little"))
    if head in LENGTHS:
        return _take(data, 2 + LENGTHS[head])
    return _take(data, 1)


def _take(data: bytearray, count: int) -> bytes | None:
    """The first `count` bytes, taken out; None while they are not all there."""
    if len(data) < count:
        return None
    taken = bytes(data[:count])
    del data[:count]
    return taken


def chinese(data: bytes, font: str) -> str:
    """What comes out in Chinese mode. The fonts have what GBK has, or all two-byte characters of GB18030, or GB 2312: a
    character beyond is a box, and one of four bytes comes out as two marks, as on paper.
    """
    text, place = "", 0
    while place < len(data):
        pair = data[place : place + 2]
        if pair[0] < 0x81 or len(pair) < 2:
            text += chr(pair[0]) if pair[0] < 0x80 else "?"
            place += 1
        elif 0x30 <= pair[1] <= 0x39:
            text += "??"
            place += 4
        else:
            char = pair.decode("gb18030", "replace")
            try:
                if pair not in (b"\xa1\xa4", b"\xa1\xaa"):  # Python knows them by other names in GB 2312
                    char.encode(font)
            except UnicodeEncodeError:
                char = "□"
            text += char
            place += 2
    return text
