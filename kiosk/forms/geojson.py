"""GeoJSON as a list of a form (ODK XForms specification, "Secondary Instances from GeoJSON")."""

from __future__ import annotations

import json
from typing import Any

from kiosk.forms.errors import FormError
from kiosk.forms.secondary import ROW_LIMIT, Table, check_size


def from_geojson(identifier: str, content: bytes) -> Table:
    """The table of a FeatureCollection: its properties, `id` and `geometry` as columns. Raises FormError."""
    check_size(identifier, content)
    try:
        collection = json.loads(content)
        features = collection["features"] if collection["type"] == "FeatureCollection" else None
    except (ValueError, KeyError, TypeError, RecursionError):
        features = None
    if not isinstance(features, list) or len(features) > ROW_LIMIT:
        raise FormError("the file is no GeoJSON FeatureCollection", identifier)
    columns: dict[str, int] = {}
    rows: list[dict[str, str]] = []
    try:
        for feature in features:
            row = {name: _said(value) for name, value in (feature["properties"] or {}).items() if value is not None}
            if feature.get("id") is not None:
                row["id"] = _said(feature["id"])
            row["geometry"] = _geometry(feature["geometry"])
            rows.append(row)
            for name in row:
                columns.setdefault(name, len(columns))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise FormError(f"feature {len(rows) + 1} is none that can be read", identifier) from None
    return Table(identifier, columns, [tuple(row.get(name) for name in columns) for row in rows])


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise ValueError("only texts, numbers and truths")


def _geometry(geometry: dict[str, Any]) -> str:
    kind, places = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        return _point(places)
    if kind == "LineString":
        return "; ".join(map(_point, places))
    if kind == "Polygon":
        return "; ".join(map(_point, places[0]))
    raise ValueError(kind)


def _point(place: list[float]) -> str:
    """GeoJSON has longitude first, ODK latitude."""
    longitude, latitude = (float(one) for one in place[:2])
    return f"{place[1]} {place[0]} 0 0" if abs(latitude) <= 90 and abs(longitude) <= 180 else ""
