"""docs/faults.md: the matrix of every device as tables, made from the very tables that the tests check."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tests.faults.devices.matrix import Expected

HERE = Path(__file__).parent
DOCUMENT = HERE.parents[2] / "docs" / "faults.md"
_HEAD = """# Faults and what becomes of them

Every device, every state it can be in, crossed with every fault it can meet. Made by `./run faults`, which runs each
cell against a simulator that is a program of its own, and fails where a cell goes otherwise, takes longer than the
driver states, or leaves the device unusable once the fault is over (no restart in between). A dash: the state cannot
meet this fault.
"""


def tables() -> dict[str, tuple[Expected, float]]:
    """Device -> its table and the stated time in seconds, in the order of their names."""
    found = {}
    for path in sorted(HERE.glob("test_*.py")):
        module = import_module(f"tests.faults.devices.{path.stem}")
        if hasattr(module, "EXPECTED"):
            found[path.stem.removeprefix("test_")] = (module.EXPECTED, module.Rig.limit)
    return found


def render() -> str:
    """The whole document."""
    parts = [_HEAD]
    count = 0
    for device, (expected, limit) in tables().items():
        states = list(expected)
        parts.append(f"## {device}\n\nKnown within {limit:g} s.\n")
        lines = [f"| fault | {' | '.join(states)} |", f"|---|{'---|' * len(states)}"]
        for fault in expected[states[0]]:
            outcomes = [expected[state][fault] for state in states]
            count += sum(outcome != "—" for outcome in outcomes)
            lines.append(f"| {fault} | {' | '.join(outcomes)} |")
        parts.append("\n".join(lines) + "\n")
    parts[0] += f"\n{count} cells.\n"
    return "\n".join(parts)
