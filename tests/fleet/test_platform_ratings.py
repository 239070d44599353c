"""好差评: one for each case, idempotent, with the reasons of its level."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import requests

from contract.codes import Satisfaction
from contract.ratings import Rating
from tests.fleet.city_workbook import PROOF
from tests.fleet.running_platform import RunningPlatform, TestTerminal
from tests.fleet.sample_cases import proof_case, put_case


def rating(case_id: UUID, **fields: object) -> Rating:
    whole = Rating(
        rating_id=uuid4(),
        case_id=case_id,
        task_code=PROOF,
        terminal_id="T-1",
        satisfaction=Satisfaction.VERY_GOOD,
        reasons=["516"],
        rated_at=datetime.now(UTC),
    )
    return whole.model_copy(update=fields)


def put_rating(terminal: TestTerminal, whole: Rating) -> requests.Response:
    return terminal.put(f"ratings/{whole.rating_id}", whole)


def test_a_rating_is_kept_once_and_shown_with_its_case(terminal: TestTerminal, platform: RunningPlatform) -> None:
    case = proof_case()
    put_case(terminal, case)
    whole = rating(case.case_id)
    first, again = put_rating(terminal, whole), put_rating(terminal, whole)
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json()
    assert platform.operator(f"cases/{case.case_id}").json()["rating"]["satisfaction"] == "5"


def test_a_second_rating_of_a_case_is_a_conflict(terminal: TestTerminal) -> None:
    case_id = uuid4()
    assert put_rating(terminal, rating(case_id)).status_code == 200
    assert put_rating(terminal, rating(case_id)).status_code == 409


def test_other_content_under_the_same_id_is_a_conflict(terminal: TestTerminal) -> None:
    whole = rating(uuid4())
    assert put_rating(terminal, whole).status_code == 200
    worse = whole.model_copy(update={"satisfaction": Satisfaction.POOR, "reasons": ["213"]})
    assert put_rating(terminal, worse).status_code == 409


def test_a_reason_of_another_level_is_refused(terminal: TestTerminal) -> None:
    assert put_rating(terminal, rating(uuid4(), reasons=["213"])).status_code == 422


def test_a_rating_in_another_terminals_name_is_refused(terminal: TestTerminal) -> None:
    assert put_rating(terminal, rating(uuid4(), terminal_id="T-2")).status_code == 422


def test_a_rating_of_another_item_than_the_case_is_refused(terminal: TestTerminal) -> None:
    case = proof_case()
    put_case(terminal, case)
    assert put_rating(terminal, rating(case.case_id, task_code="another")).status_code == 422
