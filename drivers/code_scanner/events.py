"""What a scanner tells by itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from drivers.status import DeviceStatus


@dataclass(frozen=True)
class CodeRead:
    """A code was scanned. The text may be a person's and is not shown."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class StatusChanged:
    """The scanner itself changed."""

    status: DeviceStatus


CodeEvent = CodeRead | StatusChanged
