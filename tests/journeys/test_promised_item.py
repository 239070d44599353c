"""An item an office decides on later (承诺件): accepted, with a day, and no certificate is about to be printed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from contract.cases import CaseAnswer
from contract.codes import CaseState, Outcome
from contract.outcomes import Notice, OwedPaper
from demo.proof import pdf_text
from kiosk.journey import intents
from kiosk.journey.views import DoneView
from offline_cache import Cache
from tests.journeys.fixtures import OpenTerminal
from tests.journeys.hands import paper, printed_pages, printed_receipts
from tests.journeys.town_hall import TownHall


def test_an_answer_without_a_certificate(hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path) -> None:
    data = hall.enrolled(tmp_path / "terminal")
    citizen = open_terminal(data)
    view = citizen.print_household(1)
    assert view.state == "sending" and paper(view, "certificate")[0] == "waiting"
    # no item of the sample city is of this kind: the platform's answer is put where the agent puts it
    cache = Cache.open(data)
    [entry] = cache.outbox.due()
    answer = CaseAnswer(
        case_id=UUID(entry.id),
        state=CaseState.ACCEPTED,
        case_number="3702-0261121-77777",
        accepted_at=datetime.now(UTC),
        due_at=datetime.now(UTC) + timedelta(days=7),
    )
    cache.outbox.delivered(entry, cache.visits.open(entry.visit), answer)
    cache.close()
    done = citizen.sees(DoneView, lambda v: v.state == "accepted" and paper(v, "receipt")[0] == "printed")
    assert done.number == answer.case_number and "问进度" in done.line
    assert [row.id for row in done.papers] == ["receipt"]
    assert "承诺办结日期" in printed_receipts(hall)[-1]
    citizen.send(intents.Forward())


def test_an_answer_that_does_not_accept(hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path) -> None:
    """补齐补正: the notice comes out with everything that is missing, and no paper says that it is accepted."""
    data = hall.enrolled(tmp_path / "terminal")
    citizen = open_terminal(data)
    citizen.print_household(1)
    cache = Cache.open(data)
    [entry] = cache.outbox.due()
    now = datetime.now(UTC)
    notice = Notice(
        outcome=Outcome.TO_SUPPLEMENT,
        number="补字〔2026〕777777号",
        title="补齐补正告知书",
        case_number="3702-0261121-77778",
        item_name="户籍证明打印",
        addressee="李样本",
        masked_number="3702**********0018",
        paragraphs=["现一次告知需要补正的全部内容。"],
        owed=[OwedPaper(material_id="photo", name="近期照片", reason="没有提交")],
        owed_by=now + timedelta(days=7),
        authority="示例局",
        issued_at=now,
    )
    answer = CaseAnswer(
        case_id=UUID(entry.id), state=CaseState.TO_SUPPLEMENT, case_number=notice.case_number, notice=notice
    )
    cache.outbox.delivered(entry, cache.visits.open(entry.visit), answer)
    cache.close()
    done = citizen.settled("to_supplement")
    assert done.title == "材料还要补齐" and {row.id: row.state for row in done.papers} == {
        "receipt": "printed",
        "notice": "printed",
    }
    [page] = [text for text in map(pdf_text, printed_pages(hall)) if "777777" in text]
    assert "补齐补正告知书" in page and "近期照片" in page
    [receipt] = [text for text in printed_receipts(hall) if notice.case_number in text]
    assert "受理凭证" not in receipt and "还没有受理" in receipt and "近期照片" in receipt
