"""The receipt printer: its states crossed with its faults. Afterwards the next receipt is whole and alone on paper."""

from __future__ import annotations

import queue
import time
from pathlib import Path

import pytest

from drivers.receipt_printer import Field, Heading, Receipt, ReceiptPrinter, StatusChanged, Text
from tests.drivers.conftest import Simulator
from tests.faults.devices import matrix

TIMEOUT, PRINT_TIME = 0.7, 1.2
RECEIPT = Receipt([Heading("受理凭证"), Field("姓名", "张𠮷"), *[Text(f"第{n}行，测试。") for n in range(8)]])
WHOLE = ["受理凭证", "[picture]", *[f"第{n}行，测试。" for n in range(8)]]
NEXT = Receipt([Text("下一位")])

_OK, _BUSY = "online: ", "deviceBusy: busy"
_STATUS = {
    "silence": "offline: no-answer",
    "drop": "offline: offline",
    "garbage": "offline: bad-answer",
    "half-frame": "offline: no-answer",
    "slow": _OK,
    "frozen": _OK,  # it answers that all is well
    "paper-out": "online: paper-out",
    "near-end": "online: paper-low",
    "cover-open": "userError: cover-open",
    "jam": "hardwareError: jam",
    "error": "hardwareError: error",
    "overheated": _BUSY,
    "busy": _BUSY,
    "offline": _BUSY,
    "busy-briefly": _BUSY,
}
_SENT = {
    "silence": "uncertain: no-answer",
    "drop": "uncertain: offline",
    "garbage": "uncertain: bad-answer",
    "half-frame": "uncertain: no-answer",
    "slow": "confirmed: ok",
    "frozen": "uncertain: timeout",
    "paper-out": "uncertain: paper-out",
    "near-end": "confirmed: ok",
    "cover-open": "uncertain: cover-open",
    "jam": "uncertain: jam",
    "error": "uncertain: error",
    "overheated": "uncertain: busy",
    "busy": "uncertain: busy",
    "offline": "uncertain: busy",
    "busy-briefly": "confirmed: ok",
}
EXPECTED: matrix.Expected = {
    "idle": _STATUS,
    "watched": _STATUS,
    "about to print": {
        "silence": "failed: no-answer",
        "drop": "failed: offline",
        "garbage": "failed: bad-answer",
        "half-frame": "failed: no-answer",
        "slow": "confirmed: ok",
        "frozen": "uncertain: timeout",
        "paper-out": "failed: paper-out",
        "near-end": "confirmed: ok",
        "cover-open": "failed: cover-open",
        "jam": "failed: jam",
        "error": "failed: error",
        "overheated": "failed: busy",
        "busy": "failed: busy",
        "offline": "failed: busy",
        "busy-briefly": "confirmed: ok",  # waited for
    },
    "printing": _SENT,
    "waiting for word": _SENT,
}


class Rig:
    """The driver over TCP, and a simulator that takes 5 ms a line."""

    # busy before (2 s), printing (1.5 s), and three answers that do not come with one that clears
    limit = 2.0 + PRINT_TIME + 4 * TIMEOUT

    def __init__(self, folder: Path) -> None:
        self.out = folder
        self.simulated = Simulator("receipt_printer", "--out", str(folder), "--no-pictures", "--pace", "0.005")
        self.printer = ReceiptPrinter(
            self.simulated.said["port"], model="generic-80", timeout=TIMEOUT, print_time=PRINT_TIME, poll_seconds=0.2
        )
        self.events: queue.Queue[StatusChanged] = queue.Queue()
        self.state, self.told = "", ""

    def enter(self, state: str) -> None:
        self.state = state
        if state == "watched":
            self.printer.start(self.events.put)
            assert self._told(_OK) == _OK
        else:
            self._usable()

    def meet(self, fault: str) -> str:
        when = {"printing": "-midway", "waiting for word": "-at-end"}.get(self.state, "")
        self.simulated(f"fault {fault}{when}")
        if self.state == "idle":
            status = self.printer.status()
            return f"{status.device}: {status.detail}"
        if self.state == "watched":
            return self._told(_STATUS[fault])
        outcome = self.printer.print(RECEIPT)
        return f"{outcome.result}: {outcome.reason}"

    def recover(self) -> None:
        self.simulated("fault none")
        self._usable()
        if self.state == "watched":
            assert self._told(_OK) == _OK
        outcome = self.printer.print(NEXT)
        assert outcome.result == "confirmed", outcome
        came = [path.read_text(encoding="utf-8").split() for path in self.out.glob("receipt-*.txt")]
        assert came.count(["下一位"]) == 1, came
        assert all(paper in (["下一位"], WHOLE) for paper in came), came
        for path in self.out.glob("receipt-*.txt"):
            path.unlink()

    def close(self) -> None:
        self.printer.stop()
        self.simulated.stop()

    def _usable(self) -> None:
        deadline = time.monotonic() + 20
        while not self.printer.status().usable:
            assert time.monotonic() < deadline, "the printer did not come back"
            time.sleep(0.05)

    def _told(self, expected: str) -> str:
        """The last the watcher told, as soon as it is this."""
        deadline = time.monotonic() + self.limit
        while self.told != expected and time.monotonic() < deadline:
            try:
                status = self.events.get(timeout=0.2).status
            except queue.Empty:
                continue
            self.told = f"{status.device}: {status.detail}"
        return self.told


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], matrix.Met]:
    return matrix.meet_all("receipt_printer", Rig, EXPECTED, tmp_path_factory.mktemp("receipt_printer"))


@pytest.mark.parametrize("cell", matrix.cells("receipt_printer", EXPECTED))
def test_receipt_printer(cell: matrix.Cell, found: dict[tuple[str, str], matrix.Met], record_property) -> None:
    matrix.judge(cell, found, record_property)
