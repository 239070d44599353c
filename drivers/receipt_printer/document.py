"""What stands on a receipt: typed lines, no bytes. The reprs show no text, as it may be a person's."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Heading:
    """Twice as large, in the middle."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class Text:
    """A paragraph; wrapped, and a line feed in it is kept."""

    text: str = field(repr=False)
    bold: bool = False


@dataclass(frozen=True)
class Field:
    """A label and its value; a long value is wrapped beside its label."""

    label: str = field(repr=False)
    value: str = field(repr=False)


@dataclass(frozen=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True)
class Qr:
    """A QR code in the middle. At most 700 bytes, so that a phone still reads it from thermal paper."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class Feed:
    """Empty lines."""

    lines: int = 1


Line = Heading | Text | Field | Rule | Qr | Feed


@dataclass(frozen=True)
class Receipt:
    """One piece of paper, cut at its end."""

    lines: tuple[Line, ...]

    def __init__(self, lines: tuple[Line, ...] | list[Line]) -> None:
        object.__setattr__(self, "lines", tuple(lines))
