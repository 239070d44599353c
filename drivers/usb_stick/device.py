"""The slot for a citizen's USB stick: whether one is in, what may be taken from it, and the bytes of a file.

The system mounts a stick read-only at `folder` and takes the folder away with it (docs/devices.md); nothing is mounted,
written or run here.
"""

from __future__ import annotations

from pathlib import Path

from drivers.errors import DeviceGone, HardwareFault, Refused
from drivers.status import DeviceState, DeviceStatus, MediaState
from drivers.usb_stick import listing
from drivers.usb_stick.listing import StickFile


class UsbStick:
    """A stick is in while `folder` is there. The folder above it is there always: the slot itself."""

    def __init__(self, folder: str = "/run/bianmin/usb/stick") -> None:
        """Opens nothing."""
        self._folder = folder

    @property
    def present(self) -> bool:
        """Whether a stick is in."""
        return Path(self._folder).is_dir() and not Path(self._folder).is_symlink()

    def check(self) -> DeviceStatus:
        """Look now. Never raises. noDevice "no-slot": the system's mounting unit is not there."""
        if not Path(self._folder).parent.is_dir():
            return DeviceStatus(DeviceState.NO_DEVICE, "no-slot", media=MediaState.UNKNOWN)
        if not self.present:
            broken = Path(self._folder).is_symlink() or Path(self._folder).exists()
            state = DeviceState.USER_ERROR if broken else DeviceState.ONLINE
            media = MediaState.UNKNOWN if broken else MediaState.NOT_PRESENT
            return DeviceStatus(state, "not-a-stick" if broken else "", media=media)
        return DeviceStatus(DeviceState.ONLINE, media=MediaState.PRESENT)

    def look_again(self) -> None:
        """Something was plugged in. Each look is a new one: there is no pause to end."""

    def files(self) -> list[StickFile]:
        """What may be taken, at most `listing.MOST_FILES`. Raises DeviceGone, HardwareFault."""
        try:
            return listing.listed(self._folder)
        except OSError as error:
            raise self._error(error) from None

    def read(self, file: StickFile) -> bytes:
        """The bytes of a listed file. Raises DeviceGone, HardwareFault, Refused ("changed" since it was listed)."""
        try:
            content = listing.read(self._folder, file)
        except OSError as error:
            raise self._error(error) from None
        if content is None:
            raise Refused("changed")
        return content

    def _error(self, error: OSError) -> DeviceGone | HardwareFault:
        # the error's own text has the file's name in it
        return HardwareFault("unreadable", type(error).__name__) if self.present else DeviceGone("no-stick")
