"""Who may begin an item, in which role, and how surely known: every obstacle, the gravest first."""

from __future__ import annotations

import pytest

from contract.codes import Assurance, LoginWay, ServerType
from contract.identity import Company, CompanyRole, Person
from contract.items import ServiceItem
from contract.terminals import SiteRules
from kiosk.identity import Proof
from kiosk.items.materials import ACTING, materials_for, to_scan
from kiosk.journey.eligibility import obstacle
from kiosk.journey.visit_state import VisitState

COMPANY = Company(name="示例商贸有限公司", uscc="91370299MA0000001J", role=CompanyRole.HANDLER)
SITE = SiteRules()


def visit(person: Person, way: LoginWay = LoginWay.ID_CARD, level: Assurance = Assurance.SUBSTANTIAL) -> VisitState:
    return VisitState.of(Proof(person, way, level))


@pytest.mark.parametrize("level", list(Assurance))
@pytest.mark.parametrize("needed", list(Assurance))
def test_the_level_decides(item: ServiceItem, person: Person, level: Assurance, needed: Assurance) -> None:
    asked = item.model_copy(update={"assurance": needed})
    expected = None if level >= needed else "not_sure_enough"
    assert obstacle(asked, visit(person, level=level), SITE) == expected


@pytest.mark.parametrize(("opens", "found"), [([], "offline"), (["T-2"], "offline"), (["T-1"], None), (["*"], None)])
def test_an_offline_code_opens_what_the_site_says(
    item: ServiceItem, person: Person, opens: list[str], found: str | None
) -> None:
    harmless = item.model_copy(update={"assurance": Assurance.LOW})
    known = visit(person, LoginWay.OFFLINE_CODE, Assurance.LOW)
    assert obstacle(harmless, known, SiteRules(offline_opens=opens)) == found
    # and never what needs to be surer
    assert obstacle(item, known, SiteRules(offline_opens=["*"])) == "not_sure_enough"


def test_agents(item: ServiceItem, person: Person) -> None:
    state = visit(person)
    state.act_for(principal=person.model_copy(update={"number": "370299198506070018", "name": "李样本"}))
    assert obstacle(item, state, SITE) is None
    assert obstacle(item.model_copy(update={"agent_allowed": False}), state, SITE) == "agent_not_allowed"


def test_companies(item: ServiceItem, person: Person) -> None:
    state = visit(person)
    for_both = item.model_copy(update={"server_types": [ServerType.PERSON, ServerType.COMPANY]})
    for_companies = item.model_copy(update={"server_types": [ServerType.COMPANY]})
    assert obstacle(for_companies, state, SITE) == "only_companies"
    assert obstacle(for_both, state, SITE) is None
    state.act_for(company=COMPANY)
    assert obstacle(item, state, SITE) == "not_for_companies"
    assert obstacle(for_both, state, SITE) is None and obstacle(for_companies, state, SITE) is None


def test_an_agent_brings_a_letter_of_authorisation(item: ServiceItem) -> None:
    facts = {"household": "local", ACTING: "agent"}
    assert [material.id for material in to_scan(item, facts)] == ["photo", "authorisation_letter"]
    assert "authorisation_letter" not in [m.id for m in materials_for(item, {"household": "local", ACTING: "self"})]
    letter = materials_for(item, facts)[-1]
    assert (letter.name.zh, letter.name.en) == ("授权委托书", "Letter of authorisation")
    # an item with a form of its own asks for that one
    own = letter.model_copy(update={"id": "own_letter"})
    with_own = item.model_copy(update={"materials": [*item.materials, own]})
    assert [material.id for material in to_scan(with_own, facts)] == ["photo", "own_letter"]


def test_whose_matter_it_is(person: Person) -> None:
    state, other = visit(person), person.model_copy(update={"number": "370299198506070018"})
    assert state.applicant is person and state.acting == "self"
    state.act_for(principal=other)
    assert state.applicant is other and state.acting == "agent"
    state.act_for(company=COMPANY)
    assert state.applicant is person and state.acting == "company" and state.principal is None
    state.act_for()
    assert state.acting == "self" and state.company is None


def test_being_known_more_surely(person: Person) -> None:
    state = visit(person.model_copy(update={"address": "", "mobile": "13800000026"}), LoginWay.SMS, Assurance.LOW)
    state.begin_item("T-1")
    state.situations["household"] = "other"
    state.surer(Proof(person, LoginWay.ID_CARD, Assurance.SUBSTANTIAL, b"picture"))
    assert (state.login, state.assurance, state.item) == (LoginWay.ID_CARD, Assurance.SUBSTANTIAL, "T-1")
    assert state.person is not None
    assert (state.person.address, state.person.mobile) == (person.address, "13800000026")
    assert state.situations == {"household": "other"}
    # never less sure
    state.surer(Proof(person, LoginWay.SMS, Assurance.LOW))
    assert (state.login, state.assurance) == (LoginWay.ID_CARD, Assurance.SUBSTANTIAL)
    assert b"picture" not in state.serialise()
