"""Counted paper: sheets left in the page printer's tray, for printers that cannot tell.

Staff say how many are in it (`kiosk-provision refill`); every sheet that came or may have come is taken off. Until they
have said so once, nobody counts.
"""

from __future__ import annotations

from offline_cache.facts import Facts

#: sheets: a case of the sample city needs one or two, so this many visits are still served while somebody comes
LOW = 20
_FACT = "paper_left"


class PaperTray:
    """`left` is None where nobody counts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @property
    def left(self) -> int | None:
        """Sheets left, 0 at the least."""
        value = self._facts.ask(_FACT)
        return value if isinstance(value, int) else None

    @property
    def low(self) -> bool:
        """Whether somebody should bring paper."""
        left = self.left
        return left is not None and left <= LOW

    def refill(self, sheets: int) -> None:
        """There are this many in the tray now. Raises ValueError below 0."""
        if sheets < 0:
            raise ValueError("a tray holds no fewer than 0 sheets")
        self._facts.tell(_FACT, sheets)

    def take(self, sheets: int) -> None:
        """This many went out."""
        left = self.left
        if left is not None:
            self._facts.tell(_FACT, max(0, left - sheets))
