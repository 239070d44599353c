"""Printing once: a terminal that dies at every step of the ledger, printers with every fault; then paper is counted.

The terminal is a program of its own (printing_program), killed with SIGKILL; printers are simulators on their wires.
After each cut the same number is asked for again by the next start. Whatever happened:
- what the ledger calls confirmed is on paper, what it calls failed is not;
- no number is on paper twice, and none is sent again that was sent and did not surely fail.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from offline_cache import Cache
from tests.drivers.conftest import ROOT, Simulator

CUTS = ["", "before-planned", "after-planned", "before-sent", "after-sent", "midway", "before-told", "after-told"]
FAULTS = {
    "receipt": [
        "none", "paper-out", "cover-open", "jam", "silence", "drop", "garbage", "offline", "frozen", "paper-out-midway",
        "jam-midway", "drop-midway", "silence-at-end",
    ],
    "page": [
        "none", "paper-out", "toner-empty", "cover-open", "gone", "jam", "paper-out-midway", "silence", "drop", "busy",
    ],
}  # fmt: skip
#: seconds: a receipt of nine lines is printed in half of one, a page in one
LONGEST_PRINT = 1.2


class Printer:
    """A simulated printer, and the papers with a number that lie in its tray."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind, self.out = kind, folder / "out"
        self.out.mkdir(parents=True)
        if kind == "receipt":
            self.device = Simulator("receipt_printer", "--out", str(self.out), "--no-pictures", "--pace", "0.05")
            self.address = str(self.device.said["port"])
        else:
            state = str(folder / "state")
            self.device = Simulator("page_printer", "--state", state, "--out", str(self.out), "--no-queue")
            self.address = str(self.device.said["uri"])

    def papers(self, number: str) -> int:
        if self.kind == "receipt":
            # a receipt that stopped in the middle is no paper anybody can use; a whole one ends with its last line
            texts = [path.read_text("utf-8").split() for path in self.out.glob("*.txt")]
            return sum(number in text and "第7行" in text for text in texts)
        return sum(_number(path) == number for path in self.out.glob("*.pdf"))


def _number(path: Path) -> str:
    with pikepdf.open(path) as document:
        return str(document.docinfo.get("/Title", ""))


def run(data: Path, printer: Printer, number: str, cut: str = "") -> tuple[int, str]:
    command = [sys.executable, "-m", "tests.faults.printing_program", str(data), printer.kind, printer.address, number]
    done = subprocess.run([*command, cut], cwd=ROOT, capture_output=True, text=True, timeout=90)
    assert done.returncode in (0, -9), done.stderr
    return done.returncode, done.stdout.strip()


def lines(data: Path, number: str) -> list[str]:
    cache = Cache.open(data)
    try:
        return [line.state for line in cache.prints.attempts("certificate", number)]
    finally:
        cache.close()


def walk(kind: str, fault: str, cuts: list[str], folder: Path) -> list[dict[str, Any]]:
    """Every cut with one printer of this fault, each with a number of its own; what was seen of it."""
    printer, found = Printer(kind, folder), []
    chance = random.Random(f"{kind} {fault}")
    try:
        for place, cut in enumerate(cuts):
            number, data = f"HJ-26-{place:06d}", folder / f"data-{place}"
            data.mkdir()
            printer.device(f"fault {fault}")
            when = f"midway={chance.uniform(0.0, LONGEST_PRINT):.2f}" if cut == "midway" else cut
            first = run(data, printer, number, when)
            left = lines(data, number)
            printer.device("fault none")
            time.sleep(LONGEST_PRINT)  # what the printer kept comes out now
            second = run(data, printer, number)
            time.sleep(0.3)
            found.append(
                {
                    "what": f"{kind} {fault} {when or 'no cut'}", "first": first, "left": left, "second": second,
                    "lines": lines(data, number), "papers": printer.papers(number),
                }
            )  # fmt: skip
    finally:
        printer.device.stop()
    return found


@pytest.mark.parametrize("kind", ["receipt", "page"])
@pytest.mark.timeout(400)
def test_papers_and_records_agree_whatever_dies(kind: str, tmp_path: Path) -> None:
    work = [(fault, CUTS if fault == "none" else ["midway"]) for fault in FAULTS[kind]]
    with ThreadPoolExecutor(4) as pool:
        walks = [pool.submit(walk, kind, fault, cuts, tmp_path / fault) for fault, cuts in work]
    found = [seen for walked in walks for seen in walked.result()]
    for seen in found:
        states, papers = seen["lines"], seen["papers"]
        confirmed, uncertain = states.count("confirmed"), states.count("uncertain")
        assert states and set(states) <= {"confirmed", "uncertain", "failed"}, seen
        assert confirmed <= papers <= confirmed + uncertain, seen
        assert confirmed + uncertain <= 1 and papers <= 1, seen
        # what surely failed was given at the second asking, and nothing else was
        if len(states) > 1:
            assert set(states[:-1]) == {"failed"}, seen
        if set(seen["left"]) & {"sent", "confirmed", "uncertain"}:
            assert "已经打印过" in seen["second"][1] and len(states) == 1, seen
    # the cuts were cuts, and the table is not all of one kind
    assert any(seen["first"][0] == -9 and "midway" in seen["what"] for seen in found)
    assert {state for seen in found for state in seen["lines"]} == {"confirmed", "uncertain", "failed"}
