"""What an engine says to the screen, and how it comes to the screen's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What is composed after a command, and what `commit` finished. `text` is what `finish` was given.

    `lost`: the command itself was lost, because the worker was. `out`: there is no worker at all for the
    moment.
    """

    composing: str = ""
    candidates: tuple[str, ...] = ()
    page: int = 0
    has_more: bool = False
    commit: str = ""
    text: str = ""
    lost: bool = False
    out: bool = False


Callback = Callable[[Answer], None]
#: runs a function on the thread that wants the answers
Deliver = Callable[[Callable[[], None]], None]


def on_kivy_thread(function: Callable[[], None]) -> None:
    """Deliver to Kivy's thread."""
    from kivy.clock import Clock

    Clock.schedule_once(lambda _: function())
