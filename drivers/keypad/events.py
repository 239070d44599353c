"""What a keypad tells by itself. Keys may be a person's secret and are not shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.status import DeviceStatus


@dataclass(frozen=True)
class KeyPressed:
    """A key went down: one for each press, however long it lasts."""

    key: str = field(repr=False)


@dataclass(frozen=True)
class KeyRepeated:
    """A key is still down: many a second after the first quarter of one, as text fields want it."""

    key: str = field(repr=False)


@dataclass(frozen=True)
class KeyHeld:
    """A key has been down for codec.LONG_PRESS seconds: told once a press."""

    key: str = field(repr=False)


@dataclass(frozen=True)
class StatusChanged:
    """The keypad itself changed."""

    status: DeviceStatus


KeyEvent = KeyPressed | KeyRepeated | KeyHeld
KeypadEvent = KeyEvent | StatusChanged
