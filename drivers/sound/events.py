"""What the sound tells. The first two answer a play(), with its number; the status comes by itself."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.status import DeviceStatus


@dataclass(frozen=True)
class PromptEnded:
    """The prompt is over: heard to its end, or broken off by another prompt, silence() or stop()."""

    number: int
    whole: bool


@dataclass(frozen=True)
class PromptFailed:
    """The prompt was not heard, or not to its end. `reason`: the code of the error ("no-device", "in-use", …)."""

    number: int
    reason: str


@dataclass(frozen=True)
class StatusChanged:
    """The device came, went or broke."""

    status: DeviceStatus


SoundEvent = PromptEnded | PromptFailed | StatusChanged
