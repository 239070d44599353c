"""Every paper the house prints, of invented people, as a grey picture; and the command that renews the golden ones.

python -m tests.printed.papers [--out DIR]      # look at each before it is committed
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pypdfium2
from PIL import Image

import fleet.sample_city
from contract.cases import Case, CaseAnswer
from contract.certificates import Certificate
from contract.codes import CaseState, LetterKind, LoginWay, Outcome
from contract.identity import Company, CompanyRole, Person
from contract.items import ServiceItem
from contract.model import Words
from contract.outcomes import OwedPaper
from contract.saving import SavedApplication
from drivers.receipt_printer import Receipt, ReceiptPrinter
from fleet.outcomes import Decision, Times, later_letter, notice
from fleet.paperwork import paperwork
from kiosk.cases import letters
from kiosk.cases.assemble import assemble
from kiosk.cases.receipts import receipt
from kiosk.documents import certificates, notices
from kiosk.documents.seals.checking import check
from kiosk.documents.seals.results import Checked
from kiosk.journey.visit_state import VisitState
from kiosk.saved.slip import slip
from offline_cache.settings import Settings
from tests.drivers.conftest import Simulator
from tests.kiosk.conftest import ITEM
from tests.kiosk.documents.sealing import city, good_ofd, good_pdf
from tests.kiosk.documents.signing import code

GOLDEN = Path(__file__).parent / "golden"
TEMPLATES = Path(next(iter(fleet.sample_city.__path__))) / "templates"
CITY, NOW = "海湾市（示例）", datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
HALL = Settings("HW-0001", "A01", Words(zh="海湾市政务服务中心"), "一楼", "000-5550100", "https://localhost:1")
PERSON = Person(
    name="赵𠮷䶮", number="37029919920318002X", sex="女", birth=date(1992, 3, 18), address="海湾市样板路17号"
)
CERTIFICATE = Certificate(
    number="CB-26-118204",
    name=Words(zh="参保登记证明", en="Certificate of insurance registration"),
    template="insurance_certificate",
    holder=PERSON.name,
    fields=[
        ("姓名", PERSON.name),
        ("缴费基数", "4504 元"),
        ("每月应缴", "1328.68 元"),
        ("开始缴费月份", "2026 年 12 月"),
    ],
    authority="海湾市人力资源和社会保障局（示例）",
    issued_at=NOW,
    code=code(),
)
#: pixels an inch of a page's picture
DPI = 72


def item() -> ServiceItem:
    """The invented item, with a letter for papers that follow."""
    return ServiceItem.model_validate(ITEM | {"later_letter": later_letter().model_dump()})


def _case(state: VisitState) -> Case:
    made = assemble(state, item(), HALL.id, "A01-1121-0007", 3, None, NOW)
    return made.model_copy(update={"case_id": UUID(int=7), "submitted_at": NOW})


def _state(**more: object) -> VisitState:
    state = VisitState(person=PERSON, login=LoginWay.ID_CARD, item="T-1", situations={"household": "other"})
    for name, value in more.items():
        setattr(state, name, value)
    return state


def receipts() -> Iterator[tuple[str, Receipt]]:
    """What the receipt printer prints."""
    company = Company(name="海湾市示例网络有限公司", uscc="91370299MB0X00100C", role=CompanyRole.HANDLER)
    agent = PERSON.model_copy(update={"name": "李样本", "number": "370299198506070018"})
    plain, of_company = _case(_state()), _case(_state(company=company))
    by_agent = _case(_state(person=agent, principal=PERSON, principal_card=True))
    answer = CaseAnswer(
        case_id=UUID(int=7), state=CaseState.ACCEPTED, case_number="3702-0261121-00417", accepted_at=NOW,
        due_at=NOW + timedelta(days=7),
    )  # fmt: skip
    done = answer.model_copy(update={"state": CaseState.CONCLUDED, "certificate": CERTIFICATE})
    yield "receipt-received", receipt(plain, item(), HALL, None)
    yield "receipt-accepted", receipt(by_agent, item(), HALL, answer)
    yield "receipt-concluded", receipt(of_company, item(), HALL, done)
    saved = SavedApplication(
        task_code="T-1", item_name=Words(zh="参保登记"), release_version=3, language="zh", form="", form_sha256="",
        situations={}, saved_at=NOW, to_do=[Words(zh="拍摄照片"), Words(zh="核对、提交")],
    )  # fmt: skip
    until = NOW + timedelta(days=7)
    yield "slip", slip(saved, PERSON.number, "7K2M9QXD4RTWA358", "https://localhost:1/saved", until, HALL)


def pages() -> Iterator[tuple[str, bytes]]:
    """What the page printer prints and what is signed, as PDF."""
    for template in sorted(TEMPLATES.glob("*.typ")):
        yield template.stem, certificates.render(CERTIFICATE, template.read_text("utf-8"), CITY)
    case, times = _case(_state()), Times(NOW, NOW, NOW + timedelta(days=20), NOW + timedelta(days=5))
    owed = (OwedPaper(material_id="photo", name="照片", reason="没有提交"),)
    for outcome in Outcome:
        asks = outcome in (Outcome.TO_SUPPLEMENT, Outcome.ACCEPTED_OWING)
        reasons = {
            Outcome.NOT_ACCEPTED: "不属于本机关职权范围",
            Outcome.CORRECTED: "照片先前交的不对，已经换成正确的。",
        }
        where = "海湾市税务局（示例）" if outcome is Outcome.NOT_ACCEPTED else ""
        decision = Decision(outcome, owed if asks else (), reasons.get(outcome, ""), where)
        said = notice(decision, case, item(), "受字〔2026〕000123号", "3702-0261121-00417", times)
        yield f"notice-{outcome.value}", notices.render(said, paperwork("notice.typ").decode(), CITY)
    for kind, sealed in (("pdf", good_pdf()), ("ofd", good_ofd())):
        checked = check(sealed, city().trust, datetime.now(UTC))
        assert isinstance(checked, Checked) and checked.printable
        yield f"sealed-{kind}", checked.printable
    state = _state(later={"later"})
    for kind in LetterKind:
        made = letters.letter(kind, item(), state)
        layout = paperwork("letter.typ").decode()
        yield f"letter-{kind.value}", letters.render(made, layout, CITY, item().dept_name.zh, NOW)


def pictures(folder: Path) -> dict[str, Image.Image]:
    """Every paper's picture by its name. `folder` is the simulated receipt printer's tray, empty before."""
    found = {name: _first_page(pdf) for name, pdf in pages()}
    printer = Simulator("receipt_printer", "--out", str(folder))
    try:
        driver = ReceiptPrinter(printer.said["port"], model="generic-80")
        for place, (name, document) in enumerate(receipts(), 1):
            outcome = driver.print(document)
            assert outcome.result == "confirmed", outcome
            with Image.open(folder / f"receipt-{place}.png") as picture:
                found[name] = picture.convert("L")
    finally:
        printer.stop()
    return found


def _first_page(pdf: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    document.init_forms()  # a seal's picture is a form field's
    image: Image.Image = document[0].render(scale=DPI / 72, grayscale=True).to_pil()
    return image.convert("L")


def main() -> None:
    """Renew the golden pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.printed.papers", description=__doc__)
    parser.add_argument("--out", type=Path, default=GOLDEN)
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    os.environ["TZ"] = "Asia/Shanghai"  # as the test has it
    time.tzset()
    with tempfile.TemporaryDirectory() as tray:
        for name, picture in pictures(Path(tray)).items():
            picture.save(out / f"{name}.png", optimize=True)
            print(name)


if __name__ == "__main__":
    main()
