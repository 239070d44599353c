"""Which answers an answer changes: who reads whom, the order of computing, and circles, found before anyone is."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from kiosk.forms.declaration import Action, Declaration
from kiosk.forms.errors import FormError


def put_in_order(root: Declaration, first: tuple[Action, ...]) -> None:
    """Give every declaration its rank and its readers. Raises FormError naming the questions of a circle."""
    everything = root.everything()
    reads: dict[Declaration, dict[Declaration, Declaration]] = {one: {} for one in everything}
    for one in everything:
        for expression in (one.rules.relevant, one.rules.calculate):
            if expression is not None:
                reads[one] |= _merged(reads[one], expression.reads)
        itemset = one.question.itemset if one.question else None
        if itemset is not None and itemset.changes:
            # an answer that cannot be chosen any more goes
            reads[one] |= _merged(reads[one], {k: v for k, v in itemset.nodes.reads.items() if k is not one})
    before = {one: set(others) for one, others in reads.items()}
    for one in everything:
        if one.parent is not None:
            before[one].add(one.parent)
        if one.repeat is not None and one.repeat.count is not None:
            before[one] |= set(one.repeat.count.reads)
        for action in one.actions:
            if action.target is not one:
                before[action.target].add(one)
    try:
        order = list(TopologicalSorter(before).static_order())
    except CycleError as error:
        circle = [one.path for one in error.args[1]]
        raise FormError("these depend on each other in a circle: " + " → ".join(circle), circle[0]) from None
    for rank, one in enumerate(order):
        one.rank = rank
    for one, others in reads.items():
        for other, anchor in others.items():
            other.readers.append((one, anchor))


def _merged(
    known: dict[Declaration, Declaration], more: dict[Declaration, Declaration]
) -> dict[Declaration, Declaration]:
    """Reads of two expressions of one node: the wider anchor counts."""
    return {
        one: anchor if one not in known or anchor.depth < known[one].depth else known[one]
        for one, anchor in more.items()
    }
