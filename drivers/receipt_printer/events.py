"""What a receipt printer tells by itself, without being asked."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.status import DeviceStatus


@dataclass(frozen=True)
class StatusChanged:
    """Its status is another one than before: the cover was opened, paper is near its end, it is gone, it is back."""

    status: DeviceStatus


Event = StatusChanged
