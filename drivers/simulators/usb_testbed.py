"""A USB device that is not there: umockdev's testbed under the real libusb and the real hidraw search.

A testbed needs Debian's umockdev, gir1.2-umockdev-1.0 and python3-gi, and so the system's own Python: a simulator
starts itself again there. A program that shall see the device is started with the `environment` that is announced.

The device is a Line: what the host writes to a bulk endpoint it takes, what it gives comes back in packets of 64 bytes
(usbdevice_fs.h: SUBMITURB, REAPURB…). /dev/hidraw* is a pty, so reports keep their order but not their bounds.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import struct
import sys
import threading
import tty
from typing import Any, Protocol

_PRELOAD = "libumockdev-preload.so.0"
PACKET = 64
_EAGAIN, _EBUSY, _ENODEV, _EINVAL = 11, 16, 19, 22
_ESHUTDOWN, _ENOENT = 108, 2
# usbdevice_fs.h, 64 bits
_SUBMITURB, _DISCARDURB, _REAPURB, _REAPURBNDELAY = 0x8038550A, 0x550B, 0x4008550C, 0x4008550D
_CLAIM, _RELEASE, _GET_CAPABILITIES = 0x8004550F, 0x80045510, 0x8004551A
_ACCEPTED = (_GET_CAPABILITIES, 0x80045505, 0x80085504, 0x80045515, 0x5514)
# struct usbdevfs_urb: type, endpoint, status, flags, buffer, buffer_length, actual_length
_URB, _URB_SIZE = struct.Struct("BBxxiIxxxxPii"), 56
_STATUS, _BUFFER, _ACTUAL = 4, 16, 28
# A reap that has nothing to give is held so long, or the host would ask without pause; milliseconds.
_HOLD, _TICK = 10, 1


class Device(Protocol):
    """What hangs on the bus."""

    def take(self, data: bytes) -> None:
        """Bytes of the host."""

    def due(self) -> list[bytes]:
        """What shall go to the host now."""

    def clear(self) -> None:
        """It was pulled out."""


def start_in_testbed(module: str) -> None:
    """Start this simulator again under umockdev, with the Python that has its bindings; return when that is done."""
    if _PRELOAD not in os.environ.get("LD_PRELOAD", ""):
        os.execvp("umockdev-wrapper", ["umockdev-wrapper", "/usr/bin/python3", "-m", module, *sys.argv[1:]])


def descriptors(vendor: int, product: int) -> bytes:
    """A full-speed device with one vendor-specific interface: bulk out 02 and 06, bulk in 81 and 85."""
    endpoints = b"".join(bytes([7, 5, address, 2, PACKET, 0, 0]) for address in (0x02, 0x06, 0x81, 0x85))
    interface = bytes([9, 4, 0, 0, 4, 0xFF, 0, 0, 0]) + endpoints
    configuration = bytes([9, 2]) + struct.pack("<H", 9 + len(interface)) + bytes([1, 1, 0, 0x80, 50]) + interface
    device = bytes([18, 1, 0, 2, 0, 0, 0, 64]) + struct.pack("<HHH", vendor, product, 0x100) + bytes([0, 0, 0, 1])
    return device + configuration


class UsbTestbed:
    """One device that can be plugged in and out. Everything happens on the thread of GLib's main loop."""

    def __init__(self, vendor: int, product: int, device: Device, hid: bool) -> None:
        import gi

        gi.require_version("UMockdev", "1.0")
        from gi.repository import GLib, UMockdev

        self.vendor, self.product, self.device, self._hid = vendor, product, device, hid
        self._glib = GLib
        self._bed = UMockdev.Testbed.new()
        self._urbs = _urbs(self)
        self._number = 1
        self._handle = -1
        self.plugged = False
        self._root_hub()
        threading.Thread(target=GLib.MainLoop().run, name="usb", daemon=True).start()

    @property
    def environment(self) -> dict[str, str]:
        """What a program needs to see the device."""
        return {"LD_PRELOAD": _PRELOAD, "UMOCKDEV_DIR": self._bed.get_root_dir()}

    def _root_hub(self) -> None:
        attributes = ["busnum", "1\n", "devnum", "1\n", "speed", "480\n", "bConfigurationValue", "1\n"]
        hub = self._bed.add_device("usb", "usb1", None, attributes, ["DEVTYPE", "usb_device"])
        self._bed.set_attribute_binary(hub, "descriptors", descriptors(0x1D6B, 0x0002))

    def plug(self) -> None:
        """Push the cable in."""
        if self.plugged:
            return
        self.plugged = True
        self._number += 1
        attributes = [
            "busnum", "1\n", "devnum", f"{self._number}\n", "speed", "12\n", "bConfigurationValue", "1\n",
            "idVendor", f"{self.vendor:04x}\n", "idProduct", f"{self.product:04x}\n",
        ]  # fmt: skip
        properties = ["DEVTYPE", "usb_device", "DEVNAME", self._node, "BUSNUM", "001", "DEVNUM", f"{self._number:03d}"]
        path = self._bed.get_root_dir() + self._node
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(descriptors(self.vendor, self.product))
        self._urbs.begin()
        self._bed.attach_ioctl(self._node, self._urbs)
        device = self._bed.add_device("usb", "1-1", "/sys/devices/usb1", attributes, properties)
        self._bed.set_attribute_binary(device, "descriptors", descriptors(self.vendor, self.product))
        if self._hid:
            self._plug_hid()
        self._bed.uevent(device, "add")

    def _plug_hid(self) -> None:
        numbers = f"0003:{self.vendor:08X}:{self.product:08X}"
        place = self._hid_place
        self._bed.add_from_string(
            f"P: {place}\nE: SUBSYSTEM=hid\nE: HID_ID={numbers}\n\n"
            f"P: {place}/hidraw/{self._hidraw}\nN: {self._hidraw}\nE: DEVNAME=/dev/{self._hidraw}\n"
            f"E: SUBSYSTEM=hidraw\nE: MAJOR=240\nE: MINOR={self._number}\n"
        )
        self._handle = self._bed.get_dev_fd(f"/dev/{self._hidraw}")
        tty.setraw(self._handle)
        os.set_blocking(self._handle, False)
        self._glib.timeout_add(_TICK, self._reports, self._handle)

    def _reports(self, handle: int) -> bool:
        if handle != self._handle:
            return False
        with contextlib.suppress(OSError):  # nothing there, or no program has it open
            self.device.take(os.read(handle, 4096))
        for piece in self.device.due():
            with contextlib.suppress(OSError):
                os.write(handle, piece)
        return True

    def unplug(self) -> None:
        """Pull the cable out."""
        if not self.plugged:
            return
        self.plugged = False
        self.device.clear()
        self._urbs.end()
        places = ["/devices/usb1/1-1"]
        if self._hid:
            places = [f"{self._hid_place}/hidraw/{self._hidraw}", self._hid_place, *places]
        for place in places:
            self._bed.uevent(f"/sys{place}", "remove")
            self._bed.remove_device(f"/sys{place}")
        names = [self._node]
        if self._handle >= 0:
            names.append(f"/dev/{self._hidraw}")
            os.close(self._handle)
            self._handle = -1
        for name in names:
            with contextlib.suppress(OSError):
                os.unlink(self._bed.get_root_dir() + name)

    @property
    def _hid_place(self) -> str:
        return f"/devices/usb1/1-1/1-1:1.0/0003:{self.vendor:04X}:{self.product:04X}.0001"

    @property
    def _hidraw(self) -> str:
        # another for each plugging in, as the kernel gives while a program still holds the last one
        return f"hidraw{self._number}"

    @property
    def _node(self) -> str:
        return f"/dev/bus/usb/001/{self._number:03d}"

    def end(self) -> None:
        """Leave nothing behind: the bindings do not."""
        shutil.rmtree(self._bed.get_root_dir(), ignore_errors=True)

    def soon(self, call: Any) -> None:
        """Call it on the thread of the bus."""
        self._glib.idle_add(lambda: bool(call()))


def _urbs(bed: UsbTestbed) -> Any:
    """Answers what libusb asks of a device file."""
    from gi.repository import GLib, UMockdev

    class Urbs(UMockdev.IoctlBase):
        # The host's memory can be reached only while one of its calls waits, and umockdev runs the main loop meanwhile.
        busy = False

        def begin(self) -> None:
            """Plugged in, or another program's turn."""
            self.waiting: list[tuple[Any, int]] = []  # urb, room
            self.done: list[tuple[Any, int, int, bytes]] = []  # urb, status, actual length, packet
            self.packets: list[bytes] = []
            self.held: Any = None
            self.owner: Any = None

        def end(self) -> None:
            """Pulled out: what waits ends as the kernel ends it."""
            self.done += [(urb, -_ESHUTDOWN, 0, b"") for urb, _ in self.waiting]
            self.waiting.clear()
            self.packets.clear()

        def do_handle_ioctl(self, client: Any) -> bool:
            request = client.get_request() & 0xFFFFFFFF
            if request in (_REAPURB, _REAPURBNDELAY):
                self.held = client
                if self.tick():
                    GLib.timeout_add(_TICK, self.tick)
                    GLib.timeout_add(_HOLD, self.let_go, client)
                return True
            self.busy = True
            result, error = self.ask(request, client)
            self.busy = False
            client.complete(result, error)
            return True

        def ask(self, request: int, client: Any) -> tuple[int, int]:
            """One call; its result and errno."""
            if not bed.plugged:
                return -1, _ENODEV
            if request == _CLAIM:
                if self.owner not in (None, client) and self.owner.get_connected():
                    return -1, _EBUSY
                self.begin()
                self.owner = client
                return 0, 0
            if request == _RELEASE:
                self.begin()
                return 0, 0
            if request == _SUBMITURB:
                return self.submit(client.get_arg().resolve(0, _URB_SIZE))
            if request == _DISCARDURB:
                return self.discard(int.from_bytes(bytes(client.get_arg().retrieve())[:8], "little"))
            return (0, 0) if request in _ACCEPTED else (-1, _EINVAL)

        def submit(self, urb: Any) -> tuple[int, int]:
            _, endpoint, _, _, _, length, _ = _URB.unpack(bytes(urb.retrieve())[: _URB.size])
            if endpoint & 0x80:
                self.waiting.append((urb, length))
            else:
                bed.device.take(bytes(urb.resolve(_BUFFER, length).retrieve()) if length else b"")
                self.done.append((urb, 0, length, b""))
            return 0, 0

        def discard(self, address: int) -> tuple[int, int]:
            for one in self.waiting:
                if one[0].client_addr == address:
                    self.waiting.remove(one)
                    self.done.append((one[0], -_ENOENT, 0, b""))
                    return 0, 0
            return -1, _EINVAL

        def tick(self) -> bool:
            """Let a held reap go when there is something for it. True while one is held."""
            if self.busy or self.held is None:
                return self.held is not None
            for piece in bed.device.due() if bed.plugged else []:
                self.packets += [piece[at : at + PACKET] for at in range(0, len(piece), PACKET)]
            while self.packets and self.waiting:
                urb, room = self.waiting.pop(0)
                packet = self.packets.pop(0)[:room]
                self.done.append((urb, 0, len(packet), packet))
            if self.done:
                client, self.held = self.held, None
                self.busy = True
                self.give(client, *self.done.pop(0))
                self.busy = False
                client.complete(0, 0)
            elif not bed.plugged:
                client, self.held = self.held, None
                client.complete(-1, _ENODEV)
            return self.held is not None

        def give(self, client: Any, urb: Any, status: int, actual: int, packet: bytes) -> None:
            """Write an ended transfer into the host's memory."""
            if packet:
                urb.resolve(_BUFFER, len(packet)).update(0, packet)
            head = bytes(urb.retrieve())
            urb.update(_STATUS, struct.pack("i", status) + head[_STATUS + 4 : _ACTUAL] + struct.pack("i", actual))
            client.get_arg().resolve(0, 8).set_ptr(0, urb)

        def let_go(self, client: Any) -> bool:
            if self.held is client:
                self.held = None
                client.complete(-1, _EAGAIN)
            return False

    urbs = Urbs()
    urbs.begin()
    return urbs
