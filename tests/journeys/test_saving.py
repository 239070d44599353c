"""Saved at one terminal, finished at another or at the same; and everything that must not open."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from contract.saved_codes import LENGTH, new_code, read_code, written
from demo.programs import until
from kiosk.journey import intents
from kiosk.journey.views import (
    AttractView,
    CheckView,
    FarewellView,
    HomeView,
    QuestionView,
    SavedView,
    ScanView,
    TroubleView,
)
from tests.faults.traces import Traces
from tests.journeys.fixtures import OpenTerminal, StartAgent
from tests.journeys.hands import Citizen, printed_receipts
from tests.journeys.town_hall import TownHall, traces

MOBILE, BASE = "13800000026", "5017"
Another = Callable[[str], Citizen]


@pytest.fixture
def another(hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path) -> Another:
    """A terminal with a data folder of its own, at the same devices: only one is open at a time."""
    before: list[Citizen] = []

    def open_it(name: str) -> Citizen:
        if before:
            before[-1].terminal.stop()
        hall.devices.id_card.tell("lift")
        before.append(open_terminal(hall.enrolled(tmp_path / name)))
        return before[-1]

    return open_it


def save(citizen: Citizen) -> str:
    """Touch "save for later", wait for code and slip, and go; the code."""
    citizen.send(intents.SaveForLater())
    saved = citizen.sees(SavedView, lambda v: v.state == "saved" and v.papers[0].state == "printed")
    code = read_code(saved.code)
    assert len(code) == LENGTH and saved.address.endswith(f"/saved?c={code}")
    citizen.finish()
    return code


def half_filled(citizen: Citizen) -> None:
    """The insurance form up to its third page."""
    citizen.to_form()
    citizen.confirm_person()
    citizen.fill(mobile=MOBILE)
    citizen.page("kind")


def type_code(citizen: Citizen, text: str) -> None:
    """From the home page."""
    citizen.sees(HomeView, lambda v: any(row[0] == "continue_saved" for row in v.with_others))
    citizen.send(intents.ContinueSaved())
    citizen.page_of("code")
    citizen.send(intents.Answer("code", text), intents.Forward())


def refused(citizen: Citizen) -> str:
    """Why the code opens nothing."""
    page = citizen.sees(QuestionView, lambda v: any(f.path == "code" and f.error for f in v.fields))
    return page.fields[0].error


def once_more(citizen: Citizen, text: str) -> str:
    """Another code on the same page, and why that opens nothing."""
    citizen.send(intents.Answer("code", text))
    citizen.sees(QuestionView, lambda v: v.fields[0].value == text and not v.fields[0].error)
    citizen.send(intents.Forward())
    return refused(citizen)


def value(page: QuestionView, name: str) -> str:
    return next(field.value for field in page.fields if field.path.endswith(f"/{name}"))


def finish_insurance(citizen: Citizen) -> None:
    """What is left of the form from its third page on, papers, signature, and submitting."""
    citizen.fill(kind="both", start="next_month")
    citizen.fill(base=BASE)
    citizen.scan()
    citizen.sign()
    citizen.sees(CheckView)
    citizen.send(intents.Forward())


def test_saved_at_one_terminal_and_finished_at_another(
    hall: TownHall, another: Another, start_agent: StartAgent, caplog: pytest.LogCaptureFixture
) -> None:
    before, slips = hall.case_ids(), len(printed_receipts(hall))
    first = another("first")
    half_filled(first)
    code = save(first)
    slip = printed_receipts(hall)[slips]
    for said in ("存取凭条", written(code), "灵活就业人员参保登记", "拍摄", "还没有提交"):
        assert said in slip
    assert hall.people[0]["name"] not in slip and hall.people[0]["number"] not in slip
    data = first.terminal.parts.cache.data
    first.terminal.stop()

    second = another("second")
    start_agent(second.terminal.parts.cache.data)
    second.log_in()
    type_code(second, f" {written(code).lower()} ")
    page = second.page("kind")
    assert not value(page, "kind"), "the form stands where it was left"
    second.send(intents.Back())
    assert value(second.page("mobile"), "mobile") == MOBILE
    second.send(intents.Forward())
    finish_insurance(second)
    second.settled()
    case = hall.new_case(before)
    answers = {row["path"].rpartition("/")[2]: row["value"] for row in case["case"]["answers"]}
    assert (answers["mobile"], answers["base"], answers["number"]) == (MOBILE, BASE, hall.people[0]["number"])
    sealed = hall.platform_database("select count(*) from saved_applications where sealed is not null")
    assert sealed == [(0,)], "what was finished is shredded"
    second.finish()

    second.log_in()
    type_code(second, code)
    assert "已经提交过" in refused(second)
    second.terminal.stop()
    for folder in (data, second.terminal.parts.cache.data):
        assert not list(traces(folder, hall.people[0]["name"], MOBILE, code, written(code)))
    for secret in (code, written(code), MOBILE, hall.people[0]["number"]):
        assert secret not in caplog.text


def test_the_platform_can_read_nothing_of_it(hall: TownHall, another: Another) -> None:
    citizen = another("sealed")
    half_filled(citizen)
    code = save(citizen)
    searched = Traces()
    searched.know_person(hall.people[0])
    searched.know("mobile", MOBILE)
    searched.know_code(code)
    searched.know_code(written(code))
    searched.know("the form", '"mobile"')
    platform = hall.town.fleet_data
    # cases of other tests are no secret of this one: only what is in the table of saved applications is looked at
    ((sealed, holder, lookup),) = hall.platform_database(
        "select hex(sealed), holder, lookup_sha256 from saved_applications order by saved_at desc limit 1"
    )
    looked = hall.town.out / "saved.bin"
    looked.write_bytes(bytes.fromhex(sealed) + holder.encode() + lookup.encode())
    logs = [path for path in platform.rglob("*.log") if path.is_file()]
    assert not searched.found([looked]) and logs
    for path in logs:
        text = path.read_text("utf-8", "replace")
        assert code not in text and written(code) not in text


def test_the_slip_s_square_code_is_scanned(hall: TownHall, another: Another) -> None:
    citizen = another("scanned")
    half_filled(citizen)
    code = save(citizen)
    citizen.log_in()
    citizen.send(intents.ContinueSaved())
    citizen.page_of("code")
    citizen.show_code(f"https://localhost/saved?c={code}")
    citizen.page("kind")


def test_papers_and_signature_are_made_again(hall: TownHall, another: Another) -> None:
    citizen = another("check")
    citizen.to_check()
    citizen.send(intents.Leave())
    assert citizen.shown(lambda s: s.notice is not None).notice.saves  # type: ignore[union-attr]
    code = save(citizen)
    citizen.log_in()
    type_code(citizen, code)
    citizen.sees(ScanView)
    citizen.scan()
    citizen.sign()
    assert any(row.value == "5000" for row in citizen.sees(CheckView).answers)


def test_one_goes_on_after_saving_and_the_code_stays(hall: TownHall, another: Another) -> None:
    citizen = another("again")
    half_filled(citizen)
    citizen.send(intents.SaveForLater())
    first = citizen.sees(SavedView, lambda v: v.state == "saved" and v.papers[0].state == "printed").code
    citizen.send(intents.Back())
    citizen.page("kind")
    citizen.fill(kind="both", start="next_month")
    citizen.page("base")
    code = save(citizen)
    assert written(code) == first
    citizen.log_in()
    type_code(citizen, code)
    citizen.page("base")


def test_what_opens_nothing_is_told_why(hall: TownHall, another: Another) -> None:
    citizen = another("refusals")
    half_filled(citizen)
    code = save(citizen)
    citizen.log_in(1)
    type_code(citizen, code)
    assert "别人存的" in refused(citizen)
    misread = code[:3] + ("A" if code[3] != "A" else "B") + code[4:]
    assert "写得不对" in once_more(citizen, misread)
    for _ in range(3):
        assert "没有找到" in once_more(citizen, new_code())
    assert re.search(r"请等 \d+ 秒", once_more(citizen, code))
    citizen.send(intents.Back())
    citizen.sees(HomeView)


def test_one_that_ran_out(hall: TownHall, another: Another) -> None:
    citizen = another("expired")
    half_filled(citizen)
    code = save(citizen)
    hall.platform_database("update saved_applications set expires_at = datetime('now', '-1 hour') || '.000000'")
    citizen.log_in()
    type_code(citizen, code)
    assert "保留的日子" in refused(citizen)


def test_without_a_network_nothing_is_lost(hall: TownHall, another: Another) -> None:
    citizen = another("offline")
    half_filled(citizen)
    hall.cable.cut()
    citizen.send(intents.SaveForLater())
    told = citizen.sees(SavedView, lambda v: v.state == "failed")
    assert "连不上网" in told.problem and not told.code
    citizen.send(intents.Back())
    citizen.page("kind")
    hall.cable.restore()
    code = save(citizen)
    hall.cable.cut()
    citizen.log_in()
    type_code(citizen, code)
    assert "连不上网" in refused(citizen)
    hall.cable.restore()
    citizen.send(intents.Forward())
    citizen.page("kind")


def test_without_paper_the_screen_has_the_code(hall: TownHall, another: Another) -> None:
    citizen = another("no paper")
    half_filled(citizen)
    hall.devices.receipt_printer.tell("fault paper-out")
    citizen.send(intents.SaveForLater())
    told = citizen.sees(SavedView, lambda v: v.state == "saved" and v.papers[0].state == "failed")
    assert "拍下来" in told.papers[0].line and len(read_code(told.code)) == LENGTH


def release_folder(citizen: Citizen) -> Path:
    return citizen.terminal.parts.cache.data / "releases" / "current"


def test_a_form_that_has_changed_is_looked_through(hall: TownHall, another: Another) -> None:
    citizen = another("old form")
    half_filled(citizen)
    code = save(citizen)
    newer = another("new form")
    forms = [path for path in release_folder(newer).resolve().glob("*/*.xml") if "/mobile" in path.read_text("utf-8")]
    form = next(path for path in forms if "next_month" in path.read_text("utf-8"))
    text = form.read_text("utf-8")
    renamed = text.replace("/mobile", "/cellphone").replace("<mobile", "<cellphone")
    assert renamed != text
    form.chmod(0o644)
    form.write_text(renamed, "utf-8")
    newer.log_in()
    type_code(newer, code)
    assert "改过" in newer.sees(TroubleView).title
    newer.send(intents.Forward())
    newer.confirm_person()
    assert not value(newer.page("cellphone"), "cellphone")


def test_an_item_that_is_gone_is_told(
    hall: TownHall, another: Another, open_terminal: OpenTerminal, tmp_path: Path
) -> None:
    citizen = another("old city")
    half_filled(citizen)
    code = save(citizen)
    citizen.terminal.stop()
    folder = hall.enrolled(tmp_path / "new city")
    for items in (folder / "releases" / "current").resolve().glob("*/items.json"):
        items.chmod(0o644)
        items.write_text(items.read_text("utf-8").replace('"task_code":"', '"task_code":"X'), "utf-8")
    newer = open_terminal(folder)
    newer.log_in()
    type_code(newer, code)
    assert "办不了" in newer.sees(TroubleView).title


def test_nobody_is_left_at_the_screen(hall: TownHall, another: Another) -> None:
    citizen = another("leaving")
    half_filled(citizen)
    citizen.send(intents.SaveForLater())
    citizen.sees(SavedView, lambda v: v.state == "saved" and v.papers[0].state == "printed")
    citizen.send(intents.LeaveNow())
    citizen.sees(FarewellView)
    citizen.lift_card()
    citizen.sees(AttractView)
    assert citizen.terminal.parts.cache.data.exists()
    until("the visit to be over", 10, lambda: not list(citizen.terminal.parts.cache.store.db.table("drafts").rows))
