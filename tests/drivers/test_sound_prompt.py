"""WAV files of every kind a recorder writes, against Python's own reader and writer."""

from __future__ import annotations

import contextlib
import io
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import PromptUnplayable
from drivers.sound.prompt import Prompt, decode, louder, silence
from tests.fuzz.sound import SEEDS


def wav(samples: bytes, width: int = 2, channels: int = 1, rate: int = 16000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(samples)
    return file.getvalue()


@given(
    st.binary(min_size=12, max_size=600),
    st.sampled_from([1, 2, 3, 4]),
    st.integers(1, 3),
    st.sampled_from([8000, 44100]),
)
def test_samples_are_the_upper_sixteen_bits(data: bytes, width: int, channels: int, rate: int) -> None:
    data = data[: len(data) // (width * channels) * width * channels]
    found = decode(wav(data, width, channels, rate))
    assert (found.rate, found.channels) == (rate, channels)
    whole = [
        data[0] - 128 << 8 if width == 1 else int.from_bytes(data[:width], "little", signed=True) >> 8 * (width - 2)
    ]
    assert found.samples[0, 0] == whole[0] and len(found.samples) == len(data) // width // channels
    assert louder(found.samples, 100) == found.samples.tobytes()
    assert not any(louder(found.samples, 0))


def test_softer_is_softer_and_never_wraps() -> None:
    loud = np.array([[32767], [-32768]], "<i2")
    peaks = [np.frombuffer(louder(loud, volume), "<i2")[0] for volume in (0, 1, 25, 50, 99, 100)]
    assert peaks == sorted(peaks) and peaks[0] == 0 and peaks[-1] == 32767
    assert np.frombuffer(louder(loud, 99), "<i2")[1] < -31000


def test_extensible_and_float_files_are_read() -> None:
    assert [decode(seed).samples[0, 0] for seed in SEEDS] == [0x1000, 0, 0x1000, 32767, 0x3F80]


def test_a_stream_without_a_length_is_played_as_far_as_it_goes() -> None:
    data = bytearray(wav(b"\x01\x02" * 160))
    data[40:44] = b"\xff\xff\xff\x7f"
    assert len(decode(bytes(data)).samples) == 160


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no-wav"),
        (b"ID3\x04not a wave", "no-wav"),
        (wav(b""), "empty"),
        (wav(b"\0\0", rate=100), "unknown-format"),
        (wav(b"\0\0" * 50, channels=50), "unknown-format"),
        (wav(bytes(2 * 4000 * 301), rate=4000), "too-long"),
        (SEEDS[0][:20], "no-wav"),
        (SEEDS[0].replace(b"fmt ", b"junk"), "no-wav"),
        (SEEDS[0][:20] + b"\x55" + SEEDS[0][21:], "unknown-format"),
    ],
)
def test_what_is_no_prompt_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(PromptUnplayable) as raised:
        decode(data)
    assert raised.value.code == code


@given(st.binary(max_size=200))
def test_any_bytes_are_a_prompt_or_refused(tail: bytes) -> None:
    for data in (tail, SEEDS[0][:12] + tail, SEEDS[0][:36] + tail):
        with contextlib.suppress(PromptUnplayable):
            assert isinstance(decode(data), Prompt)


def test_silence_is_silent() -> None:
    assert silence(0.5).seconds == 0.5 and not silence(0.5).samples.any()
