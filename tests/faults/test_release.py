"""Releases that are missing, forged, or do not load: the old one stays and the terminal goes on serving."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Timestamp

from demo.programs import Failed, run, until
from demo.town import CITY
from drivers.status import MediaState
from kiosk.journey import intents
from kiosk.journey.views import AttractView, GuideView, HomeView, TroubleView
from tests.journeys.fixtures import OpenTerminal
from tests.journeys.hands import ELDERLY, INSURANCE, Citizen
from tests.journeys.town_hall import TownHall


def fetch(hall: TownHall, data: Path) -> str:
    """What a technician sees who fetches the release by hand."""
    return run("offline_cache.sync", "--data", str(data), "--once", log=hall.town.commands)


def test_without_a_release_the_terminal_is_closed_and_opens_when_one_comes(
    hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path
) -> None:
    data = hall.enrolled(tmp_path / "terminal")
    (data / "releases").rename(data / "releases-later")
    citizen = open_terminal(data)
    closed = citizen.sees(AttractView, lambda v: not v.open)
    assert closed.problem == "还没有收到办事内容，请稍后再来，或到窗口办理。"
    citizen.send(intents.Start())
    citizen.lay_card()
    reader = citizen.terminal.parts.devices.id_card
    assert reader is not None
    until("the card to be read", 30, lambda: reader.status.media is MediaState.PRESENT)
    citizen.send(intents.Start(), intents.SetLanguage("en"))
    english = citizen.sees(AttractView, lambda v: "not arrived yet" in v.problem)
    assert not english.open
    assert citizen.seen == ["AttractView"]
    citizen.lift_card()
    until("the card to be seen gone", 30, lambda: reader.status.media is MediaState.NOT_PRESENT)
    citizen.send(intents.SetLanguage("zh"))
    citizen.sees(AttractView, lambda v: "还没有收到" in v.problem)
    (data / "releases-later").rename(data / "releases")
    citizen.sees(AttractView, lambda v: v.open)
    citizen.log_in()


def still_serves(citizen: Citizen) -> None:
    citizen.log_in()
    assert citizen.open_item(INSURANCE).title == INSURANCE
    citizen.send(intents.LeaveNow())
    citizen.lift_card()
    citizen.sees(AttractView)


def test_forged_and_damaged_releases_are_refused_and_the_old_one_serves(
    hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path
) -> None:
    data = hall.enrolled(tmp_path / "terminal")
    releases = hall.town.fleet_data / "releases"
    timestamp = releases / "metadata" / "timestamp.json"
    genuine = timestamp.read_bytes()
    try:
        # somebody else's signature over a newer timestamp
        forged = Metadata[Timestamp].from_bytes(genuine)
        forged.signed.version += 1
        forged.sign(CryptoSigner.generate_ed25519())
        timestamp.write_bytes(forged.to_bytes())
        with pytest.raises(Failed, match="UnsignedMetadataError"):
            fetch(hall, data)
    finally:
        timestamp.write_bytes(genuine)

    # the operators' next release, changed on its way, as a patch and by itself
    changes = ["--data", str(hall.town.fleet_data)]
    run("fleet", "import", *changes, str(CITY / "city.xlsx"), log=hall.town.commands)
    approvals = ["--approved-by", "示例科室甲", "--approved-by", "示例管理办乙"]
    run("fleet", "release", *changes, *approvals, log=hall.town.commands)
    newest = max(releases.glob("targets/*.release.json"), key=lambda path: json.loads(path.read_bytes())["version"])
    whole = {path: path.read_bytes() for path in (newest, *releases.glob("targets/patches/*.zst"))}
    assert len(whole) > 1
    try:
        for path, content in whole.items():
            path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        with pytest.raises(Failed, match=r"RepositoryError|LengthOrHashMismatch"):
            fetch(hall, data)
    finally:
        for path, content in whole.items():
            path.write_bytes(content)
    assert (data / "releases" / "current").readlink() == Path("1")
    assert not (data / "releases" / "part").exists()
    citizen = open_terminal(data)
    still_serves(citizen)

    # whole again, it is taken: never under a citizen, at once when nobody is there
    home = citizen.log_in()
    assert fetch(hall, data).strip() == "release 2"
    journey_release = citizen.terminal.parts.cache.data / "releases" / "current"
    assert journey_release.readlink() == Path("2") and home == citizen.sees(HomeView)
    citizen.send(intents.LeaveNow())
    citizen.lift_card()
    citizen.sees(AttractView)
    still_serves(citizen)


def test_a_form_that_does_not_load_closes_its_item_only(
    hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = hall.enrolled(tmp_path / "terminal")
    [form] = (data / "releases" / "1").glob("*/flexible_employment.xml")
    form.write_bytes(form.read_bytes().replace(b"regex(", b"no-such-function("))
    citizen = open_terminal(data)
    citizen.log_in()
    citizen.open_item(INSURANCE)
    citizen.send(intents.Forward())
    citizen.choose("local")
    trouble = citizen.sees(TroubleView)
    assert trouble.title == "这件事暂时办不了" and "000-5550100" in trouble.advice and "没有提交" in trouble.kept
    assert "the form flexible_employment does not load" in caplog.text
    citizen.send(intents.Forward())
    citizen.sees(HomeView)
    citizen.open_item(ELDERLY)
    citizen.send(intents.Forward())
    citizen.choose("family")
    citizen.scan()
    citizen.scan()
    citizen.confirm_person()
    citizen.page("senior_name")


def test_a_form_that_is_missing_is_told_the_same_way(
    hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = hall.enrolled(tmp_path / "terminal")
    [form] = (data / "releases" / "1").glob("*/flexible_employment.xml")
    form.unlink()
    citizen = open_terminal(data)
    citizen.log_in()
    citizen.open_item(INSURANCE)
    citizen.send(intents.Forward())
    citizen.choose("local")
    citizen.sees(TroubleView)
    assert "flexible_employment.xml is missing" in caplog.text
    citizen.send(intents.Forward())
    assert isinstance(citizen.sees(HomeView), HomeView)
    assert citizen.open_item(ELDERLY) == citizen.sees(GuideView)
