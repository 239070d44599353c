"""Ratings (好差评): voluntary, one for each case (一次一评), reasons from the national list."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select

from contract.ratings import REASONS, Rating
from fleet.database import Database
from fleet.errors import RatingConflict, RatingRefused
from fleet.tables import CaseRecord, RatingRecord


def rate(database: Database, terminal_id: str, rating: Rating) -> datetime:
    """Keep `rating`; when it was received first. The same rating again changes nothing.

    A rating may come before its case: the terminal's outbox decides the order.
    Raises RatingConflict for a second rating of a case or other content under the same id, RatingRefused for a
    reason that does not belong to the level or another terminal's case.
    """
    if rating.terminal_id != terminal_id:
        raise RatingRefused("the rating names another terminal than the one that sends it")
    if not set(rating.reasons) <= set(REASONS[rating.satisfaction]):
        raise RatingRefused("a reason does not belong to this level of satisfaction")
    content = rating.model_dump_json()
    with database.writing() as session:
        case = session.get(CaseRecord, str(rating.case_id))
        if case is not None and (case.terminal_id != terminal_id or case.task_code != rating.task_code):
            raise RatingRefused("the case is another terminal's or of another item")
        known = session.get(RatingRecord, str(rating.rating_id))
        if known is not None:
            if known.content != content:
                raise RatingConflict("this rating id came before with other content")
            return known.received_at
        query = select(RatingRecord).where(RatingRecord.case_id == str(rating.case_id))
        if session.scalars(query).first() is not None:
            raise RatingConflict("this case is rated already; one rating for each service")
        now = datetime.now(UTC)
        session.add(
            RatingRecord(id=str(rating.rating_id), case_id=str(rating.case_id), content=content, received_at=now)
        )
    return now
