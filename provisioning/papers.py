"""Paper at a terminal, for staff on site: what nobody knows of is looked at and settled, and the tray is filled."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from offline_cache.audit import Event
from offline_cache.errors import NotInTheLedger
from offline_cache.print_ledger import Print
from provisioning.deliveries import open_memory
from provisioning.errors import PaperError


def papers(data: Path) -> dict[str, Any]:
    """Papers nobody knows of, and the sheets left in the tray (None: nobody counts). Raises ProvisioningError."""
    cache = open_memory(data)
    try:
        return {
            "uncertain": [asdict(line) for line in cache.prints.uncertain()],
            "sheets_left": cache.tray.left,
            "low": cache.tray.low,
        }
    finally:
        cache.close()


def settle(data: Path, paper: str, came: bool, by: str) -> Print:
    """Say of an uncertain paper that it came out, or surely did not: then its number may be printed again.

    `paper` is its id or the beginning of it. Raises PaperError where it names none, several, or one that is settled.
    """
    cache = open_memory(data)
    try:
        found = [line for line in cache.prints.uncertain() if line.id.startswith(paper)] if paper else []
        if len(found) != 1:
            raise PaperError(f"{len(found)} uncertain papers begin with “{paper}”; see kiosk-provision papers")
        cache.prints.set(found[0].id, "confirmed" if came else "failed", "looked", by=by)
        cache.audit.note(Event.TECHNICIAN_SETTLED, paper=found[0].id, result="came" if came else "missing")
        return cache.prints.line(found[0].id)
    except NotInTheLedger:
        raise PaperError("somebody has settled it meanwhile") from None
    finally:
        cache.close()


def refill(data: Path, sheets: int) -> None:
    """There are `sheets` in the tray now. Raises PaperError, ProvisioningError."""
    cache = open_memory(data)
    try:
        cache.tray.refill(sheets)
        cache.audit.note(Event.TECHNICIAN_REFILLED, sheets=sheets)
    except ValueError as error:
        raise PaperError(str(error)) from None
    finally:
        cache.close()
