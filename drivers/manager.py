"""The devices of one terminal, as its devices.toml names them.

    [id_card]          port = "/dev/id_card"            baudrate = 115200 (optional)
    [code_scanner]     url = "/dev/video0"              or an MJPEG address
    [document_camera]  url = "/dev/video1"
    [receipt_printer]  address = "tcp://192.0.2.7:9100"
    [page_printer]     queue = "A4"  server = "localhost:631"  uri = "ipp://192.0.2.8/ipp/print"

A table that is not there is a device the terminal does not have.
"""

from __future__ import annotations

import logging
import threading
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drivers.code_scanner import CodeScanner
from drivers.errors import ConfigError
from drivers.fault_log import FaultBegan, FaultLog
from drivers.id_card import IdCardReader
from drivers.page_printer import PagePrinter
from drivers.receipt_printer import ReceiptPrinter
from drivers.status import DeviceState, DeviceStatus
from drivers.video_check import VideoCheck

if TYPE_CHECKING:
    from drivers.document_camera import DocumentCamera

log = logging.getLogger(__name__)

# Longer than any single check; one that still hangs then is told as silent.
HEALTH_TIMEOUT = 20.0

# table -> key -> (type, whether it must be there)
_KEYS: dict[str, dict[str, tuple[type, bool]]] = {
    "id_card": {"port": (str, True), "baudrate": (int, False)},
    "code_scanner": {"url": (str, True)},
    "document_camera": {"url": (str, True)},
    "receipt_printer": {"address": (str, True)},
    "page_printer": {"queue": (str, True), "server": (str, True), "uri": (str, True)},
}


@dataclass(frozen=True)
class Devices:
    """What the terminal has; None is a device it does not have. Nothing is opened until it is used."""

    id_card: IdCardReader | None = None
    code_scanner: CodeScanner | None = None
    document_camera_url: str | None = None
    receipt_printer: ReceiptPrinter | None = None
    page_printer: PagePrinter | None = None
    faults: FaultLog = field(init=False, default_factory=FaultLog, repr=False, compare=False)
    _document_camera_check: VideoCheck | None = field(init=False, default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.document_camera_url is not None:
            object.__setattr__(self, "_document_camera_check", VideoCheck(self.document_camera_url))

    def document_camera(self) -> DocumentCamera:
        """The document camera, for the worker process that scans (this loads OpenCV). Raises ConfigError if
        none."""
        from drivers.document_camera import DocumentCamera

        if self.document_camera_url is None:
            raise ConfigError("no-device", "document_camera")
        return DocumentCamera(self.document_camera_url)

    def health(self, timeout: float = HEALTH_TIMEOUT, fresh: bool = False) -> dict[str, DeviceStatus]:
        """Every device's status, asked at the same time, within `timeout` seconds. Never raises.

        Cameras are looked at once a minute at most, unless `fresh`: looking switches them on.
        What began or ended since the last snapshot is in `faults` and in the log.
        Keys: id_card, code_scanner, document_camera, receipt_printer, page_printer.
        """
        scanner, camera = self.code_scanner, self._document_camera_check
        checks: dict[str, Callable[[], DeviceStatus] | None] = {
            "id_card": self.id_card.check if self.id_card else None,
            "code_scanner": (lambda: scanner.check(fresh)) if scanner else None,
            "document_camera": (lambda: camera.status(fresh)) if camera else None,
            "receipt_printer": self.receipt_printer.status if self.receipt_printer else None,
            "page_printer": self.page_printer.status if self.page_printer else None,
        }
        found = {name: DeviceStatus(DeviceState.NO_DEVICE, "no-device") for name in checks}
        running: list[threading.Thread] = []
        for name, check in checks.items():
            if check is not None:
                found[name] = DeviceStatus(DeviceState.OFFLINE, "no-answer")
                running.append(threading.Thread(target=_ask, args=(name, check, found), daemon=True))
                running[-1].start()
        deadline = time.monotonic() + timeout
        for thread in running:
            thread.join(max(0.0, deadline - time.monotonic()))
        snapshot = dict(found)
        for change in self.faults.take(snapshot):
            fault, how = change.fault, "began" if isinstance(change, FaultBegan) else "is over"
            log.warning("%s: %s %s", fault.device, fault.code, how)
        return snapshot


def _ask(name: str, check: Callable[[], DeviceStatus], found: dict[str, DeviceStatus]) -> None:
    try:
        found[name] = check()
    except Exception as error:
        found[name] = DeviceStatus(DeviceState.HARDWARE_ERROR, type(error).__name__)


def _table(name: str, table: Any) -> dict[str, Any]:
    known = _KEYS.get(name)
    if known is None or not isinstance(table, dict):
        raise ConfigError(detail=f"[{name}] is no device; there are {', '.join(_KEYS)}")
    for key, value in table.items():
        if key not in known or not isinstance(value, known[key][0]):
            raise ConfigError(detail=f"[{name}] {key} is not understood; it takes {', '.join(known)}")
    for key, (_, required) in known.items():
        if required and not table.get(key):
            raise ConfigError(detail=f"[{name}] needs {key}")
    return table


def load(path: Path) -> Devices:
    """The devices named in this file. Opens none. Raises ConfigError with the table and key that is wrong."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(detail=f"devices.toml cannot be read: {type(error).__name__}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(detail=f"devices.toml: {error}") from error
    said = {name: _table(name, table) for name, table in tables.items()}

    def when(name: str, make: Callable[[dict[str, Any]], Any]) -> Any:
        return make(said[name]) if name in said else None

    return Devices(
        id_card=when("id_card", lambda keys: IdCardReader(**keys)),
        code_scanner=when("code_scanner", lambda keys: CodeScanner(keys["url"])),
        document_camera_url=when("document_camera", lambda keys: keys["url"]),
        receipt_printer=when("receipt_printer", lambda keys: ReceiptPrinter(keys["address"])),
        page_printer=when("page_printer", lambda keys: PagePrinter(keys["queue"], keys["server"], keys["uri"])),
    )
