"""好差评: five levels with reasons, voluntary, one for each service."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from contract.cases import Case
from contract.codes import Satisfaction
from contract.ratings import REASONS, Rating
from kiosk.journey.views import RatingRow, ReasonRow
from kiosk.words import say


def levels(language: str) -> tuple[RatingRow, ...]:
    """The five levels, best first."""
    return tuple(RatingRow(level.value, say(f"rating.level_{level.value}", language)) for level in Satisfaction)


def reasons(level: str, chosen: frozenset[str], language: str) -> tuple[ReasonRow, ...]:
    """The reasons of a level; their Chinese wording is the national platform's."""
    if not level:
        return ()
    return tuple(
        ReasonRow(code, text if language == "zh" else say(f"rating.reason_{code}", language), code in chosen)
        for code, text in REASONS[Satisfaction(level)].items()
    )


def rating(case: Case, level: str, chosen: frozenset[str], rated_at: datetime) -> Rating:
    """The rating to deliver."""
    return Rating(
        rating_id=uuid4(),
        case_id=case.case_id,
        task_code=case.task_code,
        terminal_id=case.terminal_id,
        satisfaction=Satisfaction(level),
        reasons=sorted(chosen),
        rated_at=rated_at,
    )
