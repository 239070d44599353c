"""What a scan gives, and what it tells on its way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, repr=False)
class Page:
    """One side of a sheet, as a file in memory. `number` begins with 1; width and height are pixels."""

    number: int
    image: bytes
    media_type: str
    width: int
    height: int
    dpi: int

    def __repr__(self) -> str:
        return f"Page({self.number}, {self.width}x{self.height}, {self.dpi} dpi, {self.media_type})"


@dataclass(frozen=True)
class ScanProgress:
    """The page that is being read, and how much of it is."""

    page: int
    percent: int


ScanEvent = ScanProgress
