"""Walking along a path: one closure for all its steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.forms.xpath.context import Context
from kiosk.forms.xpath.syntax import Step

Evaluate = Callable[[Context], Any]
Walked = list[tuple[Step, list[Evaluate]]]


def walk(start: Evaluate, steps: Walked) -> Evaluate:
    """From the nodes `start` gives along `steps`, each with its compiled predicates."""
    if all(step.axis == "child" and not filters for step, filters in steps):
        return _plain(start, [step.name for step, _ in steps])

    def evaluate(c: Context) -> list[Any]:
        found = start(c)
        for step, filters in steps:
            found = _step(found, step, filters, c)
        return found

    return evaluate


def _plain(start: Evaluate, names: list[str]) -> Evaluate:
    if not names:
        return start
    if len(names) == 1:
        (name,) = names
        return lambda c: [child for node in start(c) for child in node.step(name)]

    def evaluate(c: Context) -> list[Any]:
        found = start(c)
        for name in names:
            found = [child for node in found for child in node.step(name)]
        return found

    return evaluate


def _step(found: list[Any], step: Step, filters: list[Evaluate], c: Context) -> list[Any]:
    if step.axis == "child":
        groups = [node.step(step.name) for node in found]
    elif step.axis == "parent":
        parents = {id(node.parent): node.parent for node in found if node.parent is not None}
        groups = [list(parents.values())]
    elif step.axis == "self":
        groups = [[node for node in found if step.name in ("*", node.name)]]
    else:
        groups = [[below for node in found for below in _descendants(node, step.name, c)]]
    if filters:
        groups = [filtered(group, filters, c) for group in groups]
    return groups[0] if len(groups) == 1 else [node for group in groups for node in group]


def filtered(group: list[Any], filters: list[Evaluate], c: Context) -> list[Any]:
    """Those of the nodes for which every predicate holds."""
    for holds in filters:
        c.world.budget.spend(len(group))
        inner = Context(None, c.origin, c.world, 1, len(group))
        kept = []
        for place, node in enumerate(group, 1):
            inner.node, inner.position = node, place
            if holds(inner):
                kept.append(node)
        group = kept
    return group


def _descendants(node: Any, name: str, c: Context) -> list[Any]:
    found = []
    children = node.step("*")
    c.world.budget.spend(len(children))
    for child in children:
        if name in ("*", child.name):
            found.append(child)
        found += _descendants(child, name, c)
    return found
