"""What of a visit is saved, what stands on the slip, and how another visit takes it up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contract.codes import LoginWay
from contract.identity import Company, CompanyRole, Person
from contract.items import ServiceItem
from contract.model import Words
from contract.saved_codes import new_code, written
from contract.saving import SavedApplication
from drivers.receipt_printer.document import Field, Heading, Qr, Text
from kiosk.forms import Form
from kiosk.journey.prefill import prefill
from kiosk.journey.route import Stop
from kiosk.journey.visit_state import VisitState
from kiosk.saved import pack, slip, take_up
from kiosk.saved.pack import to_do
from offline_cache.settings import Settings

XML = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:b="https://bianmin.example/xforms"><h:head><h:title>t</h:title><model><instance>
<data id="t" version="1"><name/><mobile/><kind/>%s</data></instance>
<bind nodeset="/data/name" type="string" readonly="true()" b:from="identity/name"/>
<bind nodeset="/data/mobile" type="string" b:from="identity/mobile"/>
<bind nodeset="/data/kind" type="string" required="true()"/></model></h:head><h:body>
<input ref="/data/name"><label>姓名</label></input><input ref="/data/mobile"><label>手机</label></input>
<select1 ref="/data/kind"><label>种类</label>
<item><label>甲</label><value>a</value></item><item><label>%s</label><value>%s</value></item></select1>
</h:body></h:html>"""
FORM, CHANGED = (XML % ("", "乙", "b")).encode(), (XML % ("", "丙", "c")).encode()
NO_FILES = {}.__getitem__
NOW = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)


@pytest.fixture
def state(item: ServiceItem, person: Person) -> VisitState:
    """Everything answered, and the form at its end."""
    state = VisitState(person=person, login=LoginWay.ID_CARD, item=item.task_code, situations={"household": "local"})
    state.form = Form.load(FORM).start("zh", prefill(state, item))
    for path, value in (("mobile", "13800000026"), ("kind", "b")):
        assert state.form.answer(f"/data/{path}", value) is None
    while state.form.page:
        state.form.forward()
    return state


def packed(state: VisitState, item: ServiceItem, xml: bytes = FORM) -> SavedApplication:
    saved = pack(state, item, xml, 3, "zh")
    return SavedApplication.model_validate_json(saved.model_dump_json())


def value(state: VisitState, name: str) -> str:
    assert state.form is not None
    return state.form.value(f"/data/{name}")


def test_another_visit_goes_on_at_the_papers(state: VisitState, item: ServiceItem, person: Person) -> None:
    later = VisitState(person=person.model_copy(update={"name": "王改名"}), login=LoginWay.SMS)
    taken = take_up(packed(state, item), later, item, FORM, NO_FILES, None, "zh")
    assert (taken.stop, taken.changed) == (Stop("scan", 0), False)
    assert (value(later, "mobile"), value(later, "kind")) == ("13800000026", "b")
    assert value(later, "name") == "王改名", "what cannot be changed comes from this login"
    assert later.situations == {"household": "local"} and later.materials == {}


def test_half_way_it_stands_where_it_was(state: VisitState, item: ServiceItem, person: Person) -> None:
    assert state.form is not None
    state.form.go_to("/data/mobile")
    later = VisitState(person=person, login=LoginWay.ID_CARD)
    assert take_up(packed(state, item), later, item, FORM, NO_FILES, None, "zh").stop == Stop("form")
    assert later.form is not None and later.form.page is not None and later.form.page.path == "/data/mobile"


def test_a_changed_form_keeps_what_it_still_allows(state: VisitState, item: ServiceItem, person: Person) -> None:
    later = VisitState(person=person, login=LoginWay.ID_CARD)
    taken = take_up(packed(state, item), later, item, CHANGED, NO_FILES, None, "zh")
    assert (taken.stop, taken.changed) == (Stop("form"), True)
    assert later.form is not None and later.form.page == later.form.pages()[0]
    assert (value(later, "mobile"), value(later, "kind")) == ("13800000026", ""), "b is offered no more"


def test_a_situation_that_is_offered_no_more_is_asked_again(
    state: VisitState, item: ServiceItem, person: Person
) -> None:
    state.situations["household"] = "abroad"
    later = VisitState(person=person, login=LoginWay.ID_CARD)
    assert take_up(packed(state, item), later, item, FORM, NO_FILES, None, "zh").stop == Stop("situation", 0)


def test_for_somebody_else_whose_card_is_not_here_now(state: VisitState, item: ServiceItem, person: Person) -> None:
    principal = Person(name="李样本", number="370299198506070018")
    state.principal, state.principal_card = principal, True
    later = VisitState(person=person, login=LoginWay.ID_CARD)
    take_up(packed(state, item), later, item, FORM, NO_FILES, None, "zh")
    assert (later.principal, later.principal_card) == (principal, False)
    seen = VisitState(person=person, login=LoginWay.ID_CARD, principal=principal, principal_card=True)
    take_up(packed(state, item), seen, item, FORM, NO_FILES, None, "zh")
    assert seen.principal_card, "it was laid down in this visit"


def test_for_a_company_as_the_register_has_it_now(state: VisitState, item: ServiceItem, person: Person) -> None:
    old = Company(name="旧名", uscc="91370299MA0000001A", role=CompanyRole.HANDLER)
    state.company = old
    later = VisitState(person=person, login=LoginWay.ID_CARD)
    take_up(packed(state, item), later, item, FORM, NO_FILES, old.model_copy(update={"name": "新名"}), "zh")
    assert later.company is not None and later.company.name == "新名"


def test_what_is_left_to_do(state: VisitState, item: ServiceItem) -> None:
    assert [words.zh for words in to_do(state, item)] == ["拍摄照片", "读承诺书、签名", "核对、提交"]


def test_the_slip(state: VisitState, item: ServiceItem, person: Person) -> None:
    settings = Settings("HW-0001", "A01", Words(zh="大厅"), "一楼", "000-5550100", "https://localhost:1")
    code = new_code()
    paper = slip(packed(state, item), person.number, code, "https://localhost:1/saved", NOW, settings)
    texts = [line.text for line in paper.lines if isinstance(line, Heading | Text | Qr)]
    values = [line.value for line in paper.lines if isinstance(line, Field)]
    assert written(code) in texts and f"https://localhost:1/saved?c={code}" in texts
    assert f"{NOW.astimezone():%Y-%m-%d %H:%M}" in values and any("还没有提交" in text for text in texts)
    for secret in (person.name, person.number, "13800000026"):
        assert secret not in " ".join(texts + values)
