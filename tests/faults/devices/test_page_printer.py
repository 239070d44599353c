"""The A4 printer, asked straight: every state crossed with every fault of the printer and of the line to it."""

from __future__ import annotations

import io
import threading
import time
from pathlib import Path

import pikepdf
import pytest

from drivers.page_printer import PagePrinter
from drivers.printing import PrintOutcome
from tests.drivers.conftest import Simulator
from tests.faults.devices import matrix

_LINE = {
    "silence": "offline: no-answer",
    "drop": "offline: offline",
    "gone": "offline: offline",
    "garbage": "hardwareError: bad-answer",
    "half-frame": "hardwareError: bad-answer",
    "busy": "deviceBusy: busy",
}
_PAPER = {
    "paper-out": "online: paper-out",
    "toner-empty": "online: toner-out",
    "cover-open": "userError: cover-open",
    "near-end": "works, paper low",
    "toner-low": "works, toner low",
}
EXPECTED: matrix.Expected = {
    "idle": {
        **_LINE,
        **_PAPER,
        "slow": matrix.NOT_MET,  # these three begin with a job
        "jam": matrix.NOT_MET,
        "paper-out-midway": matrix.NOT_MET,
    },
    # nothing is sent to a printer that cannot print
    "asked to print": {
        **{fault: f"failed: {outcome.partition(': ')[2]}" for fault, outcome in (_LINE | _PAPER).items()},
        "near-end": "confirmed: ok",
        "toner-low": "confirmed: ok",
        "slow": "confirmed: ok",
        "jam": "uncertain: jam",  # with the page in it
        "paper-out-midway": "failed: paper-out",
    },
    # the page was sent: where the printer says no more, nobody can say whether it came out
    "printing": {
        **{fault: f"uncertain: {outcome.partition(': ')[2]}" for fault, outcome in _LINE.items()},
        "paper-out": "failed: paper-out",
        "toner-empty": "failed: toner-out",
        "cover-open": "failed: cover-open",
        "near-end": "confirmed: ok",
        "toner-low": "confirmed: ok",
        "slow": "confirmed: ok",
        "jam": matrix.NOT_MET,  # met above: they are of a job that begins
        "paper-out-midway": matrix.NOT_MET,
    },
}
# A line fault must be there before the job's time is over, on a busy machine, too.
_WAIT, _CANCEL = 1.5, 0.6


def _page() -> bytes:
    document, file = pikepdf.new(), io.BytesIO()
    document.add_blank_page(page_size=(595, 842))
    document.save(file)
    return file.getvalue()


class Rig:
    """The driver and a simulated printer without a queue."""

    limit = 7.0  # 1.5 s for the job, 0.6 s for cancelling it, and three questions of 1.5 s that had begun

    def __init__(self, folder: Path) -> None:
        self.device = Simulator("page_printer", "--state", str(folder / "state"), "--no-queue", "--slow-job", "2")
        self.printer = PagePrinter(uri=self.device.said["uri"], status_timeout=1.5, cancel_timeout=_CANCEL)
        self.page = _page()
        self.state = ""
        self.outcomes: list[PrintOutcome] = []
        self.job: threading.Thread | None = None

    def enter(self, state: str) -> None:
        self.state = state
        assert self.printer.status().usable

    def meet(self, fault: str) -> str:
        if self.state == "idle":
            self.device(f"fault {fault}")
            status = self.printer.status()
            low = " low" if status.detail.endswith("-low") else ""
            return f"works, {status.detail.removesuffix('-low')}{low}" if status.usable else (
                f"{status.device.value}: {status.detail}"
            )  # fmt: skip
        if self.state == "asked to print":
            self.device(f"fault {fault}")
            return self._told(self.printer.print(self.page, timeout=matrix.BUSY_MACHINE))
        self.device("fault slow")
        self.outcomes.clear()
        seconds = _WAIT if fault in _LINE else matrix.BUSY_MACHINE
        self.job = threading.Thread(target=self._print, args=(seconds,))
        self.job.start()
        end = time.monotonic() + 20
        while not self.device("state")["working"]:
            assert time.monotonic() < end, "no job in 20 s"
            time.sleep(0.02)
        self.device(f"fault {fault}")
        if fault in ("near-end", "toner-low"):
            self.device("release")
        self.job.join()
        return self._told(self.outcomes[0])

    def recover(self) -> None:
        self.device("fault none")
        before = self.device("state")["printed"]
        end = time.monotonic() + 20
        while (outcome := self.printer.print(self.page, timeout=20)).result == "failed":
            assert time.monotonic() < end, outcome
        assert outcome.result == "confirmed", outcome
        assert self.device("state")["printed"] > before

    def close(self) -> None:
        self.device.stop()

    def _print(self, seconds: float) -> None:
        self.outcomes.append(self.printer.print(self.page, timeout=seconds))

    @staticmethod
    def _told(outcome: PrintOutcome) -> str:
        return f"{outcome.result}: {outcome.reason}"


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], matrix.Met]:
    return matrix.meet_all("page_printer", Rig, EXPECTED, tmp_path_factory.mktemp("page_printer"))


@pytest.mark.parametrize("cell", matrix.cells("page_printer", EXPECTED))
def test_cell(cell: matrix.Cell, met: dict[tuple[str, str], matrix.Met], record_property) -> None:
    matrix.judge(cell, met, record_property)
