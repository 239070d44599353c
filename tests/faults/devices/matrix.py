"""The fault matrix: each device's states crossed with each fault it can meet.

A rig is one driver and its simulator, a program of its own. Each state has a rig for itself; all of them run at the
same time, as most of a fault is waiting. After each cell the fault ends, and the same driver must be usable again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

# state -> fault -> the outcome in few words
Expected = Mapping[str, Mapping[str, str]]
# A fault that cannot be met in this state.
NOT_MET = "—"
# What a machine busy with other tests may add to a stated time.
BUSY_MACHINE = 10.0


class Rig(Protocol):
    """One driver and one simulator, used for many cells after each other."""

    limit: float
    """Seconds: the stated time after which a caller knows the outcome."""

    def enter(self, state: str) -> None:
        """Bring the healthy device into this state."""

    def meet(self, fault: str) -> str:
        """Switch the fault on, do what a caller does in this state; the outcome in few words."""

    def recover(self) -> None:
        """Switch the fault off and use the device, whole. Raises AssertionError where it is not usable."""

    def close(self) -> None:
        """End the driver and the simulator."""


@dataclass(frozen=True)
class Cell:
    """One state crossed with one fault."""

    device: str
    state: str
    fault: str
    expected: str

    def __str__(self) -> str:
        return f"{self.state}-{self.fault}".replace(" ", "-")


@dataclass(frozen=True)
class Met:
    """What became of a cell. `error` is None when all went as it should."""

    outcome: str
    seconds: float
    limit: float
    recovered: float
    error: BaseException | None = None


def cells(device: str, expected: Expected) -> list[pytest.param]:  # type: ignore[valid-type]
    """The cells to parametrise a test with. Every state must name every fault."""
    faults = {fault for row in expected.values() for fault in row}
    for state, row in expected.items():
        assert set(row) == faults, f"{device}, {state}: no word about {', '.join(sorted(faults - set(row)))}"
    return [
        pytest.param(cell := Cell(device, state, fault, outcome), id=str(cell))
        for state, row in expected.items()
        for fault, outcome in row.items()
        if outcome != NOT_MET
    ]


def meet_all(device: str, rig: Callable[[Path], Rig], expected: Expected, folder: Path) -> dict[tuple[str, str], Met]:
    """Run the matrix; (state, fault) -> what became of it. For a fixture of the module's scope."""
    found: dict[tuple[str, str], Met] = {}
    rows = [
        threading.Thread(target=_row, args=(rig, state, row, folder / f"row-{number}", found), name=f"{device} {state}")
        for number, (state, row) in enumerate(expected.items())
    ]
    for thread in rows:
        thread.start()
    for thread in rows:
        thread.join()
    return found


def _row(
    make: Callable[[Path], Rig],
    state: str,
    row: Mapping[str, str],
    folder: Path,
    found: dict[tuple[str, str], Met],
) -> None:
    rig: Rig | None = None
    for number, (fault, outcome) in enumerate(row.items()):
        if outcome == NOT_MET:
            continue
        try:
            if rig is None:
                (folder / str(number)).mkdir(parents=True)
                rig = make(folder / str(number))
            found[state, fault] = met = _cell(rig, state, fault)
            broken = met.error is not None
        except BaseException as error:
            found[state, fault] = Met("", 0.0, 0.0, 0.0, error)
            broken = True
        if broken and rig is not None:  # the next cell shall not pay for this one
            rig.close()
            rig = None
    if rig is not None:
        rig.close()


def _cell(rig: Rig, state: str, fault: str) -> Met:
    outcome, taken, recovered = "", 0.0, 0.0
    try:
        rig.enter(state)
        began = time.monotonic()
        outcome = rig.meet(fault)
        taken = time.monotonic() - began
        rig.recover()
        recovered = time.monotonic() - began - taken
        return Met(outcome, taken, rig.limit, recovered)
    except BaseException as error:
        return Met(outcome, taken, rig.limit, recovered, error)


def judge(cell: Cell, found: Mapping[tuple[str, str], Met], record: Callable[[str, object], None]) -> None:
    """Fail where the cell did not go as the table says, took longer than stated, or left the device unusable."""
    met = found[cell.state, cell.fault]
    record("cell", [cell.device, cell.state, cell.fault, met.outcome, met.seconds, met.recovered])
    if met.error is not None:
        raise met.error
    assert met.outcome == cell.expected, f"{met.outcome!r}, not {cell.expected!r}"
    assert met.seconds <= met.limit + BUSY_MACHINE, f"known after {met.seconds:.1f} s, stated are {met.limit} s"
