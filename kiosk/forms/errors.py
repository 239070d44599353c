"""Everything that can be wrong with a form."""

from __future__ import annotations


class FormsError(Exception):
    """The root of this package's errors."""


class FormError(FormsError):
    """The form cannot be run: not well formed, a part not supported, an unknown function, a cycle.

    `place` is the XForms path concerned ("/data/child/name") or the name of a choice list; `rule` the attribute of
    its bind ("constraint", "relevant", "calculate", …), "label", "hint" or "choices", "" where it is none of them.
    `reason` is the message without the place.
    """

    def __init__(self, message: str, place: str = "", rule: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.reason, self.place, self.rule = message, place, rule


class ExpressionError(FormsError):
    """An expression that cannot be read; whoever compiles it adds its place and makes a FormError of it."""


class Incomplete(FormsError):
    """The form cannot be finished yet. `problems` maps the path of each question to what is wrong with it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(f"{len(problems)} questions are not answered well")
        self.problems = problems


class UnknownQuestion(FormsError):
    """An answer to a path that is no question of the form, or one that cannot be changed."""


class TooManyRepeats(FormsError):
    """A repeat would grow beyond what the form or this engine allows."""


class TooMuchWork(FormError):
    """The form's rules take longer than anybody waits."""
