"""Functions of places on Earth: geopoints "latitude longitude altitude accuracy", lines and areas with ";" between."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from kiosk.forms.functions.registry import function
from kiosk.forms.xpath.values import NAN, texts

#: metres at the Equator (WGS 84), as JavaRosa and Enketo reckon
EARTH_RADIUS = 6_378_100.0
Point = tuple[float, float]


def points(values: tuple[Any, ...]) -> list[Point]:
    """Every point of a node-set of geopoints, or of a line or an area; none where one is wrong."""
    found: list[Point] = []
    for said in texts(values):
        for part in filter(None, (one.strip() for one in said.split(";"))):
            try:
                latitude, longitude = (float(one) for one in part.split()[:2])
            except ValueError:
                return []
            if abs(latitude) > 90 or abs(longitude) > 180:
                return []
            found.append((math.radians(latitude), math.radians(longitude)))
    return found


@function("distance", 1, None)
def _distance(*values: Any) -> float:
    line = points(values)
    if len(line) < 2:
        return 0.0 if line or not any(texts(values)) else NAN
    metres = 0.0
    for (one, east), (other, further) in pairwise(line):
        half = math.sin((other - one) / 2) ** 2
        half += math.cos(one) * math.cos(other) * math.sin((further - east) / 2) ** 2
        metres += 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(half)))
    return round(metres, 2)


@function("area", 1, None)
def _area(*values: Any) -> float:
    """Square metres, by the spherical excess of the ring."""
    ring = points(values)
    if len(ring) < 3:
        return 0.0 if ring or not any(texts(values)) else NAN
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    total = 0.0
    for (one, east), (other, further) in pairwise(ring):
        total += (further - east) * (2 + math.sin(one) + math.sin(other))
    return round(abs(total * EARTH_RADIUS**2 / 2), 2)
