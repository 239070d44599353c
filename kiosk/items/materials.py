"""Which materials (材料) are asked for, given the situation."""

from __future__ import annotations

from collections.abc import Mapping

from contract.items import Material, MaterialWay, ServiceItem


def materials_for(item: ServiceItem, situations: Mapping[str, str]) -> list[Material]:
    """The materials that apply; before the situation is known, those asked for in any case."""
    return [
        material
        for material in item.materials
        if not material.when or any(situations.get(_id(rule)) == _value(rule) for rule in material.when)
    ]


def to_scan(item: ServiceItem, situations: Mapping[str, str]) -> list[Material]:
    """The materials to lay under the camera."""
    return [material for material in materials_for(item, situations) if material.way is MaterialWay.SCAN]


def _id(rule: str) -> str:
    return rule.partition("=")[0]


def _value(rule: str) -> str:
    return rule.partition("=")[2]
