"""A device under /dev/input that is not there: umockdev's testbed, for programs that are started in its environment.

A testbed needs Debian's umockdev, gir1.2-umockdev-1.0 and python3-gi, and so the system's own Python: a simulator
starts itself again there. A program that shall see the device is started with the `environment` that is announced.
"""

from __future__ import annotations

import contextlib
import os
import struct
import sys
import threading
import time
from typing import Any

from drivers.simulators.control import WrongCommand

SYN, KEY = 0, 1
SYN_REPORT, SYN_DROPPED = 0, 3
_EVENT = struct.Struct("llHHi")
_BUS_USB = 3
_EBUSY, _EINVAL = 16, 22
_PRELOAD = "libumockdev-preload.so.0"
# A node number of its own for each plugging in, as the kernel gives when the last one is still in use.
_FIRST_NODE = 7


def start_in_testbed(module: str) -> None:
    """Start this simulator again under umockdev, with the Python that has its bindings; return when that is done."""
    if _PRELOAD not in os.environ.get("LD_PRELOAD", ""):
        os.execvp("umockdev-wrapper", ["umockdev-wrapper", "/usr/bin/python3", "-m", module, *sys.argv[1:]])


class InputTestbed:
    """One input device that can be plugged in and out; what is asked of it is remembered."""

    def __init__(self, name: str, vendor: int, product: int) -> None:
        import gi

        gi.require_version("UMockdev", "1.0")
        from gi.repository import GLib, UMockdev

        self.name, self.vendor, self.product = name, vendor, product
        self.link = f"/dev/input/by-id/usb-{name.replace(' ', '_')}-event-kbd"
        self.grabbed = False
        self.grabs = 0
        self.refuse_grab = False
        self._bed = UMockdev.Testbed.new()
        self._ioctls = _ioctls(self)
        self._node = _FIRST_NODE - 1
        self._handle = -1
        threading.Thread(target=GLib.MainLoop().run, name="ioctls", daemon=True).start()

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to see the device."""
        return {"LD_PRELOAD": _PRELOAD, "UMOCKDEV_DIR": self._bed.get_root_dir()}

    @property
    def plugged(self) -> bool:
        """Whether it is there."""
        return self._handle >= 0

    @property
    def _path(self) -> str:
        return f"/sys/devices/pci0000:00/usb1/1-1/input/input{self._node}"

    def plug(self, words: list[str]) -> dict[str, Any]:
        """`plug`"""
        if not self.plugged:
            self._node += 1
            node = f"/dev/input/event{self._node}"
            self._bed.add_from_string(
                f'P: {self._path[4:]}\nE: SUBSYSTEM=input\nE: NAME="{self.name}"\n'
                f"E: PRODUCT={_BUS_USB:x}/{self.vendor:x}/{self.product:x}/110\n\n"
                f"P: {self._path[4:]}/event{self._node}\nN: input/event{self._node}\nS: {self.link[5:]}\n"
                f"E: DEVNAME={node}\nE: DEVLINKS={self.link}\nE: SUBSYSTEM=input\nE: MAJOR=13\n"
                f"E: MINOR={64 + self._node}\nE: ID_INPUT=1\nE: ID_INPUT_KEY=1\nE: ID_INPUT_KEYBOARD=1\n"
            )
            self._bed.attach_ioctl(node, self._ioctls)
            self._handle = self._bed.get_dev_fd(node)
            self._bed.uevent(f"{self._path}/event{self._node}", "add")
        return {"plugged": True}

    def unplug(self, words: list[str]) -> dict[str, Any]:
        """`unplug`"""
        if self.plugged:
            handle, self._handle = self._handle, -1
            self.grabbed = False
            self._bed.detach_ioctl(f"/dev/input/event{self._node}")
            self._bed.uevent(f"{self._path}/event{self._node}", "remove")
            for path in (f"{self._path}/event{self._node}", self._path):
                self._bed.remove_device(path)
            for path in (f"/dev/input/event{self._node}", self.link):
                with contextlib.suppress(OSError):
                    os.unlink(self._bed.get_root_dir() + path)
            with contextlib.suppress(OSError):
                os.close(handle)
        return {"plugged": False}

    def send(self, *events: tuple[int, int, int]) -> None:
        """Events (type, code, value), and the report that ends them. Raises WrongCommand when it is not plugged in."""
        if not self.plugged:
            raise WrongCommand("it is not plugged in")
        now = time.time()
        os.write(
            self._handle,
            b"".join(_EVENT.pack(int(now), int(now % 1 * 1e6), *event) for event in (*events, (SYN, SYN_REPORT, 0))),
        )

    def key(self, code: int, value: int) -> None:
        """One key: 1 down, 0 up, 2 repeated."""
        self.send((KEY, code, value))


def _ioctls(device: InputTestbed) -> Any:
    """Answers what programs ask of an event device: linux/input.h."""
    from gi.repository import UMockdev

    class Ioctls(UMockdev.IoctlBase):
        def do_handle_ioctl(self, client: Any) -> bool:
            request = client.get_request() & 0xFFFFFFFF
            number, size = request & 0xFF, request >> 16 & 0x3FFF
            if number == 0x90:  # EVIOCGRAB: its argument is a number, not an address
                wanted = any(client.get_arg().data)
                if wanted and device.refuse_grab:
                    client.complete(-1, _EBUSY)
                    return True
                device.grabbed, device.grabs = wanted, device.grabs + wanted
                client.complete(0, 0)
                return True
            answers = {
                0x01: struct.pack("i", 0x010001),
                0x02: struct.pack("4H", _BUS_USB, device.vendor, device.product, 0x110),
                0x06: device.name.encode() + b"\0",
                0x07: b"usb-0000:00/input0\0",
                0x20: bytes([1 << SYN | 1 << KEY]),
                0x21: b"\xff" * size,
            }
            answer = answers.get(number, bytes(size) if 0x20 <= number < 0x40 else b"")[:size]
            if answer:
                client.get_arg().resolve(0, size).update(0, answer)
            client.complete(len(answer), 0) if answer else client.complete(-1, _EINVAL)
            return True

    return Ioctls()
