"""The way through an item: stops, the step line, materials by situation, and answers filled in beforehand."""

from __future__ import annotations

from typing import Any

import pytest

from contract.codes import LetterKind, LoginWay
from contract.identity import Person
from contract.items import ServiceItem
from kiosk.items import materials_for, to_scan
from kiosk.journey.prefill import prefill, source_name
from kiosk.journey.route import Stop, parts, route
from kiosk.journey.visit_state import VisitState


def test_nothing_is_asked_that_the_situation_does_not_need(item: ServiceItem) -> None:
    local = [Stop("situation"), Stop("form"), Stop("scan"), Stop("commitment"), Stop("sign"), Stop("check")]
    assert route(item, {"household": "local"}) == local
    other = route(item, {"household": "other"})
    assert [stop for stop in other if stop.kind == "scan"] == [Stop("scan", 0), Stop("scan", 1), Stop("scan", 2)]
    # before the situation is known, only what is asked for in any case
    assert route(item, {}) == local


@pytest.mark.parametrize(
    ("without", "kinds"),
    [
        ({"situations": []}, ["form", "scan", "commitment", "sign", "check"]),
        ({"form": None}, ["situation", "scan", "commitment", "sign", "check"]),
        ({"commitment": None, "materials": []}, ["situation", "form", "check"]),
        ({"situations": [], "form": None, "materials": [], "commitment": None}, []),
    ],
)
def test_an_item_that_needs_less_has_fewer_stops(without: dict[str, Any], kinds: list[str], item: ServiceItem) -> None:
    assert [stop.kind for stop in route(item.model_copy(update=without), {})] == kinds


def test_the_step_line_names_each_part_once_and_ends_with_the_submission(item: ServiceItem) -> None:
    assert parts(item, {"household": "other"}) == ["situation", "form", "scan", "sign", "check", "submit"]
    straight = item.model_copy(update={"situations": [], "form": None, "materials": [], "commitment": None})
    assert parts(straight, {}) == ["submit"]


def test_materials_by_situation(item: ServiceItem) -> None:
    def names(situations: dict[str, str]) -> list[str]:
        return [material.id for material in materials_for(item, situations)]

    assert names({}) == names({"household": "local"}) == ["card", "record", "photo"]
    assert names({"household": "other"}) == ["card", "record", "photo", "permit", "later"]
    assert [material.id for material in to_scan(item, {"household": "other"})] == ["photo", "permit", "later"]


def test_any_of_several_rules_asks_for_a_material(item: ServiceItem) -> None:
    [permit] = [material for material in item.materials if material.id == "permit"]
    either = permit.model_copy(update={"when": ["household=other", "age=old"]})
    changed = item.model_copy(update={"materials": [either]})
    assert materials_for(changed, {"household": "local", "age": "old"}) == [either]
    assert materials_for(changed, {"household": "local", "age": "young"}) == []


def state(person: Person | None, login: LoginWay = LoginWay.ID_CARD) -> VisitState:
    return VisitState(person=person, login=login, item="T-1", situations={"household": "other"})


def test_the_form_is_filled_in_from_card_and_situation(item: ServiceItem, person: Person) -> None:
    assert prefill(state(person), item) == {
        "situation/household": "other",
        "identity/name": "王示例",
        "identity/number": "37029919920318002X",
        "identity/sex": "女",
        "identity/birth": "1992-03-18",
        "identity/address": "海湾市样板路17号",
        "identity/mobile": "",
    }
    without = person.model_copy(update={"birth": None})
    assert prefill(state(without), item)["identity/birth"] == ""


def test_where_an_answer_came_from_is_said(person: Person) -> None:
    assert source_name("identity/name", state(person), "zh") == "身份证"
    assert source_name("identity/name", state(person, LoginWay.CITIZEN_CODE), "zh") == "居民码"
    assert source_name("identity/name", state(person), "en") == "ID card"
    assert source_name("situation/household", state(person), "zh") == "刚才选的"
    # a card has no mobile number: an empty field came from nowhere
    assert source_name("identity/mobile", state(person), "zh") == ""
    known = person.model_copy(update={"mobile": "13800000026"})
    assert source_name("identity/mobile", state(known, LoginWay.CITIZEN_CODE), "zh") == "居民码"
    assert source_name("", state(person), "zh") == ""


def test_another_item_begins_with_nothing_of_the_one_before(person: Person) -> None:
    visit = state(person)
    visit.strokes[LetterKind.COMMITMENT] = (((0.1, 0.1, 0),),)
    visit.later.add("photo")
    visit.begin_item("T-2")
    assert visit.person is person and visit.item == "T-2"
    assert (visit.situations, visit.form, visit.materials, visit.strokes, visit.signatures) == ({}, None, {}, {}, {})
    assert visit.later == set()
