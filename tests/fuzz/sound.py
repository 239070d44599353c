"""A prompt's WAV file, as anybody may have put it on the terminal."""

from __future__ import annotations

from drivers.errors import PromptUnplayable
from drivers.sound import prompt

DECLARED = (PromptUnplayable,)


def one_input(data: bytes) -> None:
    found = prompt.decode(data)
    assert 0 < found.seconds <= prompt.MOST_SECONDS
    assert found.samples.nbytes <= 4 * len(data)
    for volume in (0, 50, 100):
        assert len(prompt.louder(found.samples, volume)) == found.samples.nbytes


def _wav(kind: int, bits: int, channels: int, samples: bytes, more: bytes = b"") -> bytes:
    size = bits // 8 * channels
    form = (
        kind.to_bytes(2, "little") + channels.to_bytes(2, "little") + (16000).to_bytes(4, "little")
        + (16000 * size).to_bytes(4, "little") + size.to_bytes(2, "little") + bits.to_bytes(2, "little") + more
    )  # fmt: skip
    body = b"WAVEfmt " + len(form).to_bytes(4, "little") + form + b"data" + len(samples).to_bytes(4, "little") + samples
    return b"RIFF" + len(body).to_bytes(4, "little") + body


SEEDS: list[bytes] = [
    _wav(1, 16, 1, b"\x00\x10\x00\xf0"),
    _wav(1, 8, 2, b"\x80\x81"),
    _wav(1, 24, 1, b"\x00\x00\x10"),
    _wav(3, 32, 1, b"\x00\x00\x80\x3f"),
    _wav(0xFFFE, 32, 1, b"\x00\x00\x80\x3f", b"\x16\x00\x20\x00\x04\x00\x00\x00\x01\x00" + bytes(14)),
]
