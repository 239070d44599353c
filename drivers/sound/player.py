"""One prompt on one ALSA device, by a process that can be killed at any moment."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import subprocess
import time
from collections.abc import Callable
from typing import IO

from drivers.errors import DeviceGone, DriverError, NoAnswer
from drivers.sound.prompt import Prompt, louder

# What is on the way to the ear: a change of volume, and an end, are heard after this long at most.
BUFFER_SECONDS = 0.2
# A device that takes nothing for so long hangs; so does one that needs so much more than the prompt's own length.
PATIENCE = 4.0
_SLICE = 0.05
_PIPE_BYTES = 4096

# What ALSA says (in English, as LC_ALL is C) -> the code of the error.
_BUSY = b"Device or resource busy"
_OPENING = b"audio open error"
_AWAY = b"No such device"


def play(
    prompt: Prompt,
    device: str,
    alsa_config: str = "",
    volume: Callable[[], int] = lambda: 100,
    broken_off: Callable[[], bool] = lambda: False,
) -> bool:
    """Play it; True when it was heard to its end, False when `broken_off` said to stop, which ends it at once.

    Waits the prompt's length and PATIENCE at most. Raises DeviceGone ("no-device", "in-use", "no-player"), NoAnswer,
    DriverError ("player-failed").
    """
    deadline = time.monotonic() + prompt.seconds + PATIENCE
    process = _start(prompt, device, alsa_config)
    assert process.stdin is not None and process.stderr is not None
    try:
        with contextlib.suppress(BrokenPipeError):  # the player ended early: its own words say why
            if not _feed(process.stdin, prompt, volume, broken_off, deadline):
                return False
            process.stdin.close()
        while process.poll() is None:
            if broken_off():
                return False
            if time.monotonic() > deadline:
                raise NoAnswer()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_SLICE)
        if process.returncode:
            raise _why(process.stderr.read(10_000), process.returncode)
        return True
    finally:
        process.kill()
        with contextlib.suppress(OSError):
            process.stdin.close()
        process.stderr.close()
        process.wait()


def _start(prompt: Prompt, device: str, alsa_config: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "LC_ALL": "C"}
    if alsa_config:
        environment["ALSA_CONFIG_PATH"] = alsa_config
    words = [
        "aplay", "--quiet", "--device", device, "--file-type", "raw", "--format", "S16_LE",
        "--rate", str(prompt.rate), "--channels", str(prompt.channels),
        "--buffer-time", str(round(BUFFER_SECONDS * 1_000_000)), "-",
    ]  # fmt: skip
    try:
        process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, bufsize=0, env=environment
        )
    except OSError as error:
        raise DeviceGone("no-player", "install alsa-utils") from error
    assert process.stdin is not None
    with contextlib.suppress(OSError):
        fcntl.fcntl(process.stdin, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    os.set_blocking(process.stdin.fileno(), False)
    return process


def _feed(
    pipe: IO[bytes], prompt: Prompt, volume: Callable[[], int], broken_off: Callable[[], bool], deadline: float
) -> bool:
    """All samples; False when broken off. Raises NoAnswer, BrokenPipeError."""
    step = max(1, round(prompt.rate * _SLICE))
    moved = time.monotonic()
    for at in range(0, len(prompt.samples), step):
        left = louder(prompt.samples[at : at + step], volume())
        while left:
            if broken_off():
                return False
            if select.select([], [pipe], [], _SLICE)[1]:
                with contextlib.suppress(BlockingIOError):
                    left = left[os.write(pipe.fileno(), left) :]
                    moved = time.monotonic()
            if time.monotonic() > min(moved + PATIENCE, deadline):
                raise NoAnswer()
    return True


def _why(said: bytes, code: int) -> DriverError:
    if _BUSY in said:
        return DeviceGone("in-use")
    if _OPENING in said or _AWAY in said:
        return DeviceGone("no-device")
    return DriverError("player-failed", f"exit {code}")
