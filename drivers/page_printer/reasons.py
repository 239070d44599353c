"""printer-state-reasons of IPP (RFC 8011 5.4.12, PWG 5100.9) as a status."""

from __future__ import annotations

from collections.abc import Iterable

from drivers.status import DeviceState, DeviceStatus, PaperState, TonerState

_STOPPED = 5  # printer-state
# The first that applies is the one to repair first.
_OFFLINE = (
    "offline",
    "connecting-to-device",
    "timed-out",
    "shutdown",
    "paused",
    "moving-to-paused",
    "stopping",
)
_COVER = ("cover-open", "door-open", "interlock-open")
_PAPER_OUT = ("media-empty", "media-needed", "input-tray-missing")
_TONER_OUT = (
    "toner-empty",
    "marker-supply-empty",
    "marker-supply-missing",
    "developer-empty",
    "opc-life-over",
)
_TONER_LOW = ("toner-low", "marker-supply-low", "developer-low")


def stems(reasons: Iterable[str]) -> dict[str, str]:
    """Reason -> severity ("error", "warning", "report" or ""). The suffix says how bad, not what."""
    found: dict[str, str] = {}
    for reason in reasons:
        stem, _, severity = reason.rpartition("-")
        if severity not in ("report", "warning", "error"):
            stem, severity = reason, ""
        if stem != "none":
            found[stem] = severity
    return found


def status_of(state: int, reasons: Iterable[str], accepting: bool = True) -> DeviceStatus:
    """printer-state, printer-state-reasons and printer-is-accepting-jobs as one status."""
    named = stems(reasons)

    def any_of(words: tuple[str, ...]) -> str:
        return next((word for word in words if word in named), "")

    paper = PaperState.FULL
    if "media-jam" in named:
        paper = PaperState.JAMMED
    elif any_of(_PAPER_OUT):
        paper = PaperState.OUT
    elif "media-low" in named:
        paper = PaperState.LOW
    toner = TonerState.OUT if any_of(_TONER_OUT) else TonerState.LOW if any_of(_TONER_LOW) else TonerState.FULL
    cover_open = bool(any_of(_COVER))
    known = {*_OFFLINE, *_COVER, *_PAPER_OUT, *_TONER_OUT, *_TONER_LOW, "media-jam", "media-low"}
    broken = next((stem for stem, severity in named.items() if severity == "error" and stem not in known), "")

    device, detail = DeviceState.ONLINE, ""
    if any_of(_OFFLINE):
        device, detail = DeviceState.OFFLINE, any_of(_OFFLINE)
    elif paper is PaperState.JAMMED:
        device, detail = DeviceState.HARDWARE_ERROR, "jam"
    elif cover_open:
        device, detail = DeviceState.USER_ERROR, "cover-open"
    elif paper is PaperState.OUT:
        detail = "paper-out"
    elif toner is TonerState.OUT:
        detail = "toner-out"
    elif broken:
        device, detail = DeviceState.HARDWARE_ERROR, broken
    elif state == _STOPPED:
        device, detail = DeviceState.OFFLINE, "stopped"
    elif not accepting:
        device, detail = DeviceState.DEVICE_BUSY, "not-accepting"
    elif toner is TonerState.LOW:
        detail = "toner-low"
    elif paper is PaperState.LOW:
        detail = "paper-low"
    return DeviceStatus(device, detail, paper=paper, toner=toner, cover_open=cover_open)
