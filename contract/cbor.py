"""What both sides demand of CBOR that a stranger may have written: no tags.

A tag can make a decoder build far more than was sent (shared references, 137 bytes that take 3 s to write again), or
something no encoder knows (a MIME message).
"""

from __future__ import annotations

_BYTES, _TEXT, _TAG, _INDEFINITE = 2, 3, 6, 31
#: bytes of the number that follows the first byte, by its low five bits
_SIZES = {24: 1, 25: 2, 26: 4, 27: 8}


def has_tags(encoded: bytes) -> bool:
    """Whether a tag stands anywhere in `encoded`. What is not well-formed, a decoder refuses at the same place."""
    place = 0
    while place < len(encoded):
        major, short = encoded[place] >> 5, encoded[place] & 31
        if major == _TAG:
            return True
        size = _SIZES.get(short, 0)
        number = int.from_bytes(encoded[place + 1 : place + 1 + size]) if size else short
        place += 1 + size
        if major in (_BYTES, _TEXT) and short != _INDEFINITE:
            place += number
    return False
