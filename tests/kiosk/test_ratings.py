"""好差评: the national list of levels and reasons, in both languages, and the rating that is delivered."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from contract.cases import Case
from contract.codes import LoginWay, Satisfaction
from contract.identity import Person
from contract.items import ServiceItem
from contract.ratings import REASONS
from kiosk.cases.assemble import assemble
from kiosk.journey.visit_state import VisitState
from kiosk.ratings import levels, rating, reasons

NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)


def test_five_levels_best_first() -> None:
    assert [(row.level, row.name) for row in levels("zh")] == [
        ("5", "非常满意"), ("4", "满意"), ("3", "基本满意"), ("2", "不满意"), ("1", "非常不满意"),
    ]  # fmt: skip
    assert len({row.name for row in levels("en")}) == 5


@pytest.mark.parametrize("level", list(Satisfaction))
def test_reasons_are_those_of_the_contract_in_both_languages(level: Satisfaction) -> None:
    chinese, english = reasons(level, frozenset(), "zh"), reasons(level, frozenset(), "en")
    assert {row.code: row.text for row in chinese} == REASONS[level]
    assert [row.code for row in english] == [row.code for row in chinese]
    assert all(row.text and not re.search(r"[\u3400-\u9fff]", row.text) for row in english)
    assert len({row.text for row in english}) == len(english)
    assert not any(row.chosen for row in chinese)


def test_chosen_reasons_are_marked_and_no_level_has_none() -> None:
    assert [row.code for row in reasons("5", frozenset({"513", "516"}), "zh") if row.chosen] == ["513", "516"]
    assert reasons("", frozenset(), "zh") == ()


def test_the_rating_names_its_case_and_nobody(item: ServiceItem, person: Person) -> None:
    state = VisitState(person=person, login=LoginWay.CITIZEN_CODE, item="T-1")
    case: Case = assemble(state, item, "HW-0001", "A01-1121-0001", 1, None, NOW)
    sent = rating(case, "2", frozenset({"213", "207"}), NOW)
    assert (sent.case_id, sent.task_code, sent.satisfaction) == (case.case_id, "T-1", Satisfaction.POOR)
    assert sent.reasons == ["207", "213"] and sent.rating_id != rating(case, "2", frozenset(), NOW).rating_id != uuid4()
    assert person.name not in sent.model_dump_json() and person.number not in sent.model_dump_json()
