"""What a form declares of each node of its instance: place, rules, what reads it. Never changes once loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kiosk.forms.body import Question
    from kiosk.forms.texts import Label
    from kiosk.forms.xpath.expression import Expression


#: what one instance of a repeat holds at first: texts by name, groups by name, instances of inner repeats by name
Written = dict[str, Any]

#: an X in a text of an expression: '^[0-9]{17}[0-9Xx]$', or 'X' alone
_X = re.compile("'[^'Xx]*[Xx][^']*'|\"[^\"Xx]*[Xx][^\"]*\"")


@dataclass
class Rules:
    """The bind of a node."""

    kind: str = "text"
    required: Expression | None = None
    readonly: Expression | None = None
    relevant: Expression | None = None
    constraint: Expression | None = None
    calculate: Expression | None = None
    constraint_message: Label | None = None
    required_message: Label | None = None
    source: str = ""
    preload: tuple[str, str] = ("", "")

    @property
    def takes_x(self) -> bool:
        """Whether the answer is an ID number, which may end in X (GB 11643), or its constraint names an X."""
        if self.source.endswith("/number"):
            return True
        return self.constraint is not None and _X.search(self.constraint.source) is not None


@dataclass
class Repeat:
    """What makes a group one that can stand several times."""

    #: None where citizens add and remove; else how many there are
    count: Expression | None = None
    #: neither citizens nor a count change how many there are
    fixed: bool = False


@dataclass(frozen=True)
class Action:
    """A setvalue: when one of `events` happens at `trigger` (or at the form), `target` becomes `value`."""

    events: frozenset[str]
    trigger: Declaration | None
    target: Declaration
    value: Expression | None
    text: str = ""


@dataclass(eq=False)
class Declaration:
    """A node as the form declares it. `path` has no positions: /data/child/name."""

    name: str
    parent: Declaration | None
    text: str = ""
    #: its element as lxml names it, where that is in a namespace of its own (orx:meta); else ""
    tag: str = ""
    children: dict[str, Declaration] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    repeat: Repeat | None = None
    question: Question | None = None
    #: of a repeat: the instances that stand in the form from the start
    written: tuple[Written, ...] = ()
    #: who computes anything from this node, and the node above both within which they meet
    readers: list[tuple[Declaration, Declaration]] = field(default_factory=list)
    #: order of computation
    rank: int = 0
    #: what happens when its value changes
    actions: list[Action] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.path: str = f"{self.parent.path if self.parent else ''}/{self.name}"
        self.depth: int = self.parent.depth + 1 if self.parent else 0

    def __repr__(self) -> str:
        return f"<{self.path}>"

    def everything(self) -> list[Declaration]:
        """This one and all below, in the order of the document."""
        found: list[Declaration] = []
        waiting = [self]
        while waiting:
            one = waiting.pop()
            found.append(one)
            waiting.extend(reversed(one.children.values()))
        return found

    def above(self) -> list[Declaration]:
        """From the root down to this one."""
        chain: list[Declaration] = []
        one: Declaration | None = self
        while one is not None:
            chain.append(one)
            one = one.parent
        return chain[::-1]

    def meets(self, other: Declaration) -> Declaration:
        """The deepest node that is above both, or one of them."""
        shared = self.above()[0]
        for mine, theirs in zip(self.above(), other.above(), strict=False):
            if mine is not theirs:
                break
            shared = mine
        return shared

    def within(self, other: Declaration) -> bool:
        """Whether this one is `other` or stands below it."""
        return other in self.above()

    def innermost_repeat(self) -> Declaration | None:
        """The repeat this one is, or stands in."""
        return next((one for one in reversed(self.above()) if one.repeat is not None), None)
