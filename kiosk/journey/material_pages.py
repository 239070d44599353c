"""The pages of one material in their order, and what can be done with them. Values only: the bytes lie in the cache."""

from __future__ import annotations

from dataclasses import dataclass, replace

from contract.codes import MaterialOrigin


@dataclass(frozen=True)
class KeptPage:
    """A page's picture by its SHA-256; `turn` is how it is to be turned, clockwise, in degrees."""

    sha256: str
    turn: int = 0
    origin: MaterialOrigin = MaterialOrigin.SCAN


@dataclass(frozen=True)
class MaterialPages:
    """Never changed: every change gives new ones. `at` is the place of the one looked at."""

    pages: tuple[KeptPage, ...] = ()
    at: int = 0

    @property
    def shown(self) -> KeptPage | None:
        """The one looked at; None where there is none."""
        return self.pages[self.at] if self.pages else None

    def show(self, place: int) -> MaterialPages:
        """Look at another. A place where none is changes nothing."""
        return replace(self, at=place) if 0 <= place < len(self.pages) else self

    def add(self, page: KeptPage) -> MaterialPages:
        """One more, at the end; it is looked at."""
        return MaterialPages((*self.pages, page), len(self.pages))

    def exchange(self, page: KeptPage) -> MaterialPages:
        """`page` in the place of the one looked at; where there is none it is added."""
        if not self.pages:
            return self.add(page)
        return replace(self, pages=(*self.pages[: self.at], page, *self.pages[self.at + 1 :]))

    def move(self, by: int) -> MaterialPages:
        """The one looked at goes `by` places to the right, no further than either end."""
        if not self.pages:
            return self
        place = min(max(self.at + by, 0), len(self.pages) - 1)
        others = [page for number, page in enumerate(self.pages) if number != self.at]
        return MaterialPages((*others[:place], self.pages[self.at], *others[place:]), place)

    def turn(self) -> MaterialPages:
        """The one looked at is turned by a quarter, clockwise."""
        page = self.shown
        return self.exchange(replace(page, turn=(page.turn + 90) % 360)) if page else self

    def delete(self) -> MaterialPages:
        """Without the one looked at; the one that takes its place is looked at, or the last."""
        kept = (*self.pages[: self.at], *self.pages[self.at + 1 :])
        return MaterialPages(kept, min(self.at, max(len(kept) - 1, 0)))
