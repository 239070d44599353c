"""A simulated sound card behind the real ALSA library: it takes 48 kHz stereo as fast as a card plays it.

    python -m drivers.simulators.sound

The announced "port" is the name of the ALSA device, "alsa_config" the configuration file in which it is found:
ALSA_CONFIG_PATH=FILE aplay -D simulated prompt.wav. ALSA's `file` plug-in writes what is played into a FIFO, which is
read here at the pace of a card and no faster.

Commands: state (seconds heard, of them not silent, peak, frequency), clear (forget what was heard),
keep FILE.wav (write it down), fault NAME|none.
Faults: drop (no such card; what plays breaks off), busy (another program holds it: EBUSY), silence (it takes
nothing more), crash (the player dies of a signal), slow (half the pace).
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import subprocess
import tempfile
import threading
import time
import wave
from pathlib import Path
from typing import Any

import numpy as np

from drivers.simulators.control import WrongCommand
from drivers.simulators.program import Faults, parser, serve

FAULTS = Faults(("drop", "busy", "silence", "crash", "slow"))
RATE, CHANNELS = 48_000, 2
FRAME = CHANNELS * 2
BYTES_A_SECOND = RATE * FRAME
TICK = 0.01
PIPE_BYTES = 4096
# What is kept of what was heard.
MOST_BYTES = 60 * BYTES_A_SECOND

# A card that somebody else holds: the one thing ALSA's own plug-ins cannot be told to be.
BUSY_PLUGIN = """
#include <errno.h>
char __snd_pcm_busy_open_dlsym_pcm_001;
int _snd_pcm_busy_open(void **pcm, const char *name, void *root, void *conf, int stream, int mode) { return -EBUSY; }
"""
CONFIG = """</usr/share/alsa/alsa.conf>
pcm_type.busy { lib "%(folder)s/libbusy.so" }
pcm.well {
    type plug
    slave {
        pcm { type file slave.pcm { type null } file "%(folder)s/card" format "raw" }
        rate 48000 format S16_LE channels 2
    }
}
pcm.held { type busy }
pcm.away { type hw card 9 }
pcm.simulated = "%(now)s"
"""
NOW = {"drop": "away", "busy": "held"}


class Card:
    """The FIFO and what came out of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "asound.conf"
        self.lock = threading.Lock()
        self.heard = bytearray()
        self.handle = -1
        os.mkfifo(folder / "card")
        (folder / "busy.c").write_text(BUSY_PLUGIN)
        subprocess.run(
            ["gcc", "-shared", "-fPIC", "-o", folder / "libbusy.so", folder / "busy.c"], check=True, timeout=60
        )
        self.configure()

    def configure(self) -> None:
        """What the name of the device means now; read by each player when it starts."""
        new = self.config.with_suffix(".new")
        new.write_text(CONFIG % {"folder": self.folder, "now": NOW.get(FAULTS.name, "well")})
        new.replace(self.config)

    def fault(self, words: list[str]) -> dict[str, Any]:
        """`fault NAME`"""
        said = FAULTS.set(words)
        self.configure()
        return said

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`"""
        with self.lock:
            whole = bytes(self.heard[: len(self.heard) // FRAME * FRAME])
        samples = np.frombuffer(whole, "<i2").reshape(-1, CHANNELS)[:, 0].astype(np.float64)
        loud = np.abs(samples) > 50
        signs = samples[loud] > 0  # what is near nothing is resampling's noise
        ups = np.count_nonzero(~signs[:-1] & signs[1:])
        seconds = len(samples) / RATE
        # a tone is above the threshold for nearly all of its time
        span = (np.flatnonzero(loud)[-1] - np.flatnonzero(loud)[0] + 1) / RATE if loud.any() else 0.0
        return {
            "seconds": round(seconds, 3), "loud_seconds": round(float(span), 3),
            "peak": int(np.abs(samples).max(initial=0)), "hertz": round(ups / span) if span else 0,
            "fault": FAULTS.name,
        }  # fmt: skip

    def clear(self, words: list[str]) -> dict[str, Any]:
        """`clear`"""
        with self.lock:
            del self.heard[: len(self.heard) // FRAME * FRAME]
        return {"seconds": 0.0}

    def keep(self, words: list[str]) -> dict[str, Any]:
        """`keep FILE.wav`"""
        if len(words) != 1:
            raise WrongCommand("keep FILE.wav")
        with self.lock, wave.open(words[0], "wb") as file:
            file.setnchannels(CHANNELS)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(bytes(self.heard))
        return {"kept": words[0]}

    def open(self) -> None:
        """The card's end of the FIFO."""
        if self.handle < 0:
            self.handle = os.open(self.folder / "card", os.O_RDONLY | os.O_NONBLOCK)
            while True:
                try:
                    fcntl.fcntl(self.handle, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
                    return
                except OSError as error:  # a player was quicker, and more lies in it than it shall hold
                    if error.errno != errno.EBUSY:
                        raise
                    os.read(self.handle, PIPE_BYTES)

    def close(self) -> None:
        """Whoever writes now dies of SIGPIPE."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def run(self) -> None:
        """Take what is played, at the pace of a card, until the program ends and its folder is gone."""
        with contextlib.suppress(FileNotFoundError):
            self._take()

    def _take(self) -> None:
        took_at = time.monotonic()
        owed = 0.0
        while True:
            time.sleep(TICK)
            if FAULTS.name == "drop":
                self.close()
                continue
            self.open()
            if FAULTS.name == "crash":  # a player that waited for the card begins to write, and the card is gone
                time.sleep(TICK)
                self.close()
                time.sleep(2 * TICK)
                continue
            now = time.monotonic()
            pace = BYTES_A_SECOND * (0.5 if FAULTS.name == "slow" else 1)
            owed = min(owed + (now - took_at) * pace, 0.1 * BYTES_A_SECOND)
            took_at = now
            if FAULTS.name == "silence":
                continue
            with contextlib.suppress(BlockingIOError):
                while owed >= FRAME:
                    data = os.read(self.handle, min(int(owed), PIPE_BYTES))
                    with self.lock:
                        if not data:  # no player: one that was killed may have left half a frame
                            del self.heard[len(self.heard) // FRAME * FRAME :]
                            break
                        self.heard += data
                        del self.heard[: max(0, len(self.heard) - MOST_BYTES) // FRAME * FRAME]
                    owed -= len(data)


def main() -> None:
    """Run the simulator."""
    chosen = parser(__doc__ or "", FAULTS).parse_args()
    FAULTS.name = chosen.fault
    folder = Path(tempfile.mkdtemp(prefix="sound-"))
    try:
        card = Card(folder)
        threading.Thread(target=card.run, name="card", daemon=True).start()
        handlers = {"state": card.state, "clear": card.clear, "keep": card.keep, "fault": card.fault}
        serve("sound", handlers, chosen.with_parent, port="simulated", alsa_config=str(card.config))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
