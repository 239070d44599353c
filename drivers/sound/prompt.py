"""WAV bytes -> samples of 16 bits. Pure.

Read are PCM of 8, 16, 24 and 32 bits and 32-bit float, plain or WAVE_FORMAT_EXTENSIBLE (RIFF, Microsoft 1994/2007).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.errors import PromptUnplayable

Samples = NDArray[np.int16]

# A prompt is a sentence or two; longer than this is a wrong file.
MOST_SECONDS = 300.0
RATES = range(4000, 192_001)
CHANNELS = range(1, 9)

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE


@dataclass(frozen=True, repr=False, eq=False)
class Prompt:
    """Samples as frames x channels, little-endian 16 bits."""

    rate: int
    samples: Samples

    def __repr__(self) -> str:
        return f"Prompt({self.seconds:.1f} s)"

    @property
    def channels(self) -> int:
        """How many."""
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


def decode(data: bytes) -> Prompt:
    """The prompt in a WAV file. A file that ends early is played as far as it goes. Raises PromptUnplayable."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise PromptUnplayable("no-wav")
    form = b""
    at = 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + size]  # a stream's header names a size far too large
        if name == b"fmt ":
            form = body
        elif name == b"data" and form:
            return _prompt(form, body)
        at += 8 + size + size % 2
    raise PromptUnplayable("no-wav", "no data")


def _prompt(form: bytes, data: bytes) -> Prompt:
    if len(form) < 16:
        raise PromptUnplayable("no-wav", "short format")
    kind, channels = int.from_bytes(form[0:2], "little"), int.from_bytes(form[2:4], "little")
    rate, bits = int.from_bytes(form[4:8], "little"), int.from_bytes(form[14:16], "little")
    if kind == _EXTENSIBLE:
        kind = int.from_bytes(form[24:26], "little")
    if rate not in RATES or channels not in CHANNELS or (kind, bits) not in _SAMPLES:
        raise PromptUnplayable("unknown-format", f"kind {kind}, {bits} bits, {channels} channels, {rate} Hz")
    size = bits // 8 * channels
    frames = len(data) // size
    if not frames:
        raise PromptUnplayable("empty")
    if frames > rate * MOST_SECONDS:
        raise PromptUnplayable("too-long", f"more than {MOST_SECONDS:g} s")
    return Prompt(rate, _SAMPLES[kind, bits](data[: frames * size]).reshape(-1, channels))


def _from_8(data: bytes) -> Samples:
    return (np.frombuffer(data, np.uint8).astype("<i2") - 128) << 8


def _upper(width: int, data: bytes) -> Samples:
    """The upper two bytes of each sample."""
    upper = np.frombuffer(data, np.uint8).reshape(-1, width)[:, width - 2 :]
    return np.ascontiguousarray(upper).view("<i2")


def _from_float(data: bytes) -> Samples:
    values = np.nan_to_num(np.frombuffer(data, "<f4"), posinf=1.0, neginf=-1.0)
    return (np.clip(values, -1.0, 1.0) * 32767).astype("<i2")


_SAMPLES = {
    (_PCM, 8): _from_8,
    (_PCM, 16): lambda data: _upper(2, data),
    (_PCM, 24): lambda data: _upper(3, data),
    (_PCM, 32): lambda data: _upper(4, data),
    (_FLOAT, 32): _from_float,
}


def louder(samples: Samples, volume: int) -> bytes:
    """The samples at 0 to 100 percent. The cube is what PulseAudio and PipeWire do: half sounds half as loud."""
    if volume >= 100:
        return samples.tobytes()
    return (samples * np.float32((volume / 100) ** 3)).astype("<i2").tobytes()


def silence(seconds: float) -> Prompt:
    """A prompt that nobody hears: it asks a device whether it plays."""
    return Prompt(48_000, np.zeros((round(48_000 * seconds), 1), "<i2"))
