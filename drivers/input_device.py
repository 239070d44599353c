"""Keys of a device the kernel shows under /dev/input: a scanner that types, a keypad. Grabbed, so that nobody else
gets its keys.

    evdev:/dev/input/by-id/usb-…-event-kbd    a path
    evdev:0c2e:0200                           vendor and product in hex
    evdev:Honeywell Scanner                   the name the device gives itself
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import logging
import os
import re
import select
import struct
from typing import NamedTuple

import pyudev
from evdev import ecodes

from drivers.errors import ConfigError, DeviceGone

log = logging.getLogger(__name__)

SCHEME = "evdev:"
UP, DOWN, REPEAT = 0, 1, 2
# The code of an event that says: keys were lost before this, none is known to be down.
LOST = -1

_IDS = re.compile(r"[0-9a-fA-F]{4}:[0-9a-fA-F]{4}")
# struct input_event and EVIOCGRAB of linux/input.h
_EVENT = struct.Struct("llHHi")
_GRAB = 0x40044590
_READ_AT_ONCE = 64 * _EVENT.size
# An event device always knows EVIOCGRAB. What does not know it (a pipe, a recording) is no keyboard to others either.
_NO_GRAB = (errno.ENOTTY, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS)
_WHY = {errno.EBUSY: "in-use", errno.EACCES: "not-allowed", errno.EPERM: "not-allowed"}


class KeyEvent(NamedTuple):
    """One key: its number in linux/input-event-codes.h, and UP, DOWN or REPEAT."""

    code: int
    value: int


def parse_place(address: str) -> str:
    """The place in an address "evdev:…". Raises ConfigError."""
    place = address.removeprefix(SCHEME).strip()
    if not place or (not address.startswith(SCHEME) and not place.startswith("/")):
        raise ConfigError(detail="an input device is evdev:/dev/input/…, evdev:vendor:product or evdev:NAME")
    return place


def find(place: str) -> list[str]:
    """The device files of this path, vendor:product or name; several where one device has several of keys.

    Raises DeviceGone when there is none now.
    """
    if place.startswith("/"):
        if not os.path.exists(place):
            raise DeviceGone(detail="no such input device")
        return [place]
    try:
        events = [
            device
            for device in pyudev.Context().list_devices(subsystem="input")
            if device.device_node and device.sys_name.startswith("event")
        ]
    except OSError as error:
        raise DeviceGone(detail=type(error).__name__) from error
    fitting = [device for device in events if _fits(device, place)]
    # a scanner may be a mouse too; udev says which of its parts has keys
    of_keys = [device for device in fitting if "ID_INPUT_KEY" in device or "ID_INPUT_KEYBOARD" in device]
    if not fitting:
        raise DeviceGone(detail="no such input device")
    return sorted(str(device.device_node) for device in of_keys or fitting)


def _fits(device: pyudev.Device, place: str) -> bool:
    """Whether an event device has these ids or this name; its parent says so, and for USB the device both are of."""
    parent = device.parent
    if _IDS.fullmatch(place):
        ids = [f"{int(number, 16):x}" for number in place.split(":")]
        product = str(parent.properties.get("PRODUCT", "")).split("/") if parent is not None else []
        udev = [str(device.properties.get(name, "")).lstrip("0").lower() for name in ("ID_VENDOR_ID", "ID_MODEL_ID")]
        return product[1:3] == ids or udev == ids
    name = str(parent.properties.get("NAME", "")).strip('"') if parent is not None else ""
    return bool(name) and name.strip().casefold() == place.removeprefix("name=").strip().casefold()


class InputDevice:
    """Opened and grabbed. One thread at a time."""

    def __init__(self, place: str) -> None:
        """Raises DeviceGone ("gone", "in-use", "not-allowed")."""
        self._rest: dict[int, bytes] = {}
        self._lost: set[int] = set()
        self._poll = select.poll()
        try:
            for path in find(place):
                handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
                self._rest[handle] = b""
                self._grab(handle)
                self._poll.register(handle, select.POLLIN)
        except OSError as error:
            self.close()
            raise DeviceGone(_WHY.get(error.errno or 0, "gone"), type(error).__name__) from error

    def _grab(self, handle: int) -> None:
        try:
            fcntl.ioctl(handle, _GRAB, 1)
        except OSError as error:
            if error.errno not in _NO_GRAB:
                raise
            log.warning("an input device cannot be grabbed: errno %s", error.errno)

    def read(self, timeout: float) -> list[KeyEvent]:
        """The keys that have come; none when none came within `timeout` seconds. Raises DeviceGone."""
        events: list[KeyEvent] = []
        try:
            for handle, _ in self._poll.poll(max(0.0, timeout) * 1000):
                data = os.read(handle, _READ_AT_ONCE)
                if not data:
                    raise DeviceGone()
                data = self._rest[handle] + data
                whole = len(data) - len(data) % _EVENT.size
                self._rest[handle] = data[whole:]
                events += self._keys(handle, data[:whole])
        except BlockingIOError:
            pass
        except OSError as error:  # ENODEV when it is unplugged
            raise DeviceGone(detail=type(error).__name__) from error
        return events

    def _keys(self, handle: int, data: bytes) -> list[KeyEvent]:
        keys = []
        for _, _, kind, code, value in _EVENT.iter_unpack(data):
            if kind == ecodes.EV_SYN:
                # after SYN_DROPPED all up to the next SYN_REPORT is worth nothing (Documentation/input/event-codes)
                if code == ecodes.SYN_DROPPED:
                    self._lost.add(handle)
                    keys.append(KeyEvent(LOST, UP))
                elif code == ecodes.SYN_REPORT:
                    self._lost.discard(handle)
            elif kind == ecodes.EV_KEY and handle not in self._lost and value in (UP, DOWN, REPEAT):
                keys.append(KeyEvent(code, value))
        return keys

    def close(self) -> None:
        """Let go of the device and of the grab. Never raises; may be called twice."""
        for handle in self._rest:
            with contextlib.suppress(OSError):
                fcntl.ioctl(handle, _GRAB, 0)
            with contextlib.suppress(OSError):
                os.close(handle)
        self._rest = {}
