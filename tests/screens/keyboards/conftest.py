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
from screens.keyboards.handwriting import HandwritingInput
from screens.keyboards.pinyin import PinyinInput
from screens.keyboards.rare_input import RareInput
from screens.keyboards.rare_table import default_file, is_made, make
from tests.screens.keyboards.citizen import Citizen, Make, Step


@pytest.fixture(scope="session")
def data() -> Path:
    """The dictionary's folder, made on the spot where set-up has not."""
    folder = dictionary.default_folder()
    dictionary.ensure(folder)
    return folder


@pytest.fixture(scope="session")
def few_words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table like Debian's with all characters and a fortieth of the words: where it is about the making."""
    lines = dictionary.GENERAL_WORDS.read_text("utf-8").splitlines(keepends=True)
    rows = [line for line in lines if line.count("\t") == 2]
    kept = [line for number, line in enumerate(rows) if line.index("\t") == 1 or number % 40 == 0]
    table = tmp_path_factory.mktemp("words") / "table.txt"
    table.write_text("".join(kept), "utf-8")
    return table


@pytest.fixture(scope="module")
def small(few_words: Path) -> Iterator[None]:
    """Dictionaries made by this module's tests, here and in other processes, are of `few_words`."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(dictionary, "GENERAL_WORDS", few_words)
        patched.setenv("BIANMIN_GENERAL_WORDS", str(few_words))
        yield


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


@pytest.fixture(scope="session")
def handwriting() -> Iterator[HandwritingInput]:
    """Both handwriting engines, answering through Kivy's clock."""
    made = HandwritingInput()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def table() -> Path:
    """The table of rare characters, made on the spot where set-up has not."""
    if not is_made(default_file()):
        make(default_file())
    return default_file()


@pytest.fixture(scope="session")
def rare(table: Path) -> Iterator[RareInput]:
    """Rare characters, answering through Kivy's clock."""
    made = RareInput(table)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def sit_down(
    window: Any, engine: PinyinInput, handwriting: HandwritingInput, rare: RareInput, step: Step
) -> Iterator[Make]:
    made: list[Citizen] = []

    def make(layout: str = "pinyin", **values: Any) -> Citizen:
        made.append(Citizen(window, engine, step, layout=layout, handwriting=handwriting, rare=rare, **values))
        return made[-1]

    yield make
    for citizen in made:
        citizen.keyboard.reset()
        window.remove_widget(citizen.keyboard)
