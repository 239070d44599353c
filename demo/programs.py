"""Programs started by the demonstration: each said to be ready, watched, and ended by its own process id."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
#: seconds a program may take to say that it is ready; on a busy machine a cold start takes several
READY_SECONDS = 60.0
#: prctl(2)
_PR_SET_PDEATHSIG = 1


class Failed(Exception):
    """A step failed: what was waited for, and what was there instead."""


class Program:
    """One running program whose standard error goes to `log`."""

    def __init__(
        self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self._log = log.open("wb")
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, **(environment or {})},
            start_new_session=True,
            preexec_fn=_end_with_parent,
        )

    def announced(self, seconds: float = READY_SECONDS) -> dict[str, Any]:
        """The JSON line the program prints when it is ready. Raises Failed."""
        assert self.process.stdout is not None
        selector = selectors.DefaultSelector()
        selector.register(self.process.stdout, selectors.EVENT_READ)
        if not selector.select(seconds):
            raise Failed(f"{self.name} did not say that it is ready within {seconds:.0f} s (see {self._log.name})")
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"{self.name} ended with status {self.process.wait()} (see {self._log.name})")
        answer: dict[str, Any] = json.loads(line)
        return answer

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return self.process.poll() is None

    def kill(self) -> None:
        """End it and its children at once, as a pulled plug would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds: float = 10.0) -> None:
        """Ask it to end; after `seconds` it is killed."""
        if self.running:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        self._log.close()


def _end_with_parent() -> None:
    """Linux: this process is asked to end when whoever started it dies, however that happens."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def python(module: str, *arguments: str) -> list[str]:
    """The command line of a module of this project."""
    return [sys.executable, "-m", module, *arguments]


def run(module: str, *arguments: str, log: Path, seconds: float = 120.0) -> str:
    """Run a command of this project to its end; its output. Raises Failed with what it said."""
    with log.open("ab") as file:
        file.write(f"$ {module} {' '.join(arguments)}\n".encode())
    done = subprocess.run(
        python(module, *arguments), cwd=ROOT, capture_output=True, text=True, timeout=seconds, stdin=subprocess.DEVNULL
    )
    with log.open("ab") as file:
        file.write(done.stdout.encode() + done.stderr.encode())
    if done.returncode:
        raise Failed(f"{module} {arguments[0]} ended with status {done.returncode}: {done.stderr.strip()[-400:]}")
    return done.stdout


def until(what: str, seconds: float, look: Any, every: float = 0.1) -> Any:
    """Wait until `look()` is true and return it. Raises Failed saying what did not come."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise Failed(f"{what} did not come within {seconds:.0f} s")
        time.sleep(every)
