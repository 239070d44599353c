"""What happens to a journey besides intents and device events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Tick:
    """A quarter of a second has passed."""


@dataclass(frozen=True)
class Then:
    """A job is done: `run` on the terminal's thread."""

    run: Callable[[], None]


@dataclass(frozen=True)
class Health:
    """A new snapshot of every device, by name; whether the page printer prints, and whether it soon may not."""

    devices: dict[str, dict[str, object]]
    can_print: bool
    print_low: bool = False
