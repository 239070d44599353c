"""The photo of a card, through a decoder that is plugged in.

The photo is WLT, and only licensed native libraries decode it; none is open. So a decoder is named in devices.toml:
a program that reads the WLT and writes the picture ("/opt/vendor/wlt2bmp -"), or a Python function
("vendor_wlt:decode"). It runs in a process of its own for each photo: a library that crashes or hangs costs the
picture, never the terminal. The photo passes through pipes and never touches a disk.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from drivers.errors import ConfigError

log = logging.getLogger(__name__)

# A decoder takes some 20 ms; starting Python and loading a library takes the rest.
DECODE_WITHIN = 2.0
# 102x126 pixels are 38 862 bytes as BMP; a decoder that writes more than this writes no portrait.
PICTURE_MOST = 1 << 20
_WORKER = Path(__file__).with_name("photo_worker.py")
_FUNCTION = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")


class PhotoDecoder(Protocol):
    """What "module:attribute" names."""

    def __call__(self, wlt: bytes) -> bytes | None:
        """1024 bytes of WLT as a picture file (BMP, JPEG, PNG), or None where it is none."""


class PhotoWorker:
    """Runs the decoder that is named. Raises ConfigError for a name that cannot be understood."""

    def __init__(self, decoder: str) -> None:
        if _FUNCTION.fullmatch(decoder):
            self._command = [sys.executable, "-P", str(_WORKER), decoder]
        else:
            try:
                self._command = shlex.split(decoder)
            except ValueError:
                self._command = []
            if not self._command:
                raise ConfigError(detail="photo_decoder is a program or module:attribute")

    def decode(self, wlt: bytes) -> bytes | None:
        """The picture, or None: within DECODE_WITHIN, and never raises."""
        try:
            worker = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            log.warning("photo decoder: %s", type(error).__name__)
            return None
        try:
            picture, _ = worker.communicate(wlt, DECODE_WITHIN)
        except (OSError, subprocess.TimeoutExpired) as error:
            log.warning("photo decoder: %s", type(error).__name__)
            return None
        finally:
            _end(worker)
        if worker.returncode != 0:
            log.warning("photo decoder ended with %d", worker.returncode)
            return None
        return picture if 0 < len(picture) <= PICTURE_MOST else None


def _end(worker: subprocess.Popen[bytes]) -> None:
    """End the worker and what it started; a program it left behind would keep its pipes open."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    for pipe in (worker.stdin, worker.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
