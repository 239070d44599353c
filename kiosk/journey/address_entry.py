"""An address while it is being chosen: its divisions, its street, and which level is asked next."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.addresses import Address, chain, children
from kiosk.journey.views import AddressPart, ChoiceRow

#: length of the code above which the next level is asked -> the words; a town can be left out
_ASKS = {0: "address.province", 2: "address.city", 4: "address.county", 6: "address.town"}


class AddressEntry:
    """One question's address. What is typed in the street is never taken for a division.

    A text whose place is not known (a card of another time) says all in its street: it stands until the first division
    is chosen, for behind that it would be an address within an address. What the citizen wrote there stays.
    """

    def __init__(self, text: str) -> None:
        self._address = Address.read(text)
        self._asks_town = not self._address.street
        self._is_elsewhere = bool(self._address.street and not self._address.divisions)

    @property
    def text(self) -> str:
        """As it is stored."""
        return self._address.text

    def write(self, text: str) -> None:
        """The street changed: `text` begins with the divisions chosen."""
        chosen = "".join(each.name for each in self._address.divisions)
        self._address = Address(self._address.divisions, text.removeprefix(chosen))
        self._is_elsewhere = False

    def choose(self, code: str) -> None:
        """A division is chosen; one that was chosen already is asked anew, "" leaves the town out."""
        if not code:
            self._asks_town = False
            return
        divisions = self._address.divisions
        again = next((place for place, each in enumerate(divisions) if each.code == code), None)
        divisions = chain(code) if again is None else divisions[:again]
        self._asks_town = again is not None or self._asks_town or self._is_elsewhere
        self._address = Address(divisions, "" if self._is_elsewhere else self._address.street)
        self._is_elsewhere = False

    @property
    def problem(self) -> str:
        """The words of what is missing, "" where nothing is."""
        if not self._address.located:
            return "address.incomplete"
        return "" if self._address.street.strip() else "address.no_street"

    def part(self, say: Callable[[str], str]) -> AddressPart:
        """What the screen shows of it."""
        address = self._address
        below = children(address.code)
        county = len(address.code) == 6
        open_ = bool(below) and (not address.located or (county and self._asks_town))
        return AddressPart(
            chosen=tuple(ChoiceRow(each.code, each.name) for each in address.divisions),
            options=tuple(ChoiceRow(each.code, each.name) for each in below) if open_ else (),
            asks=say(_ASKS[len(address.code) if len(below[0].code) != 6 else 4]) if open_ else "",
            skips=open_ and address.located,
            street=address.street,
        )
