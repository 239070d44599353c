"""What a checked workbook says: the content of the next release."""

from __future__ import annotations

from contract.items import ServiceItem, Theme
from contract.model import Message, Words
from contract.terminals import TerminalProfile


class Department(Message):
    """实施主体: a department that offers items and signs them."""

    code: str
    name: Words


class Catalogue(Message):
    """Everything of a workbook; `files` are the release's text files by target path (`<dept_code>/<name>`),
    `resources` the SHA-256 of the files its forms name (`<dept_code>/<form>/<name>`), kept in the data folder."""

    city: Words
    division: str
    themes: list[Theme]
    departments: list[Department]
    items: list[ServiceItem]
    terminals: list[TerminalProfile]
    files: dict[str, str]
    resources: dict[str, str] = {}

    def item(self, task_code: str) -> ServiceItem | None:
        """The item of `task_code`, or None."""
        return next((item for item in self.items if item.task_code == task_code), None)
