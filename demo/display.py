"""The X server the terminal stands on: your own where it is large enough or asked for, else a virtual one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from demo.programs import Failed

#: the terminal's design size
FULL = (1080, 1920)
#: how much of a screen's height a fitted window takes; the rest is for title bars and panels
OF_THE_SCREEN = 0.86


class Display:
    """An X server: its `name` for DISPLAY, and the `size` the terminal's window has on it."""

    def __init__(self, name: str, size: tuple[int, int], process: subprocess.Popen[bytes] | None = None) -> None:
        self.name, self.size = name, size
        self._process = process

    @classmethod
    def own(cls) -> Display | None:
        """The display in DISPLAY, with the largest portrait window that fits; None where there is none."""
        name = os.environ.get("DISPLAY", "")
        width, height = geometry(name) if name else (0, 0)
        if not height:
            return None
        if width >= FULL[0] and height >= FULL[1]:
            return cls(name, FULL)
        tall = int(height * OF_THE_SCREEN)
        return cls(name, (tall * 9 // 16, tall))

    @classmethod
    def virtual(cls, log: Path) -> Display:
        """An Xvfb of the terminal's size on a free display. Raises Failed."""
        read, write = os.pipe()
        screen = f"{FULL[0]}x{FULL[1]}x24"
        with log.open("wb") as file:
            process = subprocess.Popen(
                ["Xvfb", "-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp"],
                pass_fds=[write],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=file,
            )
        os.close(write)
        with os.fdopen(read, "rb") as pipe:
            number = pipe.readline().strip()
        if not number:
            raise Failed(f"Xvfb did not start (see {log})")
        return cls(f":{number.decode()}", FULL, process)

    @classmethod
    def for_visit(cls, log: Path, seen: bool) -> Display:
        """Your own display when it shows the terminal in full size, or when it was asked for (`seen`); else virtual.

        Raises Failed when it was asked for and there is none.
        """
        own = cls.own()
        if own and (seen or own.size == FULL):
            return own
        if seen:
            raise Failed("there is no display to be seen on: DISPLAY is not set")
        return cls.virtual(log)

    def stop(self) -> None:
        """End the X server, if it is ours."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)


def geometry(name: str) -> tuple[int, int]:
    """Width and height of an X screen; (0, 0) where none answers."""
    said = subprocess.run(
        ["xdotool", "getdisplaygeometry"],
        capture_output=True,
        text=True,
        env={**os.environ, "DISPLAY": name},
        timeout=10,
    ).stdout.split()
    return (int(said[0]), int(said[1])) if len(said) == 2 else (0, 0)
