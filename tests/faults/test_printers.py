"""Printers that fail: the paper's row says the truth, the ledger agrees, and no certificate comes out twice."""

from __future__ import annotations

import json

import pytest

from demo.programs import until
from demo.proof import pdf_text
from kiosk.journey import intents
from kiosk.journey.steps import done as done_step
from kiosk.journey.views import AttractView, DoneView, HomeView
from provisioning.__main__ import main as provision
from provisioning.errors import PaperError
from provisioning.papers import settle
from tests.journeys.fixtures import OpenTerminal
from tests.journeys.hands import Citizen, paper, printed_pages
from tests.journeys.town_hall import TownHall


def ledger(citizen: Citizen, number: str) -> list[tuple[str, str]]:
    """State and reason of every line with this number."""
    rows = citizen.terminal.parts.cache.store.db.table("prints").rows_where("number = ?", [number])
    return [(row["state"], row["reason"]) for row in rows]


def number_of(hall: TownHall, view: DoneView) -> str:
    """The certificate's number, as issued."""
    ids = [row["case_id"] for row in hall.get("/cases?limit=500").json() if row["case_number"] == view.number]
    return str(hall.case(ids[0])["certificate"]["number"])


def came_out(hall: TownHall, number: str) -> int:
    return sum(number in pdf_text(path) for path in printed_pages(hall))


@pytest.mark.parametrize(
    ("fault", "state", "reason", "words"),
    [
        ("paper-out", "failed", "paper-out", "打印机没有纸了，会报告给工作人员。请凭编号到窗口补打"),
        ("cover-open", "failed", "cover-open", "打印机的盖子开着，会报告给工作人员"),
        ("silence", "failed", "no-answer", "打印机没有应答，会报告给工作人员。请凭编号到窗口补打"),
        ("drop", "failed", "offline", "打印机没有连上，会报告给工作人员。请凭编号到窗口补打"),
        ("paper-out-midway", "uncertain", "paper-out", "打印机没有纸了"),
    ],
    ids=["paper-out", "cover-open", "silence", "drop", "paper-out-midway"],
)
def test_the_receipt_printer(
    fault: str, state: str, reason: str, words: str, citizen: Citizen, caplog: pytest.LogCaptureFixture
) -> None:
    citizen.devices.receipt_printer.tell(f"fault {fault}")
    citizen.print_household(1)
    done = citizen.settled()
    assert paper(done, "receipt")[0] == state and paper(done, "receipt")[1].startswith(words)
    assert ledger(citizen, done.number) == [(state, reason)]
    assert f"receipt: {state} ({reason})" in caplog.text
    # what is not on paper is on the phone
    by_phone = done.certificate is not None and "/receipts/" in done.certificate.address
    assert by_phone is (state == "failed")
    # and, whole, on the screen
    on_screen = done.receipt.rows if done.receipt else ()
    assert (("办件编号", done.number) in on_screen) is (state == "failed")
    # the other paper came out all the same, and the page does not say that both did
    assert paper(done, "certificate")[0] == "printed"
    assert "都打好了" not in done.line and "正在打印" not in done.line
    # repaired, the next receipt is printed
    citizen.devices.receipt_printer.tell("fault none")
    citizen.send(intents.Back())
    citizen.sees(HomeView)
    citizen.print_household_again()
    assert paper(citizen.settled(), "receipt")[0] == "printed"


def test_a_certificate_is_looked_at_first_although_the_receipt_did_not_come(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(done_step, "LOOK_SECONDS", 60.0)
    citizen.devices.receipt_printer.tell("fault paper-out")
    citizen.print_household(1)
    shown = citizen.sees(
        DoneView,
        lambda v: v.receipt is not None and v.certificate is not None and v.certificate.seconds is not None,
        90,
    )
    assert shown.certificate is not None and shown.certificate.picture.startswith(b"\xff\xd8")
    citizen.send(intents.Forward())
    done = citizen.settled()
    assert done.certificate is not None and "/receipts/" in done.certificate.address
    assert paper(done, "certificate")[0] == "printed"


@pytest.mark.parametrize(
    ("fault", "state", "reason", "words"),
    [
        ("paper-out", "failed", "paper-out", "打印机没有纸了，会报告给工作人员。请凭编号到窗口补打"),
        ("toner-empty", "failed", "toner-out", "打印机没有墨粉了，会报告给工作人员"),
        ("gone", "failed", "offline", "打印机没有连上，会报告给工作人员。请凭编号到窗口补打"),
        ("jam", "uncertain", "jam", "打印机卡纸了，会报告给工作人员。请看看出纸口"),
    ],
    ids=["paper-out", "toner-empty", "gone", "jam"],
)
def test_the_page_printer(
    fault: str, state: str, reason: str, words: str, citizen: Citizen, hall: TownHall, caplog: pytest.LogCaptureFixture
) -> None:
    citizen.devices.page_printer.tell(f"fault {fault}")
    citizen.print_household(3)
    done = citizen.settled()
    assert paper(done, "certificate") == (state, words)
    assert paper(done, "receipt")[0] == "printed" and "都打好了" not in done.line
    number = number_of(hall, done)
    assert ledger(citizen, number) == [(state, reason)]
    assert f"certificate: {state} ({reason})" in caplog.text
    # repaired: what was cancelled does not come out under the next citizen
    citizen.devices.page_printer.tell("fault none")
    citizen.send(intents.Back())
    citizen.sees(HomeView)
    citizen.print_household_again()
    again = citizen.settled()
    assert paper(again, "certificate")[0] == "printed"
    assert came_out(hall, number_of(hall, again)) == 1 and came_out(hall, number) <= (state == "uncertain")


@pytest.mark.parametrize(("came", "state", "noted"), [(True, "printed", "confirmed"), (False, "failed", "uncertain")])
def test_the_citizen_says_whether_an_uncertain_paper_came(
    came: bool, state: str, noted: str, citizen: Citizen, hall: TownHall
) -> None:
    citizen.devices.page_printer.tell("fault jam")
    citizen.print_household(1)
    done = citizen.settled()
    number = number_of(hall, done)
    # nothing is asked about the receipt, which came out
    citizen.send(intents.PaperSeen("receipt", False), intents.PaperSeen("certificate", came))
    view = citizen.sees(DoneView, lambda v: paper(v, "certificate")[0] == state)
    assert paper(view, "receipt")[0] == "printed"
    assert ledger(citizen, number) == [(noted, "seen" if came else "not-seen")]
    # whatever was said, the number does not go to a printer again by itself
    assert citizen.terminal.parts.cache.prints.was_sent(number)


def test_a_printer_without_paper_is_told_before_anybody_begins(hall: TownHall, open_terminal: OpenTerminal) -> None:
    hall.devices.page_printer.tell("fault paper-out")
    citizen = open_terminal(hall.data)
    citizen.log_in()
    home = citizen.sees(HomeView, lambda v: any(row.badge == "暂不能打印" for row in v.popular))
    out = [row for row in home.popular if row.badge == "暂不能打印"]
    assert all(row.tone == "care" and row.line == "打印机暂停使用，会报告给工作人员" for row in out)


def test_a_paper_that_surely_failed_is_tried_again_as_often_as_the_item_says(citizen: Citizen, hall: TownHall) -> None:
    citizen.devices.page_printer.tell("fault paper-out")
    citizen.print_household(1)
    done = citizen.settled()
    number = number_of(hall, done)
    assert [row.again for row in done.papers if row.id == "certificate"] == [True]
    # still no paper: told again, and counted
    citizen.send(intents.PrintAgain("certificate"))
    until("a second attempt", 60, lambda: ledger(citizen, number) == [("failed", "paper-out")] * 2)
    citizen.settled()
    citizen.devices.page_printer.tell("fault none")
    citizen.send(intents.PrintAgain("certificate"))
    citizen.sees(DoneView, lambda v: paper(v, "certificate")[0] == "printed", 60)
    assert ledger(citizen, number) == [("failed", "paper-out"), ("failed", "paper-out"), ("confirmed", "ok")]
    assert came_out(hall, number) == 1
    # what came out is not printed again, whatever is asked
    citizen.send(intents.PrintAgain("certificate"), intents.PrintAgain("receipt"), intents.PrintAgain("nothing"))
    assert len(ledger(citizen, number)) == 3
    assert ["sent" in states for states in _states(citizen, number)] == [True, True, True]


def _states(citizen: Citizen, number: str) -> list[list[str]]:
    prints = citizen.terminal.parts.cache.prints
    return [[state for state, _, _ in prints.history(line.id)] for line in prints.attempts("certificate", number)]


@pytest.mark.parametrize(("came", "state"), [(True, "printed"), (False, "failed")])
def test_staff_settle_what_nobody_knew(came: bool, state: str, citizen: Citizen, hall: TownHall) -> None:
    citizen.devices.page_printer.tell("fault jam")
    citizen.print_household(2)
    number = number_of(hall, citizen.settled())
    citizen.send(intents.PaperSeen("certificate", False))
    done = citizen.sees(DoneView, lambda v: paper(v, "certificate")[0] == "failed")
    assert not any(row.again for row in done.papers)
    [line] = citizen.terminal.parts.cache.prints.attempts("certificate", number)
    told = settle(citizen.terminal.parts.cache.data, line.id[:8], came, by="07")
    assert (told.state, told.reason) == ("confirmed" if came else "failed", "looked")
    done = citizen.sees(DoneView, lambda v: paper(v, "certificate")[0] == state and not v.progress)
    citizen.devices.page_printer.tell("fault none")
    if not came:
        # now it may be printed again, and the record says why
        done = citizen.sees(DoneView, lambda v: any(row.again for row in v.papers))
        citizen.send(intents.PrintAgain("certificate"))
        citizen.sees(DoneView, lambda v: paper(v, "certificate")[0] == "printed", 60)
        assert citizen.terminal.parts.cache.prints.history(line.id)[-1] == ("failed", "looked", "07")
    with pytest.raises(PaperError):
        settle(citizen.terminal.parts.cache.data, line.id[:8], came, by="07")


def test_counted_paper_is_told_before_a_visit_and_runs_out_between_visits(
    citizen: Citizen, capsys: pytest.CaptureFixture[str]
) -> None:
    assert provision(["refill", "--data", str(citizen.terminal.parts.cache.data), "21"]) == 0
    citizen.print_household(3)
    citizen.settled()
    citizen.send(intents.Forward())
    citizen.lift_card()
    citizen.sees(AttractView, lambda v: v.open and "快用完了" in v.problem)
    assert citizen.terminal.parts.cache.tray.left == 20
    assert provision(["papers", "--data", str(citizen.terminal.parts.cache.data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["sheets_left"] == 20
    # nothing left: items that print say so on the home page, all else goes on
    assert provision(["refill", "--data", str(citizen.terminal.parts.cache.data), "0"]) == 0
    citizen.sees(AttractView, lambda v: v.open and "暂停使用" in v.problem)
    assert provision(["refill", "--data", str(citizen.terminal.parts.cache.data), "250"]) == 0
    citizen.sees(AttractView, lambda v: v.problem == "")
