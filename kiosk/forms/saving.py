"""A half-filled instance as JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kiosk.forms.declaration import Declaration
from kiosk.forms.definition import FormDefinition
from kiosk.forms.errors import FormError
from kiosk.forms.instance import REPEAT_LIMIT, Instance
from kiosk.forms.kinds import UNWRITABLE
from kiosk.forms.node import Node


def saved(form: FormDefinition, root: Node, page: str, ended: bool, seed: int) -> bytes:
    """Values by name (an object for a group, a list for a repeat), the place, what is unconfirmed, and drafts."""
    state = {
        "form": form.id,
        "version": form.version,
        "values": _values(root),
        "unconfirmed": [node.path for node in root.everything() if not node.confirmed],
        "drafts": {node.path: node.draft for node in root.everything() if node.draft is not None},
        "page": page,
        "ended": ended,
        "seed": seed,
    }
    return json.dumps(state, ensure_ascii=False).encode()


def _values(node: Node) -> Any:
    if not node.declaration.children:
        return node.value
    found: dict[str, Any] = {}
    for name, declaration in node.declaration.children.items():
        same = node.of(declaration)
        found[name] = [_values(one) for one in same] if declaration.repeat else _values(same[0])
    return found


def read(form: FormDefinition, content: bytes, other_version: bool) -> dict[str, Any]:
    """The saved state. Raises FormError where it is none, or of another form or version."""
    try:
        state = json.loads(content)
        known = state["form"], state["version"]
        complete = {
            "values": state["values"], "unconfirmed": list(map(str, state["unconfirmed"])), "page": str(state["page"]),
            "ended": bool(state["ended"]), "seed": int(state["seed"]),
            "drafts": {str(path): str(draft) for path, draft in state.get("drafts", {}).items()},
        }  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise FormError("this is no saved form") from None
    if known[0] != form.id or (known[1] != form.version and not other_version):
        raise FormError(f"the saved answers belong to {known[0]} {known[1]}")
    return complete


def take(instance: Instance, values: Any, unconfirmed: list[str], drafts: Mapping[str, str]) -> None:
    """Put saved values into an instance, as far as it has places for them. Computes nothing."""
    _take(instance, instance.root, values)
    waiting = set(unconfirmed)
    for node in instance.root.everything():
        node.prefilled = node.path in waiting
        node.confirmed = not node.prefilled
        if node.path in drafts and node.declaration.question is not None:
            node.draft = UNWRITABLE.sub("", drafts[node.path])


def _take(instance: Instance, node: Node, values: Any) -> None:
    if not node.declaration.children:
        node.value = UNWRITABLE.sub("", values) if isinstance(values, str) else ""
        return
    if not isinstance(values, dict):
        return
    for name, declaration in node.declaration.children.items():
        if name not in values:
            continue
        if declaration.repeat:
            _take_repeat(instance, node, declaration, values[name])
        else:
            _take(instance, node.of(declaration)[0], values[name])


def _take_repeat(instance: Instance, node: Node, declaration: Declaration, values: Any) -> None:
    wanted = values[:REPEAT_LIMIT] if isinstance(values, list) else []
    present = node.of(declaration)
    for one in present[len(wanted) :]:
        node.children.remove(one)
    while len(present) < len(wanted):
        present.append(instance.add(node, declaration))
    for one, said in zip(present, wanted, strict=False):
        _take(instance, one, said)
