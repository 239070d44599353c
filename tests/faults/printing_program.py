"""A terminal that prints one paper and may die on the way: run by test_print_once as a program of its own.

    python -m tests.faults.printing_program DATA PRINTER ADDRESS NUMBER [CUT]

PRINTER is receipt or page. CUT kills this process (SIGKILL): before-STATE or after-STATE of a step of the ledger, or
midway=SECONDS after the first byte may have gone.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf

from contract.model import Words
from drivers.manager import Devices
from drivers.page_printer import PagePrinter
from drivers.printing import PrintOutcome
from drivers.receipt_printer import Receipt, ReceiptPrinter, Text
from kiosk.cases.papers import Made, Papers
from kiosk.documents.text_reader import TextReader
from kiosk.journey.parts import Parts
from offline_cache import Cache
from offline_cache.document_service import DocumentService
from offline_cache.holding_service import HoldingService
from offline_cache.identity_service import IdentityService
from offline_cache.phone_uploads import PhoneUploads
from offline_cache.platform import Platform
from offline_cache.print_ledger import PrintLedger, State
from offline_cache.saved_service import SavedService
from offline_cache.settings import Settings


def die() -> None:
    """As a power cut leaves a process: nothing more is done."""
    os.kill(os.getpid(), signal.SIGKILL)


class CutLedger(PrintLedger):
    """The ledger, and a cut before or after one of its steps."""

    cut = ""

    def plan(self, *values: Any, **more: Any) -> str:
        return str(self._step("planned", lambda: super(CutLedger, self).plan(*values, **more)))

    def set(self, identifier: str, state: State, *values: Any, **more: Any) -> None:
        told = "sent" if state == "sent" else "told"
        self._step(told, lambda: super(CutLedger, self).set(identifier, state, *values, **more))

    def _step(self, name: str, work: Callable[[], Any]) -> Any:
        if self.cut == f"before-{name}":
            die()
        done = work()
        if self.cut == f"after-{name}":
            die()
        return done


def page(number: str) -> bytes:
    """A page whose file says its number."""
    document, file = pikepdf.new(), io.BytesIO()
    document.add_blank_page(page_size=(595, 842))
    document.docinfo["/Title"] = number
    document.save(file)
    return file.getvalue()


def main(data: Path, printer: str, address: str, number: str, cut: str = "") -> None:
    """Print it, and say what the citizen would be shown."""
    cache = Cache.open(data)
    cache.prints = ledger = CutLedger(cache.store)
    cache.prints.settle_interrupted()
    ledger.cut = cut
    jobs: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []
    settings = Settings("HW-0001", "A1", Words(zh="大厅"), "", "", "http://127.0.0.1:9")
    platform = Platform("http://127.0.0.1:9", data)
    papers = Papers(
        Parts(
            settings, cache, Devices(), IdentityService(platform, settings.id), SavedService(platform),
            DocumentService(platform), PhoneUploads(platform), TextReader(), HoldingService(platform),
            lambda work, then: jobs.append((work, then)),
            lambda _: None, lambda _: None,
        ),
        "a-visit",
    )  # fmt: skip

    def send() -> PrintOutcome:
        if cut.startswith("midway="):
            threading.Timer(float(cut.partition("=")[2]), die).start()
        if printer == "receipt":
            device = ReceiptPrinter(address, model="generic-80", timeout=0.7, print_time=1.2, poll_seconds=0.2)
            return device.print(Receipt([Text(number), *(Text(f"第{line}行") for line in range(8))]))
        return PagePrinter(uri=address, status_timeout=1.5, cancel_timeout=0.6).print(page(number), timeout=8.0)

    papers.print("certificate", "证明", number, lambda: Made(send), once=True)
    while jobs:
        work, then = jobs.pop(0)
        then(work())
    [row] = papers.rows("zh")
    print(row.state, row.line, row.again, flush=True)
    if cut.startswith("midway="):
        time.sleep(10)  # the cut comes, though later than the printer's word
    cache.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
