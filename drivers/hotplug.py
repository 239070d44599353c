"""What is plugged in and pulled out, as udev tells it, and where a device is now.

    python -m drivers.hotplug watch [--seconds 30] [--json]
    python -m drivers.hotplug find SUBSYSTEM VENDOR:PRODUCT [--json]

Where no udev runs (a container) nothing is ever told: `Hotplug.trouble` says so, and nothing fails.
Exit 0 done, 1 not found or no udev, 2 wrong use.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from drivers.command_line import DONE, FAULT, json_option, parser, say
from drivers.errors import ConfigError
from drivers.telling import tell

log = logging.getLogger(__name__)

# Where the nodes of a terminal's devices are: serial lines, USB itself, HID, keyboards, cameras, usblp, cards.
SUBSYSTEMS = ("tty", "usb", "hidraw", "input", "video4linux", "usbmisc", "printer", "sound")
# How long stop() may have to wait.
_SLICE = 0.5
_IDS = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Device:
    """One node. vendor and product are 0, and serial "", where the device has none (a serial port of the board)."""

    subsystem: str
    node: str
    vendor: int = 0
    product: int = 0
    serial: str = ""


@dataclass(frozen=True)
class Plugged:
    """It came, and can be opened."""

    device: Device


@dataclass(frozen=True)
class Unplugged:
    """It is gone; only what udev remembers of it is told."""

    device: Device


@dataclass(frozen=True)
class Changed:
    """It says that something about it is different: a jack, a medium."""

    device: Device


HotplugEvent = Plugged | Unplugged | Changed
_EVENTS: dict[str, type[Plugged] | type[Unplugged] | type[Changed]] = {
    "add": Plugged, "remove": Unplugged, "change": Changed,
}  # fmt: skip


class Hotplug:
    """Watches until stopped. The handler is called from its own thread, one event at a time, and must be quick.

    A device of several nodes gives an event for each.
    """

    def __init__(self, subsystems: Iterable[str] = SUBSYSTEMS) -> None:
        self._subsystems = tuple(subsystems)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._on_event: Callable[[HotplugEvent], None] = lambda event: None
        self.trouble = "not-started"
        """Why nothing will be told: "not-started", "no-library", "no-udev", "ended"; "" while all is well."""

    def start(self, on_event: Callable[[HotplugEvent], None]) -> None:
        """Begin to watch: what is plugged in after this is told. Raises RuntimeError when started already."""
        if self._thread is not None:
            raise RuntimeError("hotplug is started already")
        self._on_event = on_event
        self._stopping.clear()
        try:
            monitor = self._monitor()
        except ImportError:  # pyudev, or libudev under it
            self._say("no-library")
            return
        except OSError:
            self._say("no-udev")
            return
        # the monitor stands even so: udev may be started after us
        self._say("" if _udev_runs() else "no-udev")
        self._thread = threading.Thread(target=self._run, args=(monitor,), name="hotplug", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """No event comes after it returns, within a second."""
        self._stopping.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(2 * _SLICE)
        self._thread = None
        self.trouble = "not-started"

    def _monitor(self) -> Any:
        import pyudev

        monitor = pyudev.Monitor.from_netlink(pyudev.Context(), source="udev")
        for subsystem in self._subsystems:
            monitor.filter_by(subsystem)
        monitor.start()
        return monitor

    def _run(self, monitor: Any) -> None:
        try:
            while not self._stopping.is_set():
                device = monitor.poll(timeout=_SLICE)
                if device is None or self._stopping.is_set():
                    continue
                if self.trouble:
                    self._say("")  # udev was started after us
                kind, node = _EVENTS.get(device.action or ""), device.device_node
                if kind is not None and node:
                    self._tell(kind(_described(device)))
        except OSError as error:
            log.error("hotplug: %s", type(error).__name__)
            self._say("ended")

    def _say(self, trouble: str) -> None:
        self.trouble = trouble
        log.info("hotplug: %s", trouble or "watching")

    def _tell(self, event: HotplugEvent) -> None:
        tell(self._on_event, event, log)


def find_node(subsystem: str, vendor: int, product: int, serial: str = "") -> str | None:
    """The node of the device with these ids that is plugged in now; the first by name of several; None without one.

    Of a camera's nodes the one that gives pictures; of a keyboard's the event device.
    """
    for device in find(subsystem):
        if (device.vendor, device.product) == (vendor, product) and serial in ("", device.serial):
            return device.node
    return None


def find(subsystem: str) -> list[Device]:
    """All devices of a subsystem that have a node, by name. Empty where there is no udev library."""
    try:
        import pyudev

        found = [
            _described(device)
            for device in pyudev.Context().list_devices(subsystem=subsystem)
            if device.device_node and _useful(subsystem, device)
        ]
    except (ImportError, OSError):
        return []
    return sorted(found, key=lambda device: [int(part) if part.isdecimal() else part for part in
                                             re.split(r"(\d+)", device.node)])  # fmt: skip


def parse_ids(text: str) -> tuple[int, int]:
    """0400:c35a -> vendor, product. Raises ConfigError."""
    found = _IDS.fullmatch(text)
    if not found:
        raise ConfigError(detail="a device is vendor:product in hex, as 0400:c35a")
    return int(found[1], 16), int(found[2], 16)


def _udev_runs() -> bool:
    # a umockdev testbed stands for udev
    return Path("/run/udev/control").exists() or "UMOCKDEV_DIR" in os.environ


def _useful(subsystem: str, device: Any) -> bool:
    if subsystem == "input":
        return "/event" in device.device_node
    # a UVC camera has a second node for what stands beside the pictures
    return subsystem != "video4linux" or _attribute(device, "index") in ("", "0")


def _described(device: Any) -> Device:
    vendor, product = _ids(device)
    serial = device.properties.get("ID_SERIAL_SHORT") or _of_usb(device, "serial")
    return Device(device.subsystem or "", device.device_node or "", vendor, product, serial)


def _ids(device: Any) -> tuple[int, int]:
    """From udev's own properties, else from the HID or USB device it belongs to; zeros where there is none."""
    for vendor, product in (
        (device.properties.get("ID_VENDOR_ID"), device.properties.get("ID_MODEL_ID")),
        _hid_ids(device),
        (_of_usb(device, "idVendor"), _of_usb(device, "idProduct")),
    ):
        try:
            return int(vendor or "", 16), int(product or "", 16)
        except ValueError:
            continue
    return 0, 0


def _hid_ids(device: Any) -> tuple[str, str]:
    hid = device.find_parent("hid")
    _, _, ids = (hid.properties.get("HID_ID", "") if hid is not None else "").partition(":")
    vendor, _, product = ids.partition(":")
    return vendor, product


def _of_usb(device: Any, name: str) -> str:
    usb = device if device.properties.get("DEVTYPE") == "usb_device" else device.find_parent("usb", "usb_device")
    return _attribute(usb, name) if usb is not None else ""


def _attribute(device: Any, name: str) -> str:
    try:
        return device.attributes.asstring(name).strip() if name in device.attributes.available_attributes else ""
    except (KeyError, OSError, UnicodeDecodeError):
        return ""  # it was pulled out while we look


def _watch(seconds: float, as_json: bool) -> int:
    hotplug = Hotplug()

    def show(event: HotplugEvent) -> None:
        device = event.device
        ids = f"{device.vendor:04x}:{device.product:04x}" if device.vendor or device.product else None
        say({"event": type(event).__name__.lower(), **asdict(device), "ids": ids}, as_json)

    hotplug.start(show)
    say({"event": "watching", "trouble": hotplug.trouble or None}, as_json)
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and hotplug.trouble not in ("no-library", "ended"):
        time.sleep(min(left, _SLICE))
    trouble = hotplug.trouble
    hotplug.stop()
    return FAULT if trouble else DONE


def _arguments() -> argparse.ArgumentParser:
    result = parser("hotplug", __doc__)
    commands = result.add_subparsers(dest="command", required=True)
    watch = commands.add_parser("watch")
    watch.add_argument("--seconds", "--timeout", type=float, default=30.0)
    look = commands.add_parser("find")
    look.add_argument("subsystem", choices=SUBSYSTEMS)
    look.add_argument("ids", metavar="VENDOR:PRODUCT")
    for command in (watch, look):
        json_option(command)
    return result


def main() -> int:
    """Run the command line."""
    arguments = _arguments()
    options = arguments.parse_args()
    if options.command == "watch":
        return _watch(options.seconds, options.json)
    try:
        node = find_node(options.subsystem, *parse_ids(options.ids))
    except ConfigError as error:
        arguments.error(error.detail)
    say({"result": "found" if node else "not-found", "node": node}, options.json)
    return DONE if node else FAULT


if __name__ == "__main__":
    sys.exit(main())
