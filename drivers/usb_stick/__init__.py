"""A citizen's USB stick (U 盘), mounted read-only by the system: its PDF, JPEG and PNG files, and nothing else."""

from drivers.usb_stick.device import UsbStick
from drivers.usb_stick.listing import StickFile

__all__ = ["StickFile", "UsbStick"]
