"""printer-state-reasons of IPP (RFC 8011 5.4.12, PWG 5100.9, the IANA registry) as a status.

A printer that tells no levels is judged by its reasons alone: "none" is fine, as it would have told of an empty tray.
A level may only add a warning; that something is out is for the printer to say, unless the tray in use says 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from drivers.page_printer.supplies import is_toner
from drivers.status import DeviceState, DeviceStatus, PaperState, Supply, TonerState

_STOPPED = 5  # printer-state
# The first that applies is the one to repair first.
_OFFLINE = (
    "offline",
    "connecting-to-device",
    "timed-out",
    "shutdown",
    "deactivated",
    "deleted",
    "paused",
    "moving-to-paused",
    "stopping",
)
_POWER_OFF = ("power-down",)
_BUSY = ("hold-new-jobs", "testing")
_COVER = ("cover-open", "door-open", "interlock-open")
_JAM = ("media-jam", "media-tray-jam", "media-path-jam", "media-path-input-jam", "media-path-output-jam")
_PAPER_OUT = (
    "media-empty",
    "media-needed",
    "input-tray-missing",
    "media-path-input-empty",
    "media-path-input-request",
    "input-manual-input-request",
    "input-media-size-change",
    "input-media-type-change",
)
_PAPER_LOW = ("media-low", "media-path-input-almost-empty")
_TONER_OUT = (
    "toner-empty",
    "marker-supply-empty",
    "marker-supply-missing",
    "marker-ink-empty",
    "marker-ink-missing",
    "marker-toner-empty",
    "marker-toner-missing",
    "marker-toner-cartridge-empty",
    "marker-toner-cartridge-missing",
    "marker-print-ribbon-empty",
    "marker-print-ribbon-missing",
    "marker-developer-empty",
    "marker-developer-missing",
    "developer-empty",
    "opc-life-over",
    "marker-opc-life-over",
)
_TONER_LOW = (
    "toner-low",
    "marker-supply-low",
    "marker-supply-almost-empty",
    "marker-ink-almost-empty",
    "marker-toner-almost-empty",
    "marker-toner-cartridge-almost-empty",
    "marker-print-ribbon-almost-empty",
    "marker-developer-almost-empty",
    "developer-low",
)
# The scanner, the fax and the finisher of a large machine do not keep a page from being printed.
_OF_OTHERS = ("scanner-", "scan-", "fax-", "stapler-", "puncher-", "stitcher-", "laminator-", "identify-printer-")


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


def status_of(
    state: int,
    reasons: Iterable[str],
    accepting: bool = True,
    toner_left: Sequence[Supply] = (),
    paper_left: Sequence[Supply] = (),
    tray: str = "",
) -> DeviceStatus:
    """printer-state, printer-state-reasons, printer-is-accepting-jobs and the levels as one status.

    With a `tray`, a level of 0 there is out, and "media-empty-report" is of another tray where it still holds paper.
    """
    named = {stem: how for stem, how in stems(reasons).items() if not stem.startswith(_OF_OTHERS)}

    def first(words: tuple[str, ...], *endings: str) -> str:
        return next((word for word in words if word in named), "") or next(
            (stem for stem in named if endings and stem.endswith(endings)), ""
        )

    jam = first(_JAM, "-jam")
    cover = first(_COVER, "-cover-open", "-door-open", "-interlock-open")
    paper, paper_out = PaperState.FULL, first(_PAPER_OUT)
    levels = [supply.level for supply in paper_left if supply.level is not None]
    if tray and levels:
        # -report has no bearing on printing (RFC 8011 5.4.12): another tray is empty
        elsewhere = bool(levels[0]) and state != _STOPPED and named.get(paper_out) == "report"
        paper_out = "" if elsewhere else paper_out or ("" if levels[0] else "level")
    if jam:
        paper = PaperState.JAMMED
    elif paper_out:
        paper = PaperState.OUT
    elif first(_PAPER_LOW) or (levels and all(supply.low for supply in paper_left if supply.level is not None)):
        paper = PaperState.LOW
    toner = TonerState.FULL
    if first(_TONER_OUT):
        toner = TonerState.OUT
    elif first(_TONER_LOW) or any(supply.low and is_toner(supply.name) for supply in toner_left):
        toner = TonerState.LOW
    known = {*_OFFLINE, *_POWER_OFF, *_BUSY, *_PAPER_OUT, *_PAPER_LOW, *_TONER_OUT, *_TONER_LOW, jam, cover}
    broken = next((stem for stem, severity in named.items() if severity == "error" and stem not in known), "")

    device, detail = DeviceState.ONLINE, ""
    if first(_OFFLINE):
        device, detail = DeviceState.OFFLINE, first(_OFFLINE)
    elif first(_POWER_OFF) and state == _STOPPED:
        device, detail = DeviceState.POWER_OFF, first(_POWER_OFF)
    elif paper is PaperState.JAMMED:
        device, detail = DeviceState.HARDWARE_ERROR, "jam"
    elif cover:
        device, detail = DeviceState.USER_ERROR, "cover-open"
    elif paper is PaperState.OUT:
        detail = "paper-out"
    elif toner is TonerState.OUT:
        detail = "toner-out"
    elif broken:
        device, detail = DeviceState.HARDWARE_ERROR, broken
    elif state == _STOPPED:
        # the printer gives a reason for what people can repair; a bare stop is somebody's or a fault of its own
        stopped_by = next((stem for stem in named if stem not in (*_PAPER_LOW, *_TONER_LOW)), "")
        device = DeviceState.HARDWARE_ERROR if stopped_by else DeviceState.OFFLINE
        detail = stopped_by or "stopped"
    elif first(_BUSY) or not accepting:
        device, detail = DeviceState.DEVICE_BUSY, first(_BUSY) or "not-accepting"
    elif toner is TonerState.LOW:
        detail = "toner-low"
    elif paper is PaperState.LOW:
        detail = "paper-low"
    supplies = (*toner_left, *paper_left)
    return DeviceStatus(device, detail, paper=paper, toner=toner, cover_open=bool(cover), supplies=supplies)
