"""The devices of one terminal, as its devices.toml names them.

    [id_card]           port = "/dev/id_card"            also usb:0400:c35a and hid:0400:c35a
    [smart_card]        reader = ""                      the first PC/SC reader
    [code_scanner]      url = "/dev/video0"              also an MJPEG address, serial:/dev/ttyACM0, evdev:…
    [document_camera]   url = "/dev/video1"
    [face_camera]       url = "/dev/video2"
    [document_scanner]  device = "escl:http://192.0.2.9/eSCL"
    [receipt_printer]   address = "tcp://192.0.2.7:9100"  model = "generic-80"
    [page_printer]      queue = "A4"  server = "localhost:631"  uri = "ipp://192.0.2.8/ipp/print"
    [keypad]            address = "/dev/input/by-id/…"
    [sound]             device = "default"  volume = 80
    [lamps]             port = "/dev/lamps"
    [usb_stick]         folder = "/run/bianmin/usb/stick"

A table that is not there is a device the terminal does not have. The keys of a table are the arguments of the
device's class; docs/technicians.md says what each means.
"""

from __future__ import annotations

import logging
import threading
import time
import tomllib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from inspect import signature
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from drivers.code_scanner import CodeScanner
from drivers.document_scanner import DocumentScanner
from drivers.errors import ConfigError
from drivers.fault_log import FaultBegan, FaultEnded, FaultLog
from drivers.hotplug import Hotplug, HotplugEvent, Plugged
from drivers.id_card import IdCardReader
from drivers.keypad import Keypad
from drivers.lamps import Lamps
from drivers.page_printer import PagePrinter
from drivers.receipt_printer import ReceiptPrinter
from drivers.smart_card import SmartCardReader
from drivers.sound import Sound
from drivers.status import DeviceState, DeviceStatus
from drivers.usb_stick import UsbStick
from drivers.video.check import VideoCheck

if TYPE_CHECKING:
    from drivers.document_camera import DocumentCamera

log = logging.getLogger(__name__)

# Longer than any single check; one that still hangs then is told as silent.
HEALTH_TIMEOUT = 20.0
# The detail of a device that devices.toml does not name; one that it names and that is not there says otherwise.
NOT_DECLARED = "not-declared"

# table -> what is made of it, in the order people meet the devices
_KINDS: dict[str, Callable[..., Any]] = {
    "id_card": IdCardReader,
    "smart_card": SmartCardReader,
    "code_scanner": CodeScanner,
    "document_camera": VideoCheck,
    "face_camera": VideoCheck,
    "document_scanner": DocumentScanner,
    "receipt_printer": ReceiptPrinter,
    "page_printer": PagePrinter,
    "keypad": Keypad,
    "sound": Sound,
    "lamps": Lamps,
    "usb_stick": UsbStick,
}


@dataclass(frozen=True)
class Devices:
    """What the terminal has; None is a device it does not have. Nothing is opened until it is used."""

    id_card: IdCardReader | None = None
    smart_card: SmartCardReader | None = None
    code_scanner: CodeScanner | None = None
    document_camera_check: VideoCheck | None = None
    face_camera_check: VideoCheck | None = None
    document_scanner: DocumentScanner | None = None
    receipt_printer: ReceiptPrinter | None = None
    page_printer: PagePrinter | None = None
    keypad: Keypad | None = None
    sound: Sound | None = None
    lamps: Lamps | None = None
    usb_stick: UsbStick | None = None
    faults: FaultLog = field(init=False, default_factory=FaultLog, repr=False, compare=False)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock, repr=False, compare=False)
    _changes: deque[FaultBegan | FaultEnded] = field(
        init=False, default_factory=lambda: deque(maxlen=100), repr=False, compare=False
    )
    _hotplug: Hotplug = field(init=False, default_factory=Hotplug, repr=False, compare=False)

    @property
    def document_camera_url(self) -> str | None:
        """Where the document camera is, for the worker process that scans."""
        return self.document_camera_check.url if self.document_camera_check else None

    @property
    def face_camera_url(self) -> str | None:
        """Where the camera is that looks at the citizen's face, for the worker process that compares it."""
        return self.face_camera_check.url if self.face_camera_check else None

    def document_camera(self) -> DocumentCamera:
        """The document camera, for the worker process that scans (this loads OpenCV). Raises ConfigError if none."""
        from drivers.document_camera import DocumentCamera

        if self.document_camera_url is None:
            raise ConfigError("no-device", "document_camera")
        return DocumentCamera(self.document_camera_url)

    def watch(self) -> None:
        """Have every device looked for again as soon as something is plugged in. Without udev nothing is told, and
        each device finds its way back by its own pauses."""
        self._hotplug.start(self._plugged)

    def close(self) -> None:
        """End `watch`. Devices that were started are stopped by whoever started them."""
        self._hotplug.stop()

    def _plugged(self, event: HotplugEvent) -> None:
        if not isinstance(event, Plugged):
            return
        for one in fields(self):
            look_again = getattr(getattr(self, one.name), "look_again", None)
            if look_again is not None:
                look_again()

    def health(self, timeout: float = HEALTH_TIMEOUT, fresh: bool = False) -> dict[str, DeviceStatus]:
        """Every device's status, asked at the same time, within `timeout` seconds. Never raises.

        Cameras and loudspeakers are tried once a minute at most, unless `fresh`: trying switches them on.
        What began or ended since the last snapshot is in `faults`, in changes() and in the log. Keys: the tables'
        names.
        """
        found = {name: DeviceStatus(DeviceState.NO_DEVICE, NOT_DECLARED) for name in _KINDS}
        running: list[threading.Thread] = []
        for name, check in self._checks(fresh).items():
            found[name] = DeviceStatus(DeviceState.OFFLINE, "no-answer")
            running.append(threading.Thread(target=_ask, args=(name, check, found), daemon=True))
            running[-1].start()
        deadline = time.monotonic() + timeout
        for thread in running:
            thread.join(max(0.0, deadline - time.monotonic()))
        snapshot = dict(found)
        with self._lock:
            for change in self.faults.take(snapshot):
                self._changes.append(change)
                fault, how = change.fault, "began" if isinstance(change, FaultBegan) else "is over"
                log.info("%s: %s %s", fault.device, fault.code, how)
        return snapshot

    def changes(self) -> list[FaultBegan | FaultEnded]:
        """What began or ended since this was asked last, as far as health() was called; the last hundred."""
        with self._lock:
            changes = list(self._changes)
            self._changes.clear()
        return changes

    def _checks(self, fresh: bool) -> dict[str, Callable[[], DeviceStatus]]:
        """How each device that is there is asked."""
        checks: dict[str, Callable[[], DeviceStatus]] = {}
        for name in ("id_card", "smart_card", "document_scanner", "keypad", "lamps", "usb_stick"):
            device = getattr(self, name)
            if device is not None:
                checks[name] = device.check
        for name, looked_at in (("code_scanner", self.code_scanner), ("sound", self.sound)):
            if looked_at is not None:
                checks[name] = lambda device=looked_at: device.check(fresh)  # type: ignore[misc]
        for name, camera in (("document_camera", self.document_camera_check), ("face_camera", self.face_camera_check)):
            if camera is not None:
                checks[name] = lambda camera=camera: camera.status(fresh)  # type: ignore[misc]
        for name, printer in (("receipt_printer", self.receipt_printer), ("page_printer", self.page_printer)):
            if printer is not None:
                checks[name] = printer.status
        return checks


def _ask(name: str, check: Callable[[], DeviceStatus], found: dict[str, DeviceStatus]) -> None:
    try:
        found[name] = check()
    except Exception as error:
        found[name] = DeviceStatus(DeviceState.HARDWARE_ERROR, type(error).__name__)


def _fits(value: object, wanted: Any) -> bool:
    """Whether a TOML value can be this argument."""
    kinds = {get_origin(one) or one for one in (get_args(wanted) if get_origin(wanted) is UnionType else (wanted,))}
    if isinstance(value, bool):
        return bool in kinds
    if isinstance(value, int):
        return bool(kinds & {int, float})
    return any(isinstance(value, kind) for kind in kinds if isinstance(kind, type) and kind is not type(None))


def _device(name: str, table: object) -> Any:
    """The device of one table. Raises ConfigError, which names the table and the key."""
    kind = _KINDS.get(name)
    if kind is None or not isinstance(table, dict):
        raise ConfigError(detail=f"[{name}] is no device; there are {', '.join(_KINDS)}")
    arguments = signature(kind).parameters
    hints = get_type_hints(kind.__init__)
    for key, value in table.items():
        if key not in arguments or not _fits(value, hints[key]):
            raise ConfigError(detail=f"[{name}] {key} is not understood; it takes {', '.join(arguments)}")
    for key, argument in arguments.items():
        if argument.default is argument.empty and not table.get(key):
            raise ConfigError(detail=f"[{name}] needs {key}")
    try:
        return kind(**table)
    except ConfigError as error:
        raise ConfigError(detail=f"[{name}] {error.detail}") from error


def load(path: Path) -> Devices:
    """The devices named in this file. Opens none. Raises ConfigError with the table and key that is wrong."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(detail=f"devices.toml cannot be read: {type(error).__name__}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(detail=f"devices.toml: {error}") from error
    made = {name: _device(name, table) for name, table in tables.items()}
    for name in ("document_camera", "face_camera"):
        if name in made:
            made[f"{name}_check"] = made.pop(name)
    return Devices(**made)
