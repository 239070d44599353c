"""王示例 applies for the subsistence allowance: family members, an address by division, money, a long list, a rank."""

from __future__ import annotations

from kiosk.journey import intents
from kiosk.journey.views import CheckView, QuestionView, RepeatView, ScanView
from tests.journeys.hands import Citizen
from tests.journeys.town_hall import TownHall

ALLOWANCE = "最低生活保障申请"
ADDRESS = "/data/home/address"
MEMBER = "/data/members[{}]/member/{}"


def to_form(citizen: Citizen, living: str = "family") -> None:
    citizen.log_in()
    citizen.open_item(ALLOWANCE, query="低保")
    citizen.send(intents.Forward())
    citizen.choose(living)
    citizen.page("number")


def field(view: QuestionView, name: str):  # type: ignore[no-untyped-def]
    return next(each for each in view.fields if each.path.endswith(f"/{name}"))


def choose_address(citizen: Citizen) -> None:
    """The card's address is not right: another is chosen from the province down, and nothing of the card's stays."""
    page = citizen.page("address")
    assert field(page, "address").settled and page.confirm == "asked"
    citizen.send(intents.Reopen(ADDRESS))
    for code, asks in (("37", "哪个省"), ("3702", "哪个市"), ("370202", "哪个区"), ("370202012", "哪个街道")):
        citizen.sees(QuestionView, lambda v, asks=asks: asks in field(v, "address").address.asks)
        citizen.send(intents.ChooseDivision(ADDRESS, code))
    page = citizen.sees(QuestionView, lambda v: len(field(v, "address").address.chosen) == 4)
    # it is not the card's any more, and so nothing is left to confirm
    assert (field(page, "address").source, page.confirm) == ("", "")
    citizen.send(intents.Forward())
    citizen.sees(QuestionView, lambda v: "街道门牌" in field(v, "address").error)
    citizen.send(intents.Answer(ADDRESS, "山东省青岛市市南区八大湖街道福州南路 17 号"), intents.Forward())
    citizen.page("since")


def add_member(citizen: Citizen, place: int, name: str, relation: str, birth: str, income: str) -> None:
    citizen.sees(QuestionView, lambda v: any(f.path == MEMBER.format(place, "member_name") for f in v.fields))
    citizen.send(
        *(
            intents.Answer(MEMBER.format(place, key), value)
            for key, value in (
                ("member_name", name), ("relation", relation), ("member_birth", birth), ("member_income", income)
            )
        ),
        intents.Forward(),
    )  # fmt: skip
    citizen.sees(RepeatView, lambda v: len(v.rows) == place)


def to_list(citizen: Citizen) -> None:
    to_form(citizen)
    citizen.fill(mobile="13800000026")
    choose_address(citizen)
    citizen.fill(since="2019-05-01")
    add_member(citizen, 1, "王小样", "child", "2016-05-03", "0")
    citizen.send(intents.AddEntry())
    add_member(citizen, 2, "李𠮷䶮", "spouse", "1990-01-02", "1800.5")


def test_the_allowance_to_the_end(citizen: Citizen, hall: TownHall) -> None:
    before = hall.case_ids()
    to_list(citizen)
    # an entry is changed from the list, and its pages lead back to the list, not through the others
    citizen.send(intents.ChangeEntry("/data/members[1]"))
    page = citizen.sees(QuestionView)
    assert field(page, "member_name").value == "王小样" and field(page, "member_income").look == "money"
    citizen.send(intents.Answer(MEMBER.format(1, "member_name"), "王小示"), intents.Forward())
    rows = citizen.sees(RepeatView).rows
    assert ["王小示" in rows[0].label, "李𠮷䶮" in rows[1].label] == [True, True]
    # taking one away asks once
    citizen.send(intents.RemoveEntry("/data/members[1]"))
    citizen.sees(RepeatView, lambda v: v.removing == "/data/members[1]")
    citizen.send(intents.RemoveEntry(""))
    citizen.sees(RepeatView, lambda v: v.removing == "" and len(v.rows) == 2)
    citizen.send(intents.RemoveEntry("/data/members[1]"), intents.RemoveEntry("/data/members[1]", sure=True))
    citizen.sees(RepeatView, lambda v: [("李𠮷䶮" in row.label) for row in v.rows] == [True])
    # one that was begun and left is named, not passed over
    citizen.send(intents.AddEntry())
    citizen.page("member_name")
    citizen.send(intents.Back())
    citizen.sees(RepeatView, lambda v: len(v.rows) == 2)
    citizen.send(intents.Forward())
    citizen.sees(RepeatView, lambda v: v.problem.startswith("“还没有填”还没填完"))
    citizen.send(intents.RemoveEntry("/data/members[2]"), intents.RemoveEntry("/data/members[2]", sure=True))
    citizen.sees(RepeatView, lambda v: len(v.rows) == 1 and not v.problem)
    citizen.send(intents.Forward())

    citizen.page("income")
    citizen.send(intents.Answer("/data/income_page/income", "1234.5"))
    page = citizen.sees(QuestionView, lambda v: any("平均每人每月 1517.5 元" in f.label for f in v.fields))
    assert "人民币壹仟贰佰叁拾肆元伍角" in field(page, "income").remark and field(page, "income").guidance
    citizen.send(intents.Forward())

    bank = "/data/account_page/bank"
    page = citizen.page("bank")
    assert field(page, "bank").look == "search" and field(page, "bank").choice_count == 33
    citizen.send(intents.SearchChoices(bank, "qdns"))
    page = citizen.sees(QuestionView, lambda v: field(v, "bank").found == 1)
    citizen.send(intents.Answer(bank, field(page, "bank").choices[0].value))
    citizen.sees(QuestionView, lambda v: [row.label for row in field(v, "bank").picked] == ["青岛农商银行"])
    # a picture as an answer, from the document camera; half a card number is still there afterwards
    account, card = "/data/account_page/account", "/data/account_page/card"
    citizen.send(intents.Answer(account, "6222 0000"), intents.Photograph(card))
    citizen.sees(ScanView)
    citizen.lay_paper()
    citizen.sees(ScanView, lambda v: v.state == "taken", seconds=60)
    citizen.send(intents.Forward())
    page = citizen.page("card")
    assert field(page, "card").value.endswith(".jpg") and field(page, "account").value == "6222 0000"
    citizen.fill(account="6222000000000000000")

    page = citizen.page("needs")
    citizen.send(intents.Forward())
    page = citizen.sees(QuestionView, lambda v: len(v.problems) == 2)
    assert "就按这个顺序" in page.problems[0][1] and page.problems[0][0] == "/data/needs_page/needs"
    citizen.fill(needs="medicine food rent school", debts="3")

    citizen.sign()
    check = citizen.sees(CheckView)
    shown = {(row.section, row.label): row.value for row in check.answers}
    assert shown[("", "现住址")] == "山东省青岛市市南区八大湖街道福州南路 17 号"
    assert shown[("", "住进来的月份")] == "2019 年 5 月" and shown[("", "您的每月收入")] == "1,234.50 元"
    assert shown[("", "家里还有谁？")] == "1 个" and shown[("", "排一排")].startswith("看病吃药、吃饭穿衣")
    [(section, income)] = [(key[0], value) for key, value in shown.items() if key[1] == "每月收入"]
    assert "李𠮷䶮" in section and income == "1,800.50 元"
    # a way to each, also inside the repeat
    change = next(row.change for row in check.answers if row.label == "叫什么名字")
    citizen.send(intents.Change(change))
    citizen.sees(QuestionView, lambda v: v.focus == MEMBER.format(1, "member_name"))
    citizen.send(intents.Answer(MEMBER.format(1, "member_name"), "李样"), intents.Forward())
    citizen.sees(CheckView, lambda v: any(row.value == "李样" for row in v.answers))
    # one more, from the check and back to it
    citizen.send(intents.Change("form:/data/members"))
    citizen.sees(RepeatView)
    citizen.send(intents.AddEntry())
    add_member(citizen, 2, "王小样", "child", "2016-05-03", "0")
    citizen.send(intents.Forward())
    citizen.sees(CheckView, lambda v: any(row.value == "2 个" for row in v.answers))
    citizen.send(intents.Forward())
    citizen.settled(state="accepted")
    case = hall.new_case(before)["case"]
    answers = {answer["path"]: answer for answer in case["answers"]}
    assert answers["/data/members[2]/member/member_name"]["value"] == "王小样"
    assert answers["/data/needs_page/needs"]["value"] == "medicine food rent school"
    assert answers["/data/account_page/bank"]["shown"] == "青岛农商银行"
    assert "<member_name>李样</member_name>" in case["instance"]
    [picture] = [each for each in case["materials"] if each["media_type"] == "image/jpeg"]
    assert picture["material_id"] == answers[card]["value"]
    citizen.finish()


def test_an_unfinished_address_is_not_lost_on_the_way_back(citizen: Citizen) -> None:
    to_form(citizen, "alone")
    citizen.fill(mobile="13800000026")
    citizen.page("address")
    citizen.send(intents.Reopen(ADDRESS), intents.Answer(ADDRESS, ""), intents.ChooseDivision(ADDRESS, "37"))
    citizen.sees(QuestionView, lambda v: len(field(v, "address").address.chosen) == 1)
    citizen.send(intents.Forward())
    citizen.sees(QuestionView, lambda v: "选到区、县" in field(v, "address").error)
    citizen.send(intents.Back())
    citizen.page("number")
    citizen.send(intents.Forward())
    assert [row.label for row in field(citizen.page("address"), "address").address.chosen] == ["山东省"]


def test_who_lives_alone_is_asked_for_nobody(citizen: Citizen) -> None:
    to_form(citizen, "alone")
    citizen.fill(mobile="13800000026")
    citizen.page("address")
    citizen.send(intents.Confirm(), intents.Forward())
    citizen.fill(since="2019-05-01")
    citizen.page("income")
    citizen.send(intents.Answer("/data/income_page/income", "500"))
    citizen.sees(QuestionView, lambda v: any("家里 1 口人，平均每人每月 500 元" in f.label for f in v.fields))
