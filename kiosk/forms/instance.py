"""One citizen's instance: its nodes, and the recomputation that keeps them true.

A change goes from a node to those that read it, in the order found when the form was loaded, and stops wherever a value
stays what it was.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from itertools import count

from kiosk.forms.declaration import Action, Declaration, Written
from kiosk.forms.definition import FormDefinition
from kiosk.forms.errors import FormError, TooManyRepeats
from kiosk.forms.kinds import UNWRITABLE
from kiosk.forms.node import Node
from kiosk.forms.xpath.context import World
from kiosk.forms.xpath.expression import Expression
from kiosk.forms.xpath.values import iso_date, number_text, text

#: instances of one repeat; nobody adds as many by hand, and a wrong count must not fill the memory
REPEAT_LIMIT = 1_000
#: values of one run of a form, in all its repeats together
NODE_LIMIT = 200_000
#: rounds of values that change values by setvalue; a form without a circle needs as many as its longest chain
ROUND_LIMIT = 100


class Instance:
    """The nodes of one run of a form. `world` is who expressions are computed for."""

    def __init__(self, form: FormDefinition, world: World) -> None:
        self.form, self.world = form, world
        #: nodes ever made
        self._size = 0
        self.root = self._grown(form.root, None)
        self._numbers = count()
        #: nodes whose value an answer, a calculation or an action has changed in this round
        self._changed: list[Node] = []

    # growing

    def _grown(self, declaration: Declaration, parent: Node | None, written: Written | None = None) -> Node:
        """A node and all below, holding what is `written` of it in the form, or else what every new one holds."""
        node = Node(declaration, parent)
        self._size += 1
        if self._size > NODE_LIMIT:
            raise TooManyRepeats(f"{declaration.path}: the form grows beyond {NODE_LIMIT} values")
        if written and "" in written:
            node.value = written[""]
        for child in declaration.children.values():
            said = written.get(child.name, []) if written else None
            if child.repeat is None:
                node.children.append(self._grown(child, node, said[0] if said else None))
                continue
            for one in child.written if said is None else said:
                node.children.append(self._grown(child, node, one))
        return node

    def add(self, parent: Node, declaration: Declaration) -> Node:
        """One more instance of a repeat, the one after the last; not yet computed. Raises TooManyRepeats."""
        present = parent.of(declaration)
        if len(present) >= REPEAT_LIMIT:
            raise TooManyRepeats(f"{declaration.path}: more than {REPEAT_LIMIT}")
        node = self._grown(declaration, parent)
        parent.children.insert(self._place_after(parent, declaration, present), node)
        return node

    def _place_after(self, parent: Node, declaration: Declaration, present: list[Node]) -> int:
        if present:
            return parent.children.index(present[-1]) + 1
        order = list(parent.declaration.children.values())
        before = set(order[: order.index(declaration)])
        return sum(1 for child in parent.children if child.declaration in before)

    # computing

    def compute_all(self) -> None:
        """Every relevance and calculation, from the first to the last; then counts and what they bring."""
        self._settle(self._wave(self.root.everything()))

    def set(self, node: Node, value: str) -> None:
        """Give a node a value and compute what depends on it."""
        if node.value == value:
            return
        node.value = value
        self._changed.append(node)
        self._settle(self._readers(node))

    def added(self, node: Node) -> None:
        """Compute a new instance and whatever depends on how many there are."""
        for action in self.form.repeat_actions.get(node.declaration, ()):
            for target in node.below(action.target):
                target.value = self._action_value(action, target)
        fresh = list(node.everything())
        self._settle([*fresh, *self._around(node)])

    def removed(self, node: Node) -> None:
        """Take an instance away and compute whatever depended on it."""
        assert node.parent is not None
        affected = [reader for one in node.everything() for reader in self._readers(one)]
        affected += self._around(node)
        node.parent.children.remove(node)
        gone = set(map(id, node.everything()))
        self._settle([one for one in affected if id(one) not in gone])

    def _around(self, node: Node) -> list[Node]:
        """Who reads anything of a repeat's structure: positions of the others, counts, sums."""
        parent = node.parent
        assert parent is not None
        found: list[Node] = []
        for one in node.declaration.everything():
            for reader, anchor in one.readers:
                base = parent if anchor.depth > parent.declaration.depth else parent.at(anchor)
                if one is node.declaration or anchor.depth <= parent.declaration.depth:
                    found += base.below(reader)
        return found

    def _readers(self, node: Node) -> list[Node]:
        found: list[Node] = []
        for reader, anchor in node.declaration.readers:
            found += node.at(anchor).below(reader)
        return found

    def _settle(self, waiting: Iterable[Node]) -> None:
        """Compute until nothing changes any more: readers, then actions of changed values, then counted repeats."""
        self.world.budget.renew()
        for _ in range(ROUND_LIMIT):
            self._wave(waiting)
            waiting = [*self._act(), *self._count()]
            if not waiting and not self._changed:
                return
        raise FormError("its values change each other for ever", self.form.root.path)

    def _wave(self, waiting: Iterable[Node]) -> list[Node]:
        queue: list[tuple[int, int, Node]] = []
        queued: set[int] = set()

        def push(nodes: Iterable[Node]) -> None:
            for one in nodes:
                if id(one) not in queued:
                    queued.add(id(one))
                    heapq.heappush(queue, (one.declaration.rank, next(self._numbers), one))

        push(waiting)
        while queue:
            node = heapq.heappop(queue)[2]
            queued.discard(id(node))
            if self._update(node):
                push(node.children)
                push(self._readers(node))
        return []

    def _update(self, node: Node) -> bool:
        """Compute one node; whether what others see of it has changed."""
        rules = node.declaration.rules
        before = node.relevant, node.value
        relevant = node.parent is None or node.parent.relevant
        node.relevant = relevant
        if relevant and rules.relevant is not None:
            node.relevant = rules.relevant.truth(node, self.world)
        if node.relevant and rules.calculate is not None and not node.declaration.children:
            value = self._calculated(rules.calculate, node)
            if value != node.value:
                node.value = value
                self._changed.append(node)
        question = node.declaration.question
        if question is not None and node.relevant and node.value and question.itemset is not None:
            itemset = question.itemset
            if itemset.changes:
                kept = [one for one in node.value.split() if itemset.has(one, node, self.world)]
                node.value = " ".join(kept)
        after = node.relevant, node.value
        return after != before and (after[0] or before[0])

    def _calculated(self, expression: Expression, node: Node) -> str:
        value = expression.value(node, self.world)
        kind = node.declaration.rules.kind
        if value.__class__ is float:
            if kind == "date" and value == value:
                return iso_date(value)
            return number_text(value)
        return UNWRITABLE.sub("", text(value))

    # what happens when a value changes

    def _act(self) -> list[Node]:
        changed, self._changed = self._changed, []
        affected: list[Node] = []
        for node in changed:
            for action in node.declaration.actions:
                common = action.target.meets(node.declaration)
                for target in node.at(common).below(action.target):
                    value = self._action_value(action, target)
                    if target.value != value and target.relevant:
                        target.value = value
                        self._changed.append(target)
                        affected += self._readers(target)
        return affected

    def run(self, actions: Iterable[Action]) -> None:
        """Actions of the start, each seeing what those before it have set."""
        for action in actions:
            for target in self.root.below(action.target):
                self.set(target, self._action_value(action, target))

    def _action_value(self, action: Action, target: Node) -> str:
        if action.value is None:
            return action.text
        return self._calculated(action.value, target)

    def _count(self) -> list[Node]:
        affected: list[Node] = []
        for declaration in self.form.counted:
            assert declaration.parent is not None and declaration.repeat is not None
            expression = declaration.repeat.count
            assert expression is not None
            for parent in self.root.below(declaration.parent):
                if parent.relevant:
                    affected += self._counted(parent, declaration, expression.number(parent, self.world))
        return affected

    def _counted(self, parent: Node, declaration: Declaration, wanted: float) -> list[Node]:
        amount = int(wanted) if wanted == wanted and wanted > 0 else 0
        if amount > REPEAT_LIMIT:
            raise TooManyRepeats(f"{declaration.path}: {amount} are more than {REPEAT_LIMIT}")
        present = parent.of(declaration)
        if len(present) == amount:
            return []
        affected: list[Node] = []
        gone: set[int] = set()
        spare = parent.spare.setdefault(declaration, [])
        while len(present) > amount:
            node = present.pop()
            affected += self._around(node)
            parent.children.remove(node)
            spare.append(node)
            gone |= {id(one) for one in node.everything()}
        while len(present) < amount:
            if spare:
                node = spare.pop()
                parent.children.insert(self._place_after(parent, declaration, present), node)
            else:
                node = self.add(parent, declaration)
                for action in self.form.repeat_actions.get(declaration, ()):
                    for target in node.below(action.target):
                        target.value = self._action_value(action, target)
            present.append(node)
            affected += [*node.everything(), *self._around(node)]
        return [one for one in affected if id(one) not in gone]
