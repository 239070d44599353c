"""Whom a certificate is for (持证主体): the platform writes it by this rule, and the terminal checks it by the same."""

from __future__ import annotations

from contract.cases import Case
from contract.items import Result

#: A masked number shows at least this many of its characters: fewer fit too many people.
LEAST_SHOWN = 6


def holder_of(case: Case, result: Result) -> tuple[str, str]:
    """Name and whole number of the company, of the person the form names (`result.holder`), or of the applicant.

    Never the agent, who only comes for them.
    """
    if case.company is not None:
        return case.company.name, case.company.uscc
    answers = {answer.path.rpartition("/")[2]: answer.shown for answer in case.answers}
    named = [answers.get(question, "") for question in result.holder]
    if len(named) == 2 and all(named):
        return named[0], named[1]
    return case.applicant.name, case.applicant.number


def same_number(shown: str, whole: str) -> bool:
    """Whether `shown`, of which parts may be *, can be `whole`."""
    shown, whole = ("".join(text.split()).upper() for text in (shown, whole))
    visible = sum(character != "*" for character in shown)
    return (
        len(shown) == len(whole)
        and visible >= LEAST_SHOWN
        and all(part in ("*", digit) for part, digit in zip(shown, whole, strict=True))
    )
