"""One address as the text it is stored as, taken apart into divisions and street."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.addresses.divisions import Division, children

#: digits of a county's code: an address names at least one
COUNTY = 6


@dataclass(frozen=True)
class Address:
    """`divisions` from the province down; `street` is what follows them."""

    divisions: tuple[Division, ...] = ()
    street: str = ""

    @classmethod
    def read(cls, text: str) -> Address:
        """Take `text` apart. What it does not begin with stays in the street; a province left out is found."""
        rest, line = text.strip(), list[Division]()
        while found := _begins(rest, children(line[-1].code if line else "")):
            line.append(found)
            rest = rest[len(found.name) :].lstrip()
        if not line and rest:
            for province in children():
                city = _begins(rest, children(province.code))
                # 朝阳区 and its like are in many provinces: only a city says which province is meant
                if city is not None and city.name.endswith(("市", "州", "盟", "地区")):
                    return cls.read(province.name + rest)
        return cls(tuple(line), rest)

    @property
    def text(self) -> str:
        """As it is stored and printed: 山东省青岛市市南区八大湖街道福州南路 17 号."""
        return "".join(each.name for each in self.divisions) + self.street.strip()

    @property
    def code(self) -> str:
        """The code of the smallest division named, or ""."""
        return self.divisions[-1].code if self.divisions else ""

    @property
    def located(self) -> bool:
        """Whether it names a county, or all there is to name."""
        return bool(self.divisions) and (len(self.code) >= COUNTY or not children(self.code))


def _begins(text: str, among: tuple[Division, ...]) -> Division | None:
    fitting = [each for each in among if text.startswith(each.name)]
    return max(fitting, key=lambda each: len(each.name)) if fitting else None
