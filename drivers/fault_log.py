"""Which faults are there, since when, and how often each began: a fault counts once while it lasts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from drivers.status import DeviceState, DeviceStatus, MediaState, PaperState, TonerState

# Nothing can be known of paper, cover or toner while the device itself cannot be asked.
_UNREACHABLE = (DeviceState.OFFLINE, DeviceState.POWER_OFF, DeviceState.STARTING)
_PAPER = {PaperState.OUT: "paper-out", PaperState.JAMMED: "jam", PaperState.LOW: "paper-low"}
_TONER = {TonerState.OUT: "toner-out", TonerState.LOW: "toner-low"}
_WARNINGS = ("paper-low", "toner-low")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. severity "warning": the device still works, and somebody should bring more.

    `part` is link (the device cannot be asked), device, paper, toner, media, cover, or supply NAME.
    """

    device: str
    part: str
    code: str
    severity: Literal["warning", "error"]
    since: datetime


@dataclass(frozen=True)
class FaultBegan:
    """A fault that was not there before."""

    fault: Fault


@dataclass(frozen=True)
class FaultEnded:
    """The device itself says that this is over."""

    fault: Fault
    at: datetime


class FaultLog:
    """Compares one health snapshot with the next. What cannot be known now neither begins nor ends anything."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, str], Fault] = {}
        self._counts: Counter[tuple[str, str]] = Counter()

    @property
    def open(self) -> tuple[Fault, ...]:
        """The faults that last, the oldest first."""
        return tuple(self._open.values())

    def count(self, device: str, code: str) -> int:
        """How often this fault began since the program started."""
        return self._counts[device, code]

    def take(self, health: Mapping[str, DeviceStatus], now: datetime | None = None) -> list[FaultBegan | FaultEnded]:
        """What changed with this snapshot. `now` carries its time zone."""
        at = now or datetime.now(UTC)
        changes: list[FaultBegan | FaultEnded] = []
        for device, status in health.items():
            for part, code in _parts(status):
                changes += self._part(device, part, code, at)
        return changes

    def _part(self, device: str, part: str, code: str, at: datetime) -> Iterator[FaultBegan | FaultEnded]:
        before = self._open.get((device, part))
        if before and before.code == code:
            return
        if before:
            del self._open[device, part]
            yield FaultEnded(before, at)
        if code:
            warning = code in _WARNINGS or part.startswith("supply ")
            fault = Fault(device, part, code, "warning" if warning else "error", at)
            self._open[device, part] = fault
            self._counts[device, code] += 1
            yield FaultBegan(fault)


def _parts(status: DeviceStatus) -> Iterator[tuple[str, str]]:
    """(part, code) for each part of which something is known; code "" is fine."""
    if status.device is DeviceState.STARTING:
        return
    reached = status.device not in _UNREACHABLE
    absent = status.device is DeviceState.NO_DEVICE and status.detail == "not-declared"
    yield "link", "" if reached else status.detail or status.device.value
    if not reached:
        return
    paper = "" if status.paper is None else _PAPER.get(status.paper, "")
    toner = "" if status.toner is None else _TONER.get(status.toner, "")
    told = {paper, toner, "cover-open" if status.cover_open else ""}
    own = "" if status.device is DeviceState.ONLINE or absent else status.detail or status.device.value
    if status.device is not DeviceState.DEVICE_BUSY:  # at work for somebody: no fault, and the end of none
        yield "device", "" if own in told else own
    if status.paper not in (None, PaperState.UNKNOWN):
        yield "paper", paper
    if status.toner not in (None, TonerState.UNKNOWN):
        yield "toner", toner
    if status.media not in (None, MediaState.UNKNOWN):
        yield "media", "media-jammed" if status.media is MediaState.JAMMED else ""
    if status.cover_open is not None:
        yield "cover", "cover-open" if status.cover_open else ""
    for supply in status.supplies:
        if supply.level is not None:
            yield f"supply {supply.name}", "supply-low" if supply.low else ""
