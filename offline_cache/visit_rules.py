"""The rules of a visit, read from visit_rules.toml and what a site changes of them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Literal

from contract.terminals import SiteRules
from offline_cache.errors import BadSettings


@dataclass(frozen=True)
class PageRules:
    """Seconds without a touch before the screen asks (0: never), and then until it ends the visit."""

    idle: int
    leaves: int


@dataclass(frozen=True)
class AttemptRules:
    """The wait in seconds after the first, second, … failure; the last stands for all that follow."""

    per: Literal["person", "terminal"]
    waits: tuple[int, ...]
    #: seconds without a failure after which all earlier ones are forgotten
    forgotten: int


@dataclass(frozen=True)
class VisitRules:
    """One terminal's rules."""

    #: seconds a visit may take at most, and how long before that the citizen is told
    longest: int
    told_before: tuple[int, ...]
    #: seconds to lay the card back, where the site wants it to stay; and the pages on which it need not
    card_back_within: int
    card_may_leave_on: frozenset[str]
    pages: Mapping[str, PageRules]
    attempts: Mapping[str, AttemptRules]
    #: what ends a visit -> the words of the log
    ends: Mapping[str, str]
    #: table -> "row" or the column that is emptied
    kept_until_ended: Mapping[str, str]
    kept_until_delivered: Mapping[str, str]
    site: SiteRules = field(default_factory=SiteRules)

    def page(self, name: str) -> PageRules:
        """The rules of a page, by the name of its step."""
        return self.pages.get(name) or self.pages["default"]

    @classmethod
    def load(cls, changes: Mapping[str, Any] | None = None) -> VisitRules:
        """The rules with what `changes` (a site's [visit] table) says otherwise. Raises BadSettings."""
        said = tomllib.loads(files("offline_cache").joinpath("visit_rules.toml").read_text("utf-8"))
        own = dict(changes or {})
        site = {name: own.pop(name) for name in SiteRules.model_fields if name in own}
        try:
            _merge(said, own)
            kept = said["kept"]
            return cls(
                longest=int(said["longest"]["visit"]),
                told_before=tuple(said["longest"]["told_before"]),
                card_back_within=int(said["card"]["back_within"]),
                card_may_leave_on=frozenset(said["card"]["may_leave_on"]),
                pages={name: PageRules(**page) for name, page in said["pages"].items()},
                attempts={
                    name: AttemptRules(rule["per"], tuple(rule["waits"]), rule["forgotten"])
                    for name, rule in said["attempts"].items()
                },
                ends=said["ends"],
                kept_until_ended=kept["until_the_visit_ends"],
                kept_until_delivered=kept["until_the_platform_has_everything"],
                site=SiteRules.model_validate(site),
            )
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise BadSettings(f"[visit] in terminal.toml is not understood: {error}") from None


def _merge(said: dict[str, Any], changes: Mapping[str, Any]) -> None:
    """A site's words over the table's. What is kept of a person is no site's to change. Raises KeyError."""
    for name, rules in changes.items():
        if name not in ("longest", "card", "pages", "attempts"):
            raise KeyError(name)
        for key, rule in rules.items():
            if name == "pages":
                said[name][key] = said[name].get(key, said[name]["default"]) | rule
            elif key not in said[name]:
                raise KeyError(key)
            else:
                said[name][key] = said[name][key] | rule if name == "attempts" else rule
