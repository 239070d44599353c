"""Every error a driver raises. No message holds anything of a person: a stable code and a port at most."""

from __future__ import annotations


class DriverError(Exception):
    """The root. `code` is stable and says what is wrong in one word ("no-answer", "bad-checksum", …)."""

    code = "driver-error"

    def __init__(self, code: str = "", detail: str = "") -> None:
        self.code = code or type(self).code
        self.detail = detail
        super().__init__(f"{self.code}: {detail}" if detail else self.code)


class DeviceGone(DriverError):
    """The port, the stream or the network address cannot be opened, or closed under us."""

    code = "gone"


class NoAnswer(DriverError):
    """The device is connected and stayed silent for longer than it may."""

    code = "no-answer"


class BadAnswer(DriverError):
    """The device answered bytes that its protocol does not allow."""

    code = "bad-answer"


class CardUnreadable(DriverError):
    """The reader works and the card on it gave no text that can be trusted."""

    code = "unreadable"


class CameraError(DriverError):
    """No frame that may be used."""

    code = "camera"


class CameraGone(CameraError, DeviceGone):
    """No stream, or it ended, or no frame came in time."""

    code = "gone"


class CameraFrozen(CameraError):
    """The stream goes on and its picture does not change, not even by sensor noise."""

    code = "frozen"


class CameraDark(CameraError):
    """The picture is black: lens covered or light broken."""

    code = "dark"


class CameraBusy(CameraError):
    """The camera is there and somebody else looks through it ("in-use"), one of our own programs ("in-use-here")."""

    code = "in-use"


class CameraGarbled(CameraError):
    """What the camera sends is no whole picture."""

    code = "bad-picture"


class PromptUnplayable(DriverError):
    """The sound cannot be played on any device: no WAV file, or one of another kind."""

    code = "unplayable"


class ConfigError(DriverError):
    """devices.toml names a device in a way that cannot be understood."""

    code = "config"


class Refused(DriverError):
    """The device cannot do, or will not do, what was asked; nothing was begun."""

    code = "not-supported"


class DeviceBusy(DriverError):
    """The device works for somebody else; ask again later."""

    code = "busy"


class NotAllowed(DriverError):
    """The device wants a password, or the system's rights do not let us."""

    code = "not-allowed"


class NeedsHand(DriverError):
    """Somebody must go to the device and do something."""

    code = "needs-hand"


class CoverOpen(NeedsHand):
    """A cover, a lid or a door is open."""

    code = "cover-open"


class MediaJammed(NeedsHand):
    """A sheet is stuck in the device."""

    code = "jam"


class FeederEmpty(NeedsHand):
    """Nothing lies in the feeder."""

    code = "feeder-empty"


class HardwareFault(DriverError):
    """The device, or its driver, failed in itself: repair or restart it."""

    code = "hardware-error"


class Cancelled(DriverError):
    """Whoever asked took it back, or somebody pressed stop on the device."""

    code = "cancelled"
