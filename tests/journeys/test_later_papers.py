"""容缺受理: a paper is not there today; a promise is read to its end and signed, and the office accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.proof import pdf_text
from kiosk.journey import intents
from kiosk.journey.views import CheckView, CommitmentView, DoneView, ScanView, SignView
from tests.journeys.fixtures import OpenTerminal
from tests.journeys.hands import STROKES, Citizen, paper, printed_pages, printed_receipts
from tests.journeys.town_hall import TownHall

VETERAN, PAPER = "退役军人优待证申领", "退出现役证件"


def to_letter(citizen: Citizen) -> CommitmentView:
    citizen.log_in()
    citizen.open_item(VETERAN)
    citizen.send(intents.Forward())
    assert citizen.sees(ScanView).without == "今天没带，以后补交"
    citizen.send(intents.WithoutPaper())
    return citizen.sees(CommitmentView)


def test_accepted_with_a_paper_to_follow(citizen: Citizen, hall: TownHall) -> None:
    before = hall.case_ids()
    letter = to_letter(citizen)
    assert letter.title == "容缺受理承诺书" and letter.owed == ((PAPER, "受理后 10 个工作日内"),)
    # not before its end has been seen
    assert not citizen.snapshot.chrome.forward_enabled  # type: ignore[union-attr]
    citizen.send(intents.Forward(), intents.ReadToEnd())
    citizen.shown(lambda s: isinstance(s.view, CommitmentView) and s.view.read and s.chrome.forward_enabled)
    citizen.send(intents.Forward())
    citizen.sees(SignView)
    citizen.send(intents.Sign(STROKES), intents.Forward())
    rows = {row.label: row.value for row in citizen.sees(CheckView).papers}
    assert rows[PAPER] == "以后补交" and rows["容缺受理承诺书"].startswith("已签名")
    citizen.send(intents.Forward())
    done = citizen.settled("owing")
    assert done.title == "已容缺受理" and paper(done, "notice")[0] == "printed"
    case = hall.new_case(before)
    notice = case["answer"]["notice"]
    assert case["state"] == "05" and [each["name"] for each in notice["owed"]] == [PAPER]
    # a reader of PDFs sees a space between figures and characters
    pages = [pdf_text(path).replace(" ", "") for path in printed_pages(hall)]
    [page] = [text for text in pages if notice["number"] in text]
    assert "容缺受理通知书" in page and PAPER in page and "王示例" in page
    receipt = next(text for text in printed_receipts(hall) if case["case_number"] in text)
    assert notice["number"] in receipt and PAPER in receipt
    citizen.finish()


def test_the_paper_is_found_after_all(citizen: Citizen, hall: TownHall) -> None:
    before = hall.case_ids()
    to_letter(citizen)
    citizen.send(intents.ReadToEnd(), intents.Forward())
    citizen.sees(SignView)
    citizen.send(intents.Sign(STROKES), intents.Forward())
    check = citizen.sees(CheckView)
    citizen.send(intents.Change(next(row.change for row in check.papers if row.label == PAPER)))
    citizen.scan()
    # nothing is owed any more, so nothing is promised any more
    check = citizen.sees(CheckView, lambda v: all("承诺书" not in row.label for row in v.papers))
    assert check.strokes == ()
    citizen.send(intents.Forward())
    citizen.settled("accepted")
    case = hall.new_case(before)
    assert case["case"]["signatures"] == [] and case["case"]["owed"] == []
    assert [part["material_id"] for part in case["case"]["materials"]] == ["discharge_paper"]
    assert len(case["materials"]) == 1
    assert case["answer"]["notice"]["title"] == "受理通知书"
    citizen.sees(DoneView)
    citizen.finish()


def test_what_cannot_be_signed_is_not_promised(
    hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = hall.enrolled(tmp_path / "terminal")
    citizen = open_terminal(data)
    to_letter(citizen)
    key = data / "pki" / "device.key"
    key.rename(data / "pki" / "away")
    citizen.send(intents.ReadToEnd(), intents.Forward())
    citizen.sees(SignView)
    citizen.send(intents.Sign(STROKES), intents.Forward())
    assert "还没有生效" in citizen.sees(SignView, lambda v: v.problem != "").problem
    assert "a letter could not be signed: no-key" in caplog.text
    # nothing is lost: once it is there again, the same hand counts
    (data / "pki" / "away").rename(key)
    citizen.send(intents.Forward())
    assert citizen.sees(CheckView).strokes
