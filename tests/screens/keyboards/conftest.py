"""A dictionary made once, a pinyin engine, and a window without a screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from screens import environment
from screens.keyboards import dictionary
from screens.keyboards.pinyin import PinyinInput


@pytest.fixture(scope="session")
def data() -> Path:
    """The dictionary's folder, made on the spot where set-up has not."""
    folder = dictionary.default_folder()
    dictionary.ensure(folder)
    return folder


@pytest.fixture(scope="session")
def window() -> Any:
    """Kivy's window, drawn nowhere; the one another test of this process has opened, if any."""
    if "kivy.core.window" not in sys.modules:
        if "DISPLAY" not in os.environ:
            os.environ["SDL_VIDEODRIVER"] = "offscreen"
        environment.prepare(1080, 1920)
    from kivy.base import EventLoop

    EventLoop.ensure_window()
    return EventLoop.window


@pytest.fixture(scope="session")
def engine(data: Path) -> Iterator[PinyinInput]:
    """The engine behind all keyboards of the session, answering through Kivy's clock."""
    made = PinyinInput(data)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def step(window: Any) -> Callable[[Callable[[], bool]], None]:
    """Runs Kivy until something is so; fails after ten seconds."""
    import time

    from kivy.base import EventLoop

    def run(done: Callable[[], bool]) -> None:
        until = time.monotonic() + 10
        while not done():
            assert time.monotonic() < until, "it did not happen within ten seconds"
            EventLoop.idle()

    return run
