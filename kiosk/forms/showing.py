"""Pages and questions of an instance, as they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.forms import body
from kiosk.forms.declaration import Declaration
from kiosk.forms.definition import FormDefinition
from kiosk.forms.node import Node
from kiosk.forms.page import Choice, Page, Question, RepeatPage, RepeatRow
from kiosk.forms.texts import Label
from kiosk.forms.xpath.context import World

#: choices handed out with a question; a longer list is searched
CHOICES_SHOWN = 200


@dataclass(frozen=True)
class Stop:
    """One page of the walk, not yet shown. `nodes` are the questions; `repeat` is set for the page after a repeat."""

    path: str
    nodes: tuple[Node, ...]
    part: body.Part
    #: the group's node, or the node in which a repeat stands
    at: Node

    @property
    def repeat(self) -> Declaration | None:
        """The repeat whose instances this page lists."""
        return self.part.declaration if isinstance(self.part, body.Repeated) and not self.nodes else None


class Shown:
    """Walks an instance and shows it."""

    def __init__(self, form: FormDefinition, root: Node, world: World) -> None:
        self._form, self._root, self._world = form, root, world

    def stops(self) -> list[Stop]:
        """Every page with something relevant, in order."""
        self._world.budget.renew()
        return list(self._walk(self._form.body, self._root))

    def _walk(self, parts: tuple[body.Part, ...], at: Node) -> Iterator[Stop]:
        for part in parts:
            if isinstance(part, body.Question):
                for node in at.below(part.declaration):
                    if node.relevant:
                        yield Stop(node.path, (node,), part, node)
            elif isinstance(part, body.Repeated):
                yield from self._repeated(part, at)
            elif part.page:
                yield from self._page(part, part.parts, at.below(part.declaration)[0] if part.declaration else at)
            else:
                yield from self._walk(part.parts, at)

    def _page(self, part: body.Part, parts: tuple[body.Part, ...], at: Node) -> Iterator[Stop]:
        nodes = tuple(node for node in _together(parts, at) if node.relevant)
        if nodes:
            yield Stop(at.path, nodes, part, at)

    def _repeated(self, part: body.Repeated, at: Node) -> Iterator[Stop]:
        declaration = part.declaration
        assert declaration.parent is not None and declaration.repeat is not None
        for above in at.below(declaration.parent):
            for node in above.of(declaration):
                if not node.relevant:
                    continue
                if part.page:
                    yield from self._page(part, part.parts, node)
                else:
                    yield from self._walk(part.parts, node)
            open_ = declaration.repeat.count is None and not declaration.repeat.fixed
            if open_ and above.relevant and self._could_be_relevant(above, declaration):
                yield Stop(f"{above.path}/{declaration.name}", (), part, above)

    def _could_be_relevant(self, above: Node, declaration: Declaration) -> bool:
        present = above.of(declaration)
        relevant = declaration.rules.relevant
        return relevant is None or not present or any(node.relevant for node in present)

    # showing

    def page(self, stop: Stop) -> Page | RepeatPage:
        """The page in the world's language."""
        self._world.budget.renew()
        if stop.repeat is not None:
            return self._list(stop)
        questions = tuple(map(self.question, stop.nodes))
        if isinstance(stop.part, body.Question):
            return Page(stop.path, questions[0].label, questions[0].hint, questions)
        return Page(stop.path, self._text(stop.part.label, stop.at), "", questions)

    def _list(self, stop: Stop) -> RepeatPage:
        assert isinstance(stop.part, body.Repeated)
        present = [node for node in stop.at.of(stop.part.declaration) if node.relevant]
        rows = tuple(RepeatRow(node.path, self._summary(stop.part, node)) for node in present)
        return RepeatPage(stop.path, self._text(stop.part.label, stop.at), rows, True, True)

    def _summary(self, part: body.Repeated, node: Node) -> str:
        """What tells an instance from the others: the label of its first group if that shows an answer, else its first
        answers."""
        for group in part.parts:
            if isinstance(group, body.Group) and group.declaration and any(group.label.expressions):
                return self._text(group.label, node.below(group.declaration)[0])
        answers = [self.question(one) for one in _together(part.parts, node) if one.relevant]
        said = [one.shown for one in answers if one.shown and one.kind not in ("note", "acknowledge")]
        return (", " if self._is_english() else "，").join(said[:2])

    def question(self, node: Node) -> Question:
        """The question at a node."""
        asked = node.declaration.question
        assert asked is not None
        rules = node.declaration.rules
        world = self._world
        choices, count = self._choices(asked, node)
        value = node.text
        return Question(
            path=node.path,
            kind=asked.kind,
            label=self._text(asked.label, node),
            hint=self._text(asked.hint, node),
            guidance=asked.hint.guidance_text(node, world) or asked.label.guidance_text(node, world),
            value=value,
            shown=self._said(asked, node, choices, value),
            choices=choices,
            choice_count=count,
            required=rules.required is not None and rules.required.truth(node, world),
            readonly=rules.calculate is not None or (rules.readonly is not None and rules.readonly.truth(node, world)),
            source=rules.source,
            confirmed=node.confirmed,
            appearance=asked.appearance,
            computed=any(asked.label.expressions),
            media=asked.label.media_for(world.language),
            bounds=asked.bounds,
            accept=asked.accept,
            draft=node.draft,
            takes_x=rules.takes_x,
        )

    def _choices(self, asked: body.Question, node: Node) -> tuple[tuple[Choice, ...], int]:
        world = self._world
        if asked.itemset is None:
            fixed = tuple(
                Choice(one.value, one.label.text(node, world), dict(one.label.media_for(world.language)))
                for one in asked.choices
            )
            return fixed, len(fixed)
        rows = asked.itemset.rows(node, world)
        return tuple(self.choice(asked, row, node) for row in rows[:CHOICES_SHOWN]), len(rows)

    def choice(self, asked: body.Question, row: object, node: Node) -> Choice:
        """A row of a list as a choice."""
        itemset = asked.itemset
        assert itemset is not None
        label = itemset.label_of(row, node, self._world)
        return Choice(body.part(row, itemset.value), label, itemset.media_of(row, self._world.language))

    def _said(self, asked: body.Question, node: Node, choices: tuple[Choice, ...], value: str) -> str:
        if asked.kind == "time":
            return value[:5]
        if asked.kind == "datetime":
            return value[:16].replace("T", " ")
        if not value or not asked.selects:
            return value
        labels = {choice.value: choice.label for choice in choices}
        return (", " if self._is_english() else "、").join(
            labels.get(one) or self.label_of(asked, node, one) or one for one in value.split()
        )

    def label_of(self, asked: body.Question, node: Node, value: str) -> str:
        """The label of one choice; "" where it is none."""
        if asked.itemset is None:
            found = [one.label.text(node, self._world) for one in asked.choices if one.value == value]
            return found[0] if found else ""
        itemset = asked.itemset
        rows = itemset.table.matching(itemset.value, value) if itemset.table else itemset.rows(node, self._world)
        for row in rows:
            if body.part(row, itemset.value) == value:
                return itemset.label_of(row, node, self._world)
        return ""

    def _is_english(self) -> bool:
        return self._world.language.lower().startswith("en")

    def _text(self, label: Label, node: Node) -> str:
        return label.text(node, self._world)


def _together(parts: tuple[body.Part, ...], at: Node) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, body.Question):
            yield from at.below(part.declaration)
        elif isinstance(part, body.Group):
            yield from _together(part.parts, at)
