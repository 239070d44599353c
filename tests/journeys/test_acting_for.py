"""For somebody else and for a company: both recorded, the letter of authorisation asked for, and every no."""

from __future__ import annotations

import segno

from contract.codes import Acting
from kiosk.journey import intents
from kiosk.journey.views import (
    CheckView,
    CodeLoginView,
    DoneView,
    GuideView,
    HomeView,
    LoginView,
    QuestionView,
    SituationView,
    TroubleView,
)
from tests.journeys.hands import ELDERLY, HOUSEHOLD, INSURANCE, Citizen, printed_receipts
from tests.journeys.town_hall import TownHall

COMPANY_ITEM = "单位参保证明"
WANG_COMPANY, OTHERS_COMPANY = "91370299MA0X0100AG", "91370299MA0X0300C5"


def errors(view: QuestionView) -> dict[str, str]:
    return {field.path: field.error for field in view.fields if field.error}


def choose_acting(citizen: Citizen, acting: str) -> None:
    citizen.sees(SituationView, lambda v: v.title == "这次替谁办？")
    citizen.send(intents.Choose(acting), intents.Forward())


def as_agent(citizen: Citizen, place: int = 0) -> None:
    citizen.log_in(place)
    citizen.send(intents.ActFor())
    choose_acting(citizen, Acting.AGENT)
    citizen.page_of("number")


# somebody else


def test_an_agent_by_the_principals_card(citizen: Citizen, hall: TownHall) -> None:
    before = hall.case_ids()
    as_agent(citizen)
    citizen.lift_card()
    citizen.lay_card(1)
    citizen.shown(lambda s: s.chrome.acting == "替 李样本 办理", "for whom")
    citizen.open_item(INSURANCE)
    citizen.send(intents.Forward())
    citizen.choose("local")
    # the form is the principal's, and says where it knows that from
    page = citizen.page("number")
    assert any(f.value == "李样本" and f.source == "对方的身份证" for f in page.fields)
    citizen.fill_insurance()
    citizen.scan()  # the item's own paper
    citizen.devices.document_camera.tell("clear")
    citizen.scan()  # 授权委托书
    citizen.sign()
    check = citizen.sees(CheckView)
    assert [row.label for row in check.papers][:2][-1] == "授权委托书"
    citizen.send(intents.Forward())
    citizen.settled()
    case = hall.new_case(before)["case"]
    assert case["applicant"]["name"] == "李样本" and case["agent"]["name"] == "王示例" and case["principal_card"]
    assert "authorisation_letter" in [material["material_id"] for material in case["materials"]]
    assert case["login"] == "id_card"
    receipt = printed_receipts(hall)[-1]
    assert "李样本" in receipt and "代办人" in receipt and "王示例" in receipt


def test_an_agent_who_writes_name_and_number(citizen: Citizen, hall: TownHall) -> None:
    as_agent(citizen)
    citizen.answer(name="", number="370299198506070019")
    assert set(errors(citizen.sees(QuestionView, lambda v: bool(errors(v))))) == {"name", "number"}
    citizen.answer(name="王示例", number=hall.people[0]["number"])
    assert "您自己的号码" in errors(citizen.sees(QuestionView, lambda v: "自己" in str(errors(v))))["number"]
    citizen.answer(name="李样本", number=hall.people[1]["number"])
    home = citizen.sees(HomeView)
    assert home.greeting == "王女士，您好"
    assert any("替别人" in text for _, text, _ in home.with_others)
    # what must be done in person is not done by an agent
    citizen.open_item(HOUSEHOLD)
    citizen.send(intents.Forward())
    assert citizen.sees(TroubleView).title == "这件事要本人来办"
    citizen.send(intents.Forward())
    citizen.sees(HomeView)
    # back to oneself
    citizen.send(intents.ActFor())
    choose_acting(citizen, Acting.SELF)
    citizen.shown(lambda s: isinstance(s.view, HomeView) and s.chrome.acting == "", "for oneself")
    citizen.print_household_again()


def test_a_principals_card_that_has_expired(citizen: Citizen) -> None:
    as_agent(citizen)
    citizen.lift_card()
    citizen.lay_card(1, valid_from="20050101", valid_to="20150101")
    assert "不在有效期" in errors(citizen.sees(QuestionView, lambda v: bool(errors(v))))["name"]
    citizen.send(intents.Back())
    citizen.sees(SituationView)


def test_who_comes_for_others_says_so_at_once(citizen: Citizen) -> None:
    citizen.walk_up()
    citizen.send(intents.ActFor())
    citizen.sees(LoginView, lambda v: v.others is not None and "登录后再选" in v.others[1])
    citizen.lay_card()
    citizen.sees(SituationView, lambda v: v.title == "这次替谁办？")


# a company


def to_companies(citizen: Citizen, place: int = 0) -> SituationView:
    citizen.log_in(place)
    citizen.send(intents.ActFor())
    choose_acting(citizen, Acting.COMPANY)
    return citizen.sees(SituationView, lambda v: v.title == "您替哪个单位办？" and "请稍等" not in v.problem)


def test_for_a_company(citizen: Citizen, hall: TownHall) -> None:
    before = hall.case_ids()
    companies = to_companies(citizen)
    assert {row.value for row in companies.choices} == {WANG_COMPANY, "91370299MA0X0200BT", "licence"}
    assert "您是法定代表人" in next(row.help for row in companies.choices if row.value == WANG_COMPANY)
    citizen.send(intents.Choose(WANG_COMPANY), intents.Forward())
    citizen.shown(lambda s: s.chrome.acting.startswith("代表 海湾样板渔具"), "for whom")
    citizen.open_item(COMPANY_ITEM)
    citizen.send(intents.Forward())
    citizen.settled()
    case = hall.new_case(before)["case"]
    assert case["company"]["uscc"] == WANG_COMPANY and case["applicant"]["name"] == "王示例" and case["agent"] is None
    assert WANG_COMPANY in printed_receipts(hall)[-1]


def test_a_card_that_proves_nothing_does_not_tell_its_finder_the_companies(citizen: Citizen) -> None:
    citizen.walk_up()
    citizen.insert_card(1)
    citizen.sees(HomeView)
    citizen.send(intents.ActFor())
    choose_acting(citizen, Acting.COMPANY)
    citizen.sees(LoginView, lambda v: v.title == "再确认一下是您本人")
    citizen.send(intents.Back())
    choose_acting(citizen, Acting.COMPANY)
    citizen.sees(LoginView)
    citizen.lay_card(1)
    companies = citizen.sees(SituationView, lambda v: v.title == "您替哪个单位办？" and bool(v.choices))
    assert companies.selected == OTHERS_COMPANY


def test_an_item_for_companies_asks_which_one(citizen: Citizen) -> None:
    citizen.log_in(1)
    citizen.open_item(COMPANY_ITEM)
    citizen.send(intents.Forward())
    chosen = citizen.sees(SituationView, lambda v: v.selected != "")
    # the only one is chosen already
    assert chosen.selected == OTHERS_COMPANY
    citizen.send(intents.Forward())
    citizen.sees(GuideView, lambda v: COMPANY_ITEM in v.title)
    citizen.send(intents.Forward())
    citizen.sees(DoneView)


def test_what_is_for_people_is_not_for_companies(citizen: Citizen) -> None:
    to_companies(citizen)
    citizen.send(intents.Choose(WANG_COMPANY), intents.Forward())
    citizen.sees(HomeView)
    citizen.open_item(ELDERLY)
    citizen.send(intents.Forward())
    assert citizen.sees(TroubleView).title == "单位办不了这件事"


def test_nobody_acts_for_a_company_the_platform_does_not_name(citizen: Citizen) -> None:
    none = to_companies(citizen, 2)
    assert "没有登记您可以代表的单位" in none.problem and none.choices == ()
    citizen.send(intents.Choose(WANG_COMPANY), intents.Forward(), intents.Back())
    citizen.sees(SituationView, lambda v: v.title == "这次替谁办？")


def test_a_business_licence_finds_the_company(citizen: Citizen, hall: TownHall) -> None:
    def show_licence(uscc: str) -> None:
        picture = hall.town.out / "licence.png"
        segno.make(f"http://www.gsxt.gov.cn/index.html?uniscid={uscc}", error="m").save(str(picture), scale=8, border=6)
        citizen.devices.code_camera.tell(f"show {picture}")

    to_companies(citizen)
    citizen.send(intents.Choose("licence"))
    citizen.sees(CodeLoginView, lambda v: "营业执照" in v.title)
    citizen.show_code("https://code.example.invalid/no-licence")
    citizen.sees(CodeLoginView, lambda v: "不是营业执照的码" in v.problem)
    show_licence(OTHERS_COMPANY)
    assert "没有登记您可以代表" in citizen.sees(SituationView, lambda v: v.problem != "").problem
    citizen.send(intents.Choose("licence"))
    show_licence(WANG_COMPANY)
    assert citizen.sees(SituationView, lambda v: v.selected != "").selected == WANG_COMPANY


def test_without_a_network_companies_are_not_known(citizen: Citizen, hall: TownHall) -> None:
    citizen.log_in()
    hall.cable.cut()
    citizen.send(intents.ActFor())
    choose_acting(citizen, Acting.COMPANY)
    citizen.sees(SituationView, lambda v: "现在查不到" in v.problem)
    hall.cable.restore()
    citizen.send(intents.Forward())
    citizen.sees(SituationView, lambda v: len(v.choices) > 1)
