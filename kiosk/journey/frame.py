"""What stands around every page, as data: bars, buttons, and what is laid over the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Step:
    """The step line: step `number` of `total`, called `name`."""

    number: int
    total: int
    name: str


@dataclass(frozen=True)
class Aloud:
    """The page can be read aloud. While it is (`reading`), what is heard stands from `start` to `end` of the text at
    `part` of the view's `spoken`; -1 before the first sentence is heard.
    """

    reading: bool = False
    part: int = -1
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Chrome:
    """What stands around every page. `freshness` says how new the items are."""

    hall: str
    terminal: str
    freshness: str
    #: for whom and with whom: "替李样本办理 · 帮办员王帮办在场", or ""
    acting: str = ""
    language: str = "zh"
    care: bool = False
    network: Literal["online", "offline", "unknown"] = "unknown"
    step: Step | None = None
    #: label of the outline button, or "" for none
    back: str = ""
    #: label of the filled button, or "" for none
    forward: str = ""
    forward_enabled: bool = True
    #: what is there can be saved and finished later
    saves: bool = False
    #: None where the page cannot be read aloud
    aloud: Aloud | None = None


@dataclass(frozen=True)
class Notice:
    """Laid over a page: `leave` asks whether to end, `idle` asks whether anybody is there, `help` says who helps,
    `longest` says that a visit takes no longer, `card` asks for the ID card back on the reader (no button does that).

    `seconds` counts down to leaving by itself; None does not count. `saves`: what is there can be saved instead.
    """

    kind: Literal["leave", "idle", "help", "longest", "card"]
    title: str
    line: str
    seconds: int | None = None
    saves: bool = False
