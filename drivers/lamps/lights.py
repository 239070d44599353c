"""Which light is which coil, how it flashes, and when it is lit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from drivers.errors import ConfigError
from drivers.lamps import codec


class Flash(StrEnum):
    """XFS4IoT's flashRate."""

    OFF = "off"
    SLOW = "slow"
    MEDIUM = "medium"
    QUICK = "quick"
    CONTINUOUS = "continuous"


class Colour(StrEnum):
    """XFS4IoT's color."""

    RED = "red"
    GREEN = "green"
    YELLOW = "yellow"
    BLUE = "blue"
    CYAN = "cyan"
    MAGENTA = "magenta"
    WHITE = "white"


# Seconds from lit to lit. More than three flashes a second can hurt (WCAG 2.3.1), and relays wear.
PERIOD = {Flash.SLOW: 2.0, Flash.MEDIUM: 1.0, Flash.QUICK: 0.5}


def lit(flash: Flash, seconds: float) -> bool:
    """Whether a lamp is lit so many seconds after it began to flash: the first half of each period."""
    if flash in PERIOD:
        return seconds % PERIOD[flash] < PERIOD[flash] / 2
    return flash is Flash.CONTINUOUS


def until_change(flash: Flash, seconds: float) -> float:
    """Seconds until a lamp changes next; infinite for one that stays as it is."""
    if flash not in PERIOD:
        return float("inf")
    half = PERIOD[flash] / 2
    return half - seconds % half


@dataclass(frozen=True)
class Lights:
    """The lights of one board: light -> colour ("" where it has but one) -> coil."""

    coils: Mapping[str, Mapping[str, int]]

    @classmethod
    def named(cls, table: Mapping[str, Any]) -> Lights:
        """From devices.toml. Raises ConfigError."""
        found: dict[str, dict[str, int]] = {}
        for name, coil in table.items():
            light, dot, colour = name.partition(".")
            if not light or (dot and colour not in list(Colour)):
                raise ConfigError(detail="a light is named as cardReader, or cardReader.green")
            if not isinstance(coil, int) or isinstance(coil, bool) or not 0 <= coil <= codec.HIGHEST_COIL:
                raise ConfigError(detail=f"{name} needs the number of a coil")
            found.setdefault(light, {})[colour] = coil
        every = [coil for colours in found.values() for coil in colours.values()]
        if not every or len(set(every)) < len(every):
            raise ConfigError(detail="lights needs at least one light, and a coil for each of its own")
        if any("" in colours and len(colours) > 1 for colours in found.values()):
            raise ConfigError(detail="a light has a coil, or a coil for each colour, not both")
        return cls(found)

    @property
    def all(self) -> tuple[int, ...]:
        """Every coil, in order."""
        return tuple(sorted(coil for colours in self.coils.values() for coil in colours.values()))

    def coil(self, light: str, colour: str | None = None) -> int:
        """The coil that lights it; no colour is its first, and a lamp of one colour has it whatever was asked.

        Raises ConfigError ("no-light", "no-colour").
        """
        colours = self.coils.get(light)
        if colours is None:
            raise ConfigError("no-light", f"there are {', '.join(self.coils)}")
        if colour is not None and colour not in list(Colour):
            raise ConfigError("no-colour", f"there are {', '.join(Colour)}")
        if colour is None or "" in colours:
            return next(iter(colours.values()))
        if colour not in colours:
            raise ConfigError("no-colour", f"{light} has {', '.join(colours)}")
        return colours[colour]
