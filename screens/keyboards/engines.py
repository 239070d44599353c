"""The engines of the terminal, one of each, started before the first visit and ended with the program."""

from __future__ import annotations

import atexit
from functools import cache

from screens.keyboards.handwriting import HandwritingInput
from screens.keyboards.pinyin import PinyinInput
from screens.keyboards.rare_input import RareInput


class Engines:
    """Pinyin, handwriting and rare characters."""

    def __init__(self) -> None:
        self.pinyin = PinyinInput()
        self.handwriting = HandwritingInput()
        self.rare = RareInput()

    def start(self) -> None:
        """Starts them all in the background."""
        self.pinyin.start()
        self.handwriting.start()
        self.rare.start()

    def stop(self) -> None:
        """Ends them all. Waits some seconds at most."""
        self.pinyin.stop()
        self.handwriting.stop()
        self.rare.stop()


@cache
def shared() -> Engines:
    """The terminal's own, started at the first call and ended with the program."""
    made = Engines()
    made.start()
    atexit.register(made.stop)
    return made
