"""Which answers an answer changes: the order of recalculation, and cycles found before anyone meets them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from kiosk.forms.errors import FormError


class Dependencies:
    """`reads` maps each path to the paths its expressions read; a group's path stands for all within it."""

    def __init__(self, reads: Mapping[str, Iterable[str]]) -> None:
        """Raises FormError naming the questions of a cycle."""
        try:
            order = list(
                TopologicalSorter({path: set(others) - {path} for path, others in reads.items()}).static_order()
            )
        except CycleError as error:
            raise FormError("these depend on each other in a circle: " + " → ".join(error.args[1])) from None
        self._rank = {path: rank for rank, path in enumerate(order)}
        self._readers: dict[str, set[str]] = {}
        for path, others in reads.items():
            for other in others:
                self._readers.setdefault(other, set()).add(path)

    def after(self, path: str) -> list[str]:
        """Every path to recompute after `path` changed, in order."""
        found: set[str] = set()
        waiting = [path]
        while waiting:
            for reader in self._readers.get(waiting.pop(), ()):
                if reader not in found:
                    found.add(reader)
                    waiting.append(reader)
        return sorted(found, key=self._rank.__getitem__)

    def order(self) -> list[str]:
        """Every path, in order."""
        return sorted(self._rank, key=self._rank.__getitem__)
