"""A node of one citizen's instance."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.forms.declaration import Declaration


class Node:
    """A value, or a group. What is not relevant cannot be seen by any expression."""

    __slots__ = ("children", "confirmed", "declaration", "draft", "parent", "prefilled", "relevant", "spare", "value")

    def __init__(self, declaration: Declaration, parent: Node | None) -> None:
        self.declaration = declaration
        self.parent = parent
        #: the answer, kept while it is not relevant
        self.value = declaration.text
        #: what is written and no answer yet
        self.draft: str | None = None
        self.relevant = True
        self.children: list[Node] = []
        #: instances a count has taken away, which come back with what was in them
        self.spare: dict[Declaration, list[Node]] = {}
        self.prefilled = False
        self.confirmed = True

    @property
    def text(self) -> str:
        """What expressions read: the value, or for a group the texts of all below."""
        if self.children:
            return "".join(child.text for child in self.children if child.relevant)
        return self.value if self.relevant else ""

    @property
    def name(self) -> str:
        """Its element's name."""
        return self.declaration.name

    def step(self, name: str) -> list[Node]:
        """Relevant children by name; "*" is any."""
        if name == "*":
            return [child for child in self.children if child.relevant]
        return [child for child in self.children if child.declaration.name == name and child.relevant]

    def of(self, declaration: Declaration) -> list[Node]:
        """Children of this declaration, relevant or not."""
        return [child for child in self.children if child.declaration is declaration]

    @property
    def position(self) -> int:
        """1-based among its siblings of one name."""
        if self.parent is None:
            return 1
        return self.parent.of(self.declaration).index(self) + 1

    @property
    def path(self) -> str:
        """With positions where it stands in a repeat: /data/child[2]/name."""
        names = []
        node: Node | None = self
        while node is not None:
            place = f"[{node.position}]" if node.declaration.repeat is not None else ""
            names.append(node.declaration.name + place)
            node = node.parent
        return "/" + "/".join(reversed(names))

    def everything(self) -> Iterator[Node]:
        """This node and all below, in the order of the document."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def at(self, above: Declaration) -> Node:
        """The node of this declaration at or above this one."""
        node = self
        while node.declaration is not above:
            assert node.parent is not None, f"{above} is not above {self.declaration}"
            node = node.parent
        return node

    def below(self, declaration: Declaration) -> list[Node]:
        """All nodes of a declaration at or below this one, relevant or not."""
        found = [self]
        for one in declaration.above()[self.declaration.depth + 1 :]:
            found = [child for node in found for child in node.children if child.declaration is one]
        return found
