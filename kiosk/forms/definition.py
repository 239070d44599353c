"""A form as it was loaded. Never changes; sessions run on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kiosk.forms.body import Group, Part, Question, Repeated
from kiosk.forms.declaration import Action, Declaration
from kiosk.forms.secondary import Branch, Table
from kiosk.forms.texts import Texts


@dataclass
class FormDefinition:
    """What was read of a form; all of it can be run, or it would have been refused."""

    id: str
    version: str
    title: str
    #: attributes of the root element that go with every submission
    attributes: Mapping[str, str]
    texts: Texts
    root: Declaration
    #: every node by its path without positions
    declarations: Mapping[str, Declaration]
    instances: Mapping[str, Table | Branch]
    body: tuple[Part, ...]
    #: what happens once when a session begins, in order
    first_actions: tuple[Action, ...]
    #: what happens when an instance of a repeat is added, by repeat
    repeat_actions: Mapping[Declaration, tuple[Action, ...]]
    questions: Mapping[str, Question] = field(init=False)

    def __post_init__(self) -> None:
        self.questions = {question.declaration.path: question for question in _questions(self.body)}
        self.counted = [
            one for one in self.root.everything() if one.repeat is not None and one.repeat.count is not None
        ]

    @property
    def languages(self) -> tuple[str, ...]:
        """Names of the form's languages."""
        return tuple(self.texts.languages)

    @property
    def default_language(self) -> str:
        """The form's own."""
        return self.texts.default


def _questions(parts: tuple[Part, ...]) -> Iterator[Question]:
    for part in parts:
        if isinstance(part, Question):
            yield part
        elif isinstance(part, Group | Repeated):
            yield from _questions(part.parts)
