"""Who is drawn: invented people, each a set of weights and colours. Nobody like them is known to exist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

Colour = tuple[float, float, float]  # red, green, blue, 0 … 1


def _macro(sex: str, age: float, weight: str = "averageweight", muscle: str = "averagemuscle") -> dict[str, float]:
    """The mesh's own words for sex and age (0 young … 1 old)."""
    shape: dict[str, float] = {}
    for name, share in (("young", 1 - age), ("old", age)):
        if share:
            shape[f"macrodetails/asian-{sex}-{name}"] = share
            shape[f"macrodetails/universal-{sex}-{name}-{muscle}-{weight}"] = share
    return shape


def _both(folder: str, name: str, weight: float) -> dict[str, float]:
    """A target of the left and of the right."""
    return {f"{folder}/{side}-{name}": weight for side in "lr"}


@dataclass(frozen=True)
class Person:
    """One person. Lengths are decimetres, or factors of the usual one."""

    name: str
    shape: Mapping[str, float] = field(repr=False)
    skin: Colour = (0.80, 0.60, 0.48)
    lips: Colour = (0.66, 0.33, 0.32)
    iris: Colour = (0.13, 0.08, 0.05)
    hair: Colour = (0.07, 0.06, 0.06)
    clothes: Colour = (0.25, 0.28, 0.36)
    wall: Colour = (0.55, 0.58, 0.60)
    flush: float = 1.0
    hairline: float = 0.0
    volume: float = 0.12
    long_hair: bool = False
    brow_gap: float = 1.0
    brow_height: float = 0.0
    brow_arch: float = 1.0
    brow_width: float = 1.0
    wrinkles: float = 0.0
    beard: float = 0.0
    seed: int = 1

    def on_card(self) -> Person:
        """Some years ago, before a white wall, in other clothes."""
        return replace(self, wall=(0.93, 0.94, 0.95), clothes=(0.15, 0.16, 0.2), flush=self.flush * 0.6,
                       seed=self.seed + 50, hairline=self.hairline - 0.03)  # fmt: skip


PEOPLE = (
    Person(
        "wang",
        _macro("female", 0.0)
        | {"head/head-oval": 0.8, "chin/chin-triangle": 0.9, "nose/nose-width2-decr": 0.8}
        | {"nose/nose-scale-vert-decr": 0.4}
        | {"mouth/mouth-upperlip-volume-incr": 0.5, "mouth/mouth-scale-horiz-decr": 0.4, "head/head-age-decr": 0.5}
        | _both("eyes", "eye-scale-incr", 0.9),
        skin=(0.90, 0.73, 0.63), lips=(0.74, 0.30, 0.33), brow_width=0.6, brow_arch=0.9, brow_height=0.03, volume=0.18,
        long_hair=True, seed=11, clothes=(0.55, 0.25, 0.30),
    ),
    Person(
        "li",
        _macro("male", 0.2)
        | {"head/head-square": 0.9, "chin/chin-width-incr": 0.9, "nose/nose-scale-horiz-incr": 1.0}
        | {"nose/nose-hump-incr": 0.6, "mouth/mouth-scale-horiz-incr": 0.8, "chin/chin-prominent-incr": 0.5}
        | _both("eyes", "eye-scale-decr", 0.7) | _both("eyes", "eye-trans-in", 0.4),
        skin=(0.74, 0.54, 0.41), brow_width=1.6, brow_arch=0.6, brow_height=-0.03, beard=1.6, hairline=0.03, seed=23,
    ),
    Person(
        "zhao",
        _macro("female", 0.9, "maxweight")
        | {"head/head-round": 0.9, "nose/nose-scale-vert-decr": 0.7, "nose/nose-point-width-incr": 0.8}
        | {"mouth/mouth-angles-down": 0.6, "chin/chin-height-decr": 0.5}
        | _both("cheek", "cheek-volume-incr", 0.7) | _both("eyes", "eye-trans-out", 0.4),
        skin=(0.78, 0.60, 0.49), hair=(0.45, 0.44, 0.44), brow_width=0.8, wrinkles=1.0, hairline=0.02, volume=0.2,
        long_hair=True, seed=37, lips=(0.60, 0.38, 0.36), clothes=(0.3, 0.42, 0.35),
    ),
    Person(
        "chen",
        _macro("male", 0.8)
        | {"macrodetails/african-male-old": 0.9, "head/head-square": 0.9, "nose/nose-trans-down": 0.9}
        | {"nose/nose-scale-horiz-incr": 0.5, "chin/chin-prognathism-incr": 0.9}
        | {"mouth/mouth-lowerlip-volume-incr": 0.5}
        | _both("eyes", "eye-scale-decr", 0.9) | _both("eyes", "eye-corner1-up", 0.5),
        skin=(0.58, 0.41, 0.31), lips=(0.50, 0.29, 0.27), brow_width=0.8, brow_arch=0.3, brow_height=-0.04,
        hairline=0.12, wrinkles=0.6, beard=2.5, seed=41, hair=(0.16, 0.15, 0.15), clothes=(0.4, 0.38, 0.3),
    ),
)  # fmt: skip
