"""Simulators as separate programs, and a list of events one can wait on."""

from __future__ import annotations

import json
import queue
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from drivers.simulators.control import command

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN = 20.0  # seconds, on a busy machine


class Simulator:
    """A running simulator: what it announced as attributes of `said`, and its commands."""

    def __init__(self, name: str, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"drivers.simulators.{name}", "--with-parent", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], START_WITHIN)
        assert ready, f"{name} did not start"
        self.said: dict[str, Any] = json.loads(self.process.stdout.readline())

    def __call__(self, line: str) -> dict[str, Any]:
        answer = command(self.said["control"], line)
        assert answer["ok"], answer
        return answer

    def stop(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(20)


class StartSimulator(Protocol):
    def __call__(self, name: str, *options: str) -> Simulator: ...


@pytest.fixture
def simulator() -> Iterator[StartSimulator]:
    """Starts simulators that end with the test."""
    running: list[Simulator] = []

    def start(name: str, *options: str) -> Simulator:
        running.append(Simulator(name, *options))
        return running[-1]

    yield start
    for one in running:
        one.stop()


class Events:
    """A handler that remembers; `wait` takes events in order until one fits."""

    def __init__(self) -> None:
        self._queue: queue.Queue[Any] = queue.Queue()
        self.seen: list[Any] = []

    def __call__(self, event: Any) -> None:
        self._queue.put(event)

    def wait(self, kind: type[Any], fits: Callable[[Any], bool] = lambda event: True, timeout: float = 10) -> Any:
        deadline = time.monotonic() + timeout
        while True:
            try:
                event = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no {kind.__name__} in {timeout} s; seen {self.seen}") from None
            self.seen.append(event)
            if isinstance(event, kind) and fits(event):
                return event

    def none_of(self, kind: type[Any], seconds: float) -> None:
        """Fail if such an event comes within this time."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                event = self._queue.get(timeout=left)
            except queue.Empty:
                return
            self.seen.append(event)
            assert not isinstance(event, kind), event


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def run() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a driver's command line."""

    def start(*words: str, timeout: float = 30) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return start
