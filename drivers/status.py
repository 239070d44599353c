"""What a device says of itself, in the words of XFS4IoT (CommonStatus, Printer and CardReader status)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class DeviceState(StrEnum):
    """The device as a whole."""

    ONLINE = "online"
    OFFLINE = "offline"
    POWER_OFF = "powerOff"
    NO_DEVICE = "noDevice"
    HARDWARE_ERROR = "hardwareError"
    USER_ERROR = "userError"
    DEVICE_BUSY = "deviceBusy"
    FRAUD_ATTEMPT = "fraudAttempt"
    POTENTIAL_FRAUD = "potentialFraud"
    STARTING = "starting"


class PaperState(StrEnum):
    """The paper supply of a printer."""

    UNKNOWN = "unknown"
    FULL = "full"
    LOW = "low"
    OUT = "out"
    JAMMED = "jammed"


class MediaState(StrEnum):
    """A card or a sheet somebody puts in or on the device."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    NOT_PRESENT = "notPresent"
    JAMMED = "jammed"
    ENTERING = "entering"
    RETRACTED = "retracted"


class TonerState(StrEnum):
    """Toner or ink."""

    FULL = "full"
    LOW = "low"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Supply:
    """Something that is used up. `level` is percent, None where the device does not say; `low_at` is the threshold
    under which somebody should bring more, percent, None where nobody set one.
    """

    name: str
    level: int | None = None
    low_at: int | None = None

    @property
    def low(self) -> bool:
        """Whether the device's own figure is under the threshold. False where either is unknown."""
        return self.level is not None and self.low_at is not None and self.level <= self.low_at


@dataclass(frozen=True)
class DeviceStatus:
    """A snapshot of one device.

    `detail` is a stable code for people who repair (never a citizen's data): "no-answer", "paper-out", ….
    `paper`, `media`, `toner` and `cover_open` are None where the device has no such part.
    """

    device: DeviceState
    detail: str = ""
    paper: PaperState | None = None
    media: MediaState | None = None
    toner: TonerState | None = None
    cover_open: bool | None = None
    supplies: tuple[Supply, ...] = ()

    @property
    def usable(self) -> bool:
        """True only if the device said that it can work now. Unknown is never fine."""
        return (
            self.device is DeviceState.ONLINE
            and self.paper not in (PaperState.UNKNOWN, PaperState.OUT, PaperState.JAMMED)
            and self.media not in (MediaState.UNKNOWN, MediaState.JAMMED)
            and self.toner not in (TonerState.UNKNOWN, TonerState.OUT)
            and self.cover_open is not True
        )

    def report(self) -> dict[str, Any]:
        """What is known, as plain values: parts the device does not have are left out."""
        said = {name: value for name, value in asdict(self).items() if value is not None and value != ()}
        return {name: value.value if isinstance(value, StrEnum) else value for name, value in said.items()}
