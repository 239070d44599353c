"""How a network scanner is, by its own word: ScannerStatus of eSCL (Mopria eSCL 2.97). SANE cannot ask for it."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from drivers.errors import BadAnswer, DeviceBusy, HardwareFault, NotAllowed, Refused
from drivers.status import DeviceState, DeviceStatus, MediaState
from drivers.wire.http_exchange import exchange, parse_url

LARGEST_STATUS = 200_000
_NEEDS_HAND = {
    "ScannerAdfJam": "jam",
    "ScannerAdfMispick": "jam",
    "ScannerAdfMultipickDetected": "jam",
    "ScannerAdfHatchOpen": "cover-open",
    "ScannerAdfDoorOpen": "cover-open",
    "ScannerAdfInputTrayFailed": "tray-failed",
    "ScannerAdfInputTrayOverloaded": "tray-overloaded",
}
_MEDIA = {
    "ScannerAdfLoaded": MediaState.PRESENT,
    "ScannerAdfEmpty": MediaState.NOT_PRESENT,
    "ScannerAdfProcessing": MediaState.ENTERING,
}


@dataclass(frozen=True)
class EsclStatus:
    """pwg:State and scan:AdfState; `adf` is "" where there is no feeder."""

    state: str
    adf: str = ""


def decode(xml: bytes) -> EsclStatus:
    """Raises BadAnswer."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadAnswer("bad-answer", "no XML") from error
    found: dict[str, str] = {}
    for element in root:  # not deeper: each job has a state, too
        if isinstance(element.tag, str):
            found[etree.QName(element).localname] = (element.text or "").strip()
    if etree.QName(root).localname != "ScannerStatus" or not found.get("State"):
        raise BadAnswer("bad-answer", "no ScannerStatus")
    return EsclStatus(found["State"], found.get("AdfState", ""))


def status_of(said: EsclStatus) -> DeviceStatus:
    """As our words. A jam or an open cover comes first: it is why a scanner is Stopped."""
    code = _NEEDS_HAND.get(said.adf, "")
    media = _MEDIA.get(said.adf) if said.adf else None
    if said.adf and media is None:
        media = MediaState.JAMMED if code == "jam" else MediaState.UNKNOWN if not code else None
    cover = code == "cover-open" if said.adf else None
    device, detail = DeviceState.ONLINE, ""
    if code:
        hand = code in ("cover-open", "tray-overloaded")
        device, detail = DeviceState.USER_ERROR if hand else DeviceState.HARDWARE_ERROR, code
    elif said.state in ("Processing", "Testing"):
        device, detail = DeviceState.DEVICE_BUSY, "busy"
    elif said.state == "Stopped":
        device, detail = DeviceState.HARDWARE_ERROR, "stopped"
    elif said.state == "Down":
        device, detail = DeviceState.OFFLINE, "down"
    elif said.state != "Idle":
        device, detail = DeviceState.OFFLINE, "unknown-state"
    return DeviceStatus(device, detail, media=media, cover_open=cover)


def ask(url: str, timeout: float) -> EsclStatus:
    """The scanner's state. Raises NoAnswer, DeviceGone, BadAnswer, DeviceBusy, HardwareFault, NotAllowed, within
    `timeout` seconds; Refused where it has no ScannerStatus.
    """
    at = parse_url(f"{url}/ScannerStatus", {"http": 80, "https": 443})
    status, body = exchange(at, "GET", timeout, largest=LARGEST_STATUS, secure=at.scheme == "https")
    if status == 503:
        raise DeviceBusy()
    if status in (401, 403):
        raise NotAllowed()
    if status in (404, 405, 501):
        raise Refused("no-status")  # it can scan all the same
    if status >= 500:
        raise HardwareFault("error", f"HTTP {status}")
    if status != 200:
        raise BadAnswer("bad-answer", f"HTTP {status}")
    return decode(body)
