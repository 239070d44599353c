"""What an answer has to be to be taken, and what keeps a question from being left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.forms import kinds
from kiosk.forms.node import Node
from kiosk.forms.showing import Shown
from kiosk.forms.texts import Label
from kiosk.forms.xpath.context import World


@dataclass(frozen=True)
class Refusal:
    """An answer that was not taken. `code`: type, choice, bounds, constraint; `message` is the form's own or ""."""

    code: str
    message: str


class Checks:
    """The checks of one session."""

    def __init__(self, show: Shown, world: World) -> None:
        self._show, self._world = show, world

    def malformed(self, node: Node, value: str) -> Refusal | None:
        """What speaks against a tidy answer that is not "", whatever the others are: type, choice or bounds."""
        asked = node.declaration.question
        assert asked is not None
        kind = node.declaration.rules.kind if asked.kind == "range" else asked.kind
        if asked.selects:
            chosen = value.split() if asked.kind != "select_one" else [value]
            if not all(self._can_be_chosen(node, one) for one in chosen) or len(set(chosen)) != len(chosen):
                return Refusal("choice", "")
            if asked.kind == "rank" and len(chosen) != self._show.question(node).choice_count:
                return Refusal("choice", "")
        elif not kinds.well_formed(kind, value):
            return Refusal("type", "")
        elif asked.bounds is not None and not kinds.in_bounds(value, asked.bounds):
            return Refusal("bounds", "")
        return None

    def refusal(self, node: Node, value: str) -> Refusal | None:
        """What speaks against a tidy answer that is not ""; the form's constraint is asked last."""
        refusal, rules = self.malformed(node, value), node.declaration.rules
        if refusal is not None or rules.constraint is None:
            return refusal
        before, node.value = node.value, value
        try:
            holds = rules.constraint.truth(node, self._world)
        finally:
            node.value = before
        return None if holds else Refusal("constraint", self._message(node, rules.constraint_message))

    def problems(self, nodes: Iterable[Node]) -> dict[str, str]:
        """Of relevant questions, those that are not answered well: path -> the form's message, "" if it has none."""
        found = {}
        for node in nodes:
            rules, value = node.declaration.rules, node.text
            if not node.relevant:
                continue
            if node.draft is not None:
                refusal = self.malformed(node, node.draft) if node.draft else None
                found[node.path] = refusal.message if refusal else self._message(node, rules.constraint_message)
            elif not value:
                if rules.required is not None and rules.required.truth(node, self._world):
                    found[node.path] = self._message(node, rules.required_message)
            elif rules.constraint is not None and not rules.constraint.truth(node, self._world):
                found[node.path] = self._message(node, rules.constraint_message)
        return found

    def _can_be_chosen(self, node: Node, value: str) -> bool:
        asked = node.declaration.question
        assert asked is not None
        if asked.itemset is None:
            return any(choice.value == value for choice in asked.choices)
        return asked.itemset.has(value, node, self._world)

    def _message(self, node: Node, label: Label | None) -> str:
        return label.text(node, self._world) if label else ""
