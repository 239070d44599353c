"""What each model of printer can do, and what it can be believed in: profiles.toml, one table a model."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from drivers.errors import ConfigError

CELL = 12  # dots of a half-width column in font A, on every model listed
DEFAULT = "generic-80"


@dataclass(frozen=True)
class Profile:
    """One model. The fields are described at the head of profiles.toml."""

    name: str
    source: str
    escpos: str
    dots: int
    font: Literal["gb2312", "gbk", "gb18030-2byte", "none"]
    dle_eot: tuple[int, ...]
    gs_r: Literal["yes", "no", "ask"]
    asb: bool
    near_end: bool
    cover: bool
    cutter: Literal["full", "partial", "none"]
    clear: bool
    qr: Literal["native", "raster"]
    raster_rows: int
    speed: int
    connections: int
    baudrate: int

    @property
    def columns(self) -> int:
        """Half-width characters a line."""
        return self.dots // CELL

    @property
    def answers(self) -> bool:
        """Whether anything it says can be waited for: a printer without its own status is never known to be fine."""
        return 1 in self.dle_eot and 4 in self.dle_eot


@cache
def _tables() -> dict[str, Profile]:
    text = (Path(__file__).parent / "profiles.toml").read_text(encoding="utf-8")

    def made(name: str, table: dict[str, Any]) -> Profile:
        values: dict[str, Any] = {key: tuple(said) if isinstance(said, list) else said for key, said in table.items()}
        return Profile(name=name, **values)

    return {name: made(name, table) for name, table in tomllib.loads(text).items()}


def models() -> tuple[str, ...]:
    """The names of all profiles."""
    return tuple(_tables())


def profile(model: str = "") -> Profile:
    """The profile of a model, generic-80 for "". Raises ConfigError for a model nobody described."""
    try:
        return _tables()[model or DEFAULT]
    except KeyError:
        raise ConfigError(detail=f"model is one of {', '.join(models())}") from None
