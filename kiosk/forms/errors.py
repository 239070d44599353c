"""Everything that can be wrong with a form."""

from __future__ import annotations


class FormsError(Exception):
    """The root of this package's errors."""


class FormError(FormsError):
    """The form cannot be run: not well formed, a part not supported, an unknown function, a cycle.

    `place` is the XForms path or attribute concerned, as operators meet it in the workbook.
    """

    def __init__(self, message: str, place: str = "") -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place


class Incomplete(FormsError):
    """The form cannot be finished yet. `problems` maps the path of each question to what is wrong with it."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(f"{len(problems)} questions are not answered well")
        self.problems = problems


class UnknownQuestion(FormsError):
    """An answer to a path that is no question of the form, or one that cannot be changed."""
