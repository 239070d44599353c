"""Attack on what scanners send: bytes on a line, keys, and the bytes of a code."""

from __future__ import annotations

from drivers.code_scanner.framing import ENDS, Framer
from drivers.code_scanner.text import as_text, is_clean
from drivers.code_scanner.typed import Typist
from drivers.input_device import KeyEvent

DECLARED: tuple[type[Exception], ...] = ()
SEEDS = [
    b"\x00\x01\x02one\x03\r\ntwo\r\xb0\xec\xca\xc2\n",
    b"\x01\x05\x02https://code.example.invalid/1\r\n",
    b"\x00\x06\xef\xbb\xbf\xe5\x8a\x9e\xe4\xba\x8b\x00\r\n",
    bytes([0, 3, 42, 1, 30, 1, 30, 0, 42, 0, 56, 1, 80, 1, 80, 0, 75, 1, 75, 0, 56, 0, 28, 1, 28, 0]),
]
_LONGEST = 64


def one_input(data: bytes) -> None:
    """The pieces a stream comes in change nothing, and no code is longer than it may be."""
    end, size, stream = ENDS[data[0] % len(ENDS) if data else 0], (data[1] if len(data) > 1 else 0) + 1, data[2:]
    whole, pieces = Framer(end, _LONGEST), Framer(end, _LONGEST)
    at_once = whole.feed(stream) + whole.pause()
    found: list[bytes] = []
    for at in range(0, len(stream), size):
        found += pieces.feed(stream[at : at + size])
    found += pieces.pause()
    assert all(0 < len(code) <= _LONGEST for code in found + at_once)
    # one that is too long may be cut where it comes in one piece and is not in many
    assert max(map(len, stream.split(b"\r")), default=0) > _LONGEST or end != "cr" or found == at_once
    for code in found:
        text = as_text(code)
        assert as_text(text.encode()) == text or not is_clean(text) or text.startswith("\ufeff")
    typist = Typist(_LONGEST)
    for key, value in zip(stream[::2], stream[1::2], strict=False):
        for text in typist.feed(KeyEvent(key - 1, value % 4)):
            assert 0 < len(text) <= _LONGEST or not text
    typist.pause()
    assert not typist.begun
