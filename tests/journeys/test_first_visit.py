"""王示例 registers for insurance with her card: every page there is, and everything she gave is on the platform."""

from __future__ import annotations

import hashlib

import pypdfium2
import pytest
from PIL import Image

from contract.signed_pdf import appearance_pixels, authority, verify
from demo.programs import until
from demo.proof import pdf_text, qr_text
from kiosk.cases.signature_picture import HEIGHT, WIDTH
from kiosk.journey import intents
from kiosk.journey.views import CheckView, DoneView, FarewellView, HomeView, QuestionView, ScanView
from kiosk.ratings import levels
from tests.journeys.hands import INSURANCE, STROKES, Citizen, printed_pages, printed_receipts
from tests.journeys.town_hall import TownHall, traces

MOBILE = "/data/contact/mobile"
ADDRESS = "海湾市东滩区样板路18号(虚构地址)"


def test_the_whole_first_visit(citizen: Citizen, hall: TownHall, caplog: pytest.LogCaptureFixture) -> None:
    before, person = hall.case_ids(), hall.people[0]
    assert citizen.log_in().greeting == "王女士，您好"
    guide = citizen.open_item(INSURANCE, query="lhjycb")
    assert "没有单位给您交社保" in guide.paragraphs[0]
    assert [row.badge for row in guide.materials] == ["不用另交", "不用交", "现在拍"]
    citizen.send(intents.Forward())
    citizen.choose("local")

    page = citizen.page("number")
    assert {f.value: f.source for f in page.fields if f.source}[person["name"]] == "身份证"
    # what the card says is confirmed, not typed: the page is not left without it
    assert page.confirm == "asked"
    citizen.send(intents.Forward())
    assert citizen.sees(QuestionView, lambda v: v.confirm_error != "").problems[-1][0] == "confirm"
    citizen.confirm_person()
    citizen.page("mobile")
    citizen.send(intents.Answer(MOBILE, "123"), intents.Forward())
    refused = citizen.sees(QuestionView, lambda v: any(f.error for f in v.fields))
    assert {f.path: f.error for f in refused.fields}[MOBILE] == "手机号码是 1 开头的 11 位数字，请再看一下。"
    citizen.fill(mobile="13800000026")
    # the page about arrival is hidden for somebody of this city
    citizen.fill(kind="both", start="next_month")
    citizen.page("base")
    citizen.send(intents.Answer("/data/payment_page/base", "5000"))
    citizen.sees(QuestionView, lambda v: any("1475" in f.label for f in v.fields))
    citizen.send(intents.Forward())

    citizen.sees(ScanView, lambda v: v.state == "searching")
    citizen.lay_paper()
    taken = citizen.sees(ScanView, lambda v: v.state == "taken")
    assert taken.picture.startswith(b"\xff\xd8") and citizen.previews
    citizen.send(intents.Forward())
    citizen.sign()

    check = citizen.sees(CheckView)
    rows = {row.label: row for row in check.answers}
    assert rows["身份证号"].value == "3702 **** **** **** 2X" and not rows["身份证号"].change
    assert rows["手机号码"].value == "138 **** 0026"
    assert [row.label for row in check.papers] == ["就业创业证", "参保承诺书"]
    citizen.send(intents.Change("form:/data/contact/address"))
    citizen.fill(address=ADDRESS)
    citizen.sees(CheckView, lambda v: any(row.value == ADDRESS for row in v.answers))
    citizen.send(intents.Forward())

    done = citizen.settled()
    assert done.title == "已受理，已办结" and {row.state for row in done.papers} == {"printed"}
    assert done.card_present
    citizen.send(intents.Rate("5"), intents.ToggleReason("513"), intents.ToggleReason("516"), intents.SendRating())
    citizen.sees(DoneView, lambda v: v.rated)
    citizen.send(intents.Forward())
    assert citizen.sees(FarewellView).title == "请取走身份证"
    citizen.lift_card()
    _the_platform_has_it(hall, before, done)
    _the_papers_say_it(hall, done)
    _nothing_stays(hall, caplog)


def _the_platform_has_it(hall: TownHall, before: set[str], done: DoneView) -> None:
    case = hall.new_case(before)
    sent = case["case"]
    assert case["state"] == "10" and case["case_number"] == done.number
    assert sent["login"] == "id_card" and sent["situations"] == {"household": "local"}
    assert sent["applicant"]["number"] == hall.people[0]["number"]
    answers = {answer["path"]: answer["value"] for answer in sent["answers"]}
    assert answers["/data/contact/address"] == ADDRESS and answers[MOBILE] == "13800000026"
    assert answers["/data/insurance/start"] == "next_month" and answers["/data/payment_page/payment"] == "1475"
    assert not [path for path in answers if path.startswith("/data/arrival")]

    held = {part["material_id"]: hall.material(case, part["sha256"]) for part in sent["materials"]}
    for part in sent["materials"]:
        assert hashlib.sha256(held[part["material_id"]]).hexdigest() == part["sha256"]
        assert len(held[part["material_id"]]) == part["size"]
    assert len(pypdfium2.PdfDocument(held["employment_card"])) == 1
    [signature] = sent["signatures"]
    letter = held["letter-commitment"]
    assert signature["pdf_sha256"] == hashlib.sha256(letter).hexdigest() and signature["kind"] == "commitment"
    assert hashlib.sha256(letter[: signature["letter_size"]]).hexdigest() == signature["letter_sha256"]
    assert signature["document_sha256"] == hashlib.sha256(signature["document"].encode()).hexdigest()
    assert [[tuple(point) for point in stroke["points"]] for stroke in signature["strokes"]] == [
        [tuple(map(float, point)) for point in stroke] for stroke in STROKES
    ]
    # anybody can see who signed it, and the handwriting on the page
    [signed] = verify(letter, [authority((hall.data / "pki" / "ca.crt").read_bytes())])
    assert signed.signer == sent["terminal_id"] and signed.signed_at.isoformat() == signature["signed_at"].replace(
        "Z", "+00:00"
    )
    pixels = appearance_pixels(letter, signed.field)
    assert hashlib.sha256(pixels).hexdigest() == signature["picture_sha256"]
    picture = Image.frombytes("L", (WIDTH, HEIGHT), pixels)
    inked = picture.point(lambda grey: grey < 128 and 255).getbbox()
    # it fills the picture one way, and keeps its proportions
    assert inked is not None and inked[2] - inked[0] > picture.width * 0.9
    page = pypdfium2.PdfDocument(letter)[0].get_textpage().get_text_bounded()
    assert "参保承诺书" in page and "王示例" in page and INSURANCE in page

    rated = until("the rating", 20, lambda: hall.case(case["case_id"])["rating"])
    assert rated["satisfaction"] == "5" and rated["reasons"] == ["513", "516"]


def _the_papers_say_it(hall: TownHall, done: DoneView) -> None:
    receipt = next(text for text in printed_receipts(hall) if done.number in text)
    assert "受理凭证" in receipt and INSURANCE in receipt and hall.people[0]["number"] not in receipt
    number = next(row.line.split()[1].rstrip("，只打印一次") for row in done.papers if row.id == "certificate")
    [page] = [path for path in printed_pages(hall) if number in pdf_text(path)]
    assert "王示例" in pdf_text(page) and qr_text(page)


def _nothing_stays(hall: TownHall, caplog: pytest.LogCaptureFixture) -> None:
    person = hall.people[0]
    private = (person["name"], person["number"], person["address"], ADDRESS, "13800000026")
    until("nothing to be left", 20, lambda: not list(traces(hall.data, *private)), every=0.3)
    assert not [text for text in private if text in caplog.text]


def test_levels_are_shown_best_first_and_nobody_has_to_rate(citizen: Citizen) -> None:
    citizen.print_household(1)
    done = citizen.settled()
    assert done.levels == levels("zh") and done.level == "" and done.reasons == ()
    citizen.send(intents.SendRating(), intents.Rate("4"))
    rows = citizen.sees(DoneView, lambda v: v.level == "4").reasons
    assert not citizen.sees(DoneView).rated and all(row.code.startswith("4") for row in rows)
    citizen.send(intents.Back())
    # another thing in the same visit: the same person, nothing of the item before
    citizen.sees(HomeView)
    assert citizen.open_item(INSURANCE).title == INSURANCE
