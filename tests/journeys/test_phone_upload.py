"""A paper from the citizen's phone: through the real platform to the terminal, checked, looked at and handed in."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing

import pikepdf
import pytest
import requests
from PIL import Image

from demo.programs import until
from kiosk.journey import intents
from kiosk.journey.source_views import PhoneUploadView
from kiosk.journey.views import CheckView, CommitmentView, ScanView
from tests.journeys.hands import Citizen
from tests.journeys.town_hall import TownHall


def picture(colour: str = "white") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (600, 800), colour).save(data, "PNG")
    return data.getvalue()


def pdf(pages: int = 2, script: bool = False) -> bytes:
    data = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        if script:
            action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
            document.Root.OpenAction = action
        document.save(data)
    return data.getvalue()


def to_code(citizen: Citizen) -> PhoneUploadView:
    citizen.to_scan()
    citizen.sees(ScanView, lambda v: v.from_phone and v.state == "searching")
    citizen.send(intents.FromPhone())
    return citizen.sees(PhoneUploadView, lambda v: v.state == "waiting")


def phone(hall: TownHall, code: str, *files: bytes) -> str:
    ca = str(hall.town.fleet_data / "pki" / "ca.crt")
    with requests.Session() as browser:
        browser.trust_env, browser.verify = False, ca
        page = browser.get(code, timeout=20)
        assert "就业创业证" in page.text
        if not files:
            return page.text
        return browser.post(code, files=[("files", ("x", content)) for content in files], timeout=20).text


def left(hall: TownHall) -> int:
    with closing(sqlite3.connect(hall.town.fleet_data / "fleet.db", timeout=20)) as database:
        return int(database.execute("select count(*) from phone_files").fetchone()[0])


def test_pictures_and_a_pdf_become_the_material(
    citizen: Citizen, hall: TownHall, caplog: pytest.LogCaptureFixture
) -> None:
    shown = to_code(citizen)
    assert 500 < shown.seconds <= 600 and "/upload?k=" in shown.code
    phone(hall, shown.code)
    citizen.sees(PhoneUploadView, lambda v: v.state == "opened")
    assert "传好了，3 个" in phone(hall, shown.code, picture("red"), pdf(), picture("blue"))
    pages = citizen.sees(ScanView)
    assert (pages.state, pages.pages, pages.problem) == ("taken", 4, "")
    assert len(pages.strip) == 4 and all(tile.startswith(b"\xff\xd8") for tile in pages.strip)
    citizen.send(intents.MovePage(-2), intents.Forward())
    citizen.sees(CommitmentView)
    citizen.sign()
    assert [row.value for row in citizen.sees(CheckView).papers if row.label == "就业创业证"] == ["4 页"]
    until("the platform to keep nothing of it", 10, lambda: left(hall) == 0)
    assert shown.code.partition("=")[2] not in caplog.text
    before = hall.case_ids()
    citizen.send(intents.Forward())
    citizen.settled()
    material = next(m for m in hall.new_case(before)["case"]["materials"] if m["material_id"] == "employment_card")
    assert (material["pages"], material["media_type"]) == (4, "application/pdf")


def test_what_is_dangerous_is_told_and_the_rest_is_kept(citizen: Citizen, hall: TownHall) -> None:
    first = to_code(citizen)
    phone(hall, first.code, pdf(script=True), b"%PDF-1.7 nothing")
    over = citizen.sees(PhoneUploadView, lambda v: v.state == "over")
    assert "第 1 个文件没有收：PDF 里有程序" in over.problem and "第 2 个文件没有收：打不开" in over.problem
    assert over.code == ""
    until("the platform to keep nothing of it", 10, lambda: left(hall) == 0)
    citizen.send(intents.Forward())
    second = citizen.sees(PhoneUploadView, lambda v: v.state == "waiting")
    assert second.code != first.code
    phone(hall, second.code, pdf(script=True), picture())
    pages = citizen.sees(ScanView)
    assert (pages.state, pages.pages) == ("taken", 1) and "第 1 个文件没有收" in pages.problem
    citizen.send(intents.TurnPage())
    citizen.sees(ScanView, lambda v: v.problem == "")


def test_back_ends_the_code(citizen: Citizen, hall: TownHall) -> None:
    shown = to_code(citizen)
    citizen.send(intents.Back())
    citizen.sees(ScanView, lambda v: v.state == "searching")
    citizen.send(intents.FromPhone())
    citizen.sees(PhoneUploadView, lambda v: v.state == "waiting" and v.code != shown.code)
    ca = str(hall.town.fleet_data / "pki" / "ca.crt")
    said = requests.post(shown.code, files=[("files", ("x", picture()))], verify=ca, timeout=20)
    assert said.status_code == 410 and "没有传" in said.text


def test_without_a_network_the_desk_still_works(citizen: Citizen, hall: TownHall) -> None:
    citizen.to_scan()
    citizen.sees(ScanView, lambda v: v.state == "searching")
    hall.cable.cut()
    citizen.send(intents.FromPhone())
    assert "网络不通" in citizen.sees(PhoneUploadView, lambda v: v.state == "over").problem
    citizen.send(intents.Back())
    citizen.scan()
    citizen.sees(CommitmentView)
