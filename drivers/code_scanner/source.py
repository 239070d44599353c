"""What a source of codes promises: camera.py, line_scanner.py and typing_scanner.py are three."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from drivers.code_scanner.framing import ENDS, LONGEST
from drivers.errors import ConfigError
from drivers.status import DeviceStatus

# A USB scanner pauses 20 ms at most within a code, a wireless one that types 100 ms.
PAUSE = 0.3


@dataclass(frozen=True)
class Ending:
    """What ends a code on a line or of keys: `end` is one of framing.ENDS (of keys, Enter is meant by cr, lf and crlf).

    "auto" takes any of them and silence; with an agreed end, silence throws away what has no end. `pause` is that
    silence in seconds, `longest` the most bytes or letters of a code.
    """

    end: str = "auto"
    pause: float = PAUSE
    longest: int = LONGEST

    def __post_init__(self) -> None:
        if self.end not in ENDS or not 0 < self.pause <= 10 or self.longest < 1:
            raise ConfigError(detail=f"end is one of {', '.join(ENDS)}; pause is up to 10 s; longest is 1 or more")


@dataclass(frozen=True)
class Watch:
    """What a source is given while it is followed."""

    stopping: threading.Event
    tell_codes: Callable[[list[str]], None]
    tell_status: Callable[[DeviceStatus], None]


class Source(Protocol):
    """One way codes come."""

    def follow(self, watch: Watch) -> None:
        """Tell codes and statuses until stopping. Returns or raises DriverError when the device is gone."""

    def wake(self) -> None:
        """From another thread: stopping was set, or something was plugged in."""

    def check(self, fresh: bool) -> DeviceStatus:
        """Ask now, while nobody follows. Never raises."""
