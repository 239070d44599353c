"""The network scanner: every state crossed with every fault of it and of the line to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.document_scanner import DocumentScanner, Page
from drivers.errors import DriverError
from tests.drivers.conftest import Simulator
from tests.faults.devices import matrix

EXPECTED: matrix.Expected = {
    "idle": {
        "silence": "offline: no-answer",
        "drop": "offline: offline",
        "garbage": "hardwareError: bad-answer",
        "busy": "deviceBusy: busy",
        "jam": "hardwareError: jam",
        "cover-open": "userError: cover-open",
        "stopped": "hardwareError: stopped",
        "empty": "works",  # the glass does
        "slow": matrix.NOT_MET,  # these five are of a page
        "half-frame": matrix.NOT_MET,
        "half-page": matrix.NOT_MET,
        "jam-midway": matrix.NOT_MET,
        "lifted-in-middle": matrix.NOT_MET,
    },
    "asked for the glass": {
        "silence": "no-answer",
        "drop": "offline",
        "garbage": "bad-answer",
        "busy": "busy",
        "jam": "1 page",  # in the feeder; the glass is free
        "cover-open": "1 page",
        "stopped": "stopped",
        "empty": "1 page",
        "slow": "1 page",
        "half-frame": "bad-answer",
        "half-page": "cut-short",
        "jam-midway": "1 page",
        "lifted-in-middle": "busy",  # sane-airscan's word for a page that is not there
    },
    "asked for the feeder": {
        "silence": "no-answer",
        "drop": "offline",
        "garbage": "bad-answer",
        "busy": "busy",
        "jam": "jam",
        "cover-open": "cover-open",
        "stopped": "stopped",
        "empty": "feeder-empty",
        "slow": matrix.NOT_MET,  # as of the glass
        "half-frame": "bad-answer",
        "half-page": "cut-short",
        "jam-midway": "jam after 1 page",
        "lifted-in-middle": "feeder-empty",
    },
    # pages that came stay whole; what was fetched already when the fault began comes, too
    "between two pages": {
        "silence": "no-answer after pages",
        "drop": "offline after pages",
        "garbage": "bad-answer after pages",
        "busy": matrix.NOT_MET,  # it is we who scan
        "jam": "jam after pages",
        "cover-open": "cover-open after pages",
        "stopped": "stopped after pages",
        "empty": matrix.NOT_MET,  # then the scan is done
        "slow": matrix.NOT_MET,
        "half-frame": "bad-answer after pages",
        "half-page": "cut-short after pages",
        "jam-midway": "jam after pages",
        "lifted-in-middle": "pages",  # no jam, no cover, no more sheets: as at the end of the feeder
    },
}
SHEETS = 9


class Rig:
    """The driver and a simulated scanner."""

    limit = 5.5  # a page is waited for 4 s, and the worker 1.5 s to let go of a scanner that does not answer

    def __init__(self, folder: Path) -> None:
        self.device = Simulator("document_scanner", "--slow-page", "2")
        self.scanner = DocumentScanner(self.device.said["port"], resolution=100, timeout=4, status_timeout=1)
        self.state = ""
        self.pages: Iterator[Page] = iter(())

    def enter(self, state: str) -> None:
        self.state = state
        self.device("load 2")
        if state == "between two pages":
            self.device(f"load {SHEETS}")
            self.pages = self.scanner.scan("feeder")
            assert next(self.pages).image

    def meet(self, fault: str) -> str:
        self.device(f"fault {fault}")
        if self.state == "idle":
            status = self.scanner.check()
            return "works" if status.usable else f"{status.device.value}: {status.detail}"
        if self.state != "between two pages":
            self.pages = self.scanner.scan("flatbed" if self.state == "asked for the glass" else "feeder")
        count = 0
        try:
            for page in self.pages:
                assert page.image.endswith(b"\xff\xd9"), "a page that is not whole"
                count += 1
        except DriverError as error:
            if self.state == "between two pages":
                assert count < SHEETS - 1
                return f"{error.code} after pages"
            return f"{error.code} after {count} page" if count else error.code
        return "pages" if self.state == "between two pages" else f"{count} page"

    def recover(self) -> None:
        self.device("fault none")
        self.device("load 2")
        assert len(list(self.scanner.scan("feeder", timeout=30))) == 2
        assert self.scanner.check().usable and self.device("state")["running"] == 0

    def close(self) -> None:
        self.device.stop()


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], matrix.Met]:
    return matrix.meet_all("document_scanner", Rig, EXPECTED, tmp_path_factory.mktemp("document_scanner"))


@pytest.mark.parametrize("cell", matrix.cells("document_scanner", EXPECTED))
def test_cell(cell: matrix.Cell, met: dict[tuple[str, str], matrix.Met], record_property) -> None:
    matrix.judge(cell, met, record_property)
