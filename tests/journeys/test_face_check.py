"""The face on the card against the one before the camera: a yes, a no, no answer; nothing of a picture is left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contract.codes import Assurance
from kiosk.identity.face import check
from kiosk.journey import intents
from kiosk.journey.views import DoneView, FaceView, HomeView, LoginView, QuestionView, SituationView
from tests.journeys.fixtures import OpenTerminal
from tests.journeys.hands import Citizen
from tests.journeys.town_hall import TownHall, traces

PENSION = "领取养老金资格认证"


def asks_for_face(data: Path) -> Path:
    """A site whose ID cards open a visit only with the face on them."""
    path = data / "terminal.toml"
    path.write_text(re.sub(r"(?m)^face_at_login = .*$", "face_at_login = true", path.read_text("utf-8")), "utf-8")
    return data


@pytest.fixture
def citizen_of_strict_site(hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path) -> Citizen:
    return open_terminal(asks_for_face(hall.enrolled(tmp_path / "terminal")))


def to_pension(citizen: Citizen) -> None:
    """The item that must be sure: at its face check, with the card that was read before."""
    citizen.open_item(PENSION)
    citizen.send(intents.Forward())


def test_a_step_up_by_face_goes_on_where_it_was(citizen: Citizen, hall: TownHall) -> None:
    before = hall.case_ids()
    citizen.log_in()
    to_pension(citizen)
    looking = citizen.sees(FaceView)
    assert "照片不保存" in looking.promise
    after = citizen.face("wang")
    assert isinstance(after, DoneView | QuestionView | SituationView), after
    assert "LoginView" not in citizen.seen[citizen.seen.index("FaceView") :]
    if isinstance(after, DoneView):
        citizen.settled()
        assert hall.new_case(before)["case"]["assurance"] == Assurance.HIGH
    assert citizen.previews and all(preview.jpeg[:2] == b"\xff\xd8" for preview in citizen.previews)
    assert not list(traces(hall.data, hall.people[0]["name"], hall.people[0]["number"]))


@pytest.fixture(autouse=True)
def busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A judgement takes as long as it takes here; the limit has a test of its own."""
    monkeypatch.setattr(check, "LIMIT", 80.0)


def test_another_face_is_refused_and_waits_grow(citizen: Citizen, caplog: pytest.LogCaptureFixture) -> None:
    attempts, number = citizen.terminal.parts.cache.attempts, citizen.hall.people[0]["number"]
    attempts.succeeded("face", number)
    citizen.log_in()
    to_pension(citizen)
    citizen.sees(FaceView)
    over = citizen.face("li")
    assert isinstance(over, FaceView) and "对不上" in over.problem
    assert "face check: refused" in caplog.text
    # once more, and then not before a while
    citizen.send(intents.Forward())
    citizen.sees(FaceView, lambda v: v.state != "over")
    again = citizen.face("chen")
    assert isinstance(again, FaceView) and "对不上" in again.problem
    assert attempts.wait("face", number) > 0
    citizen.send(intents.Back())
    # other ways: the platform's, which can be as sure
    login = citizen.sees(LoginView)
    assert {tile.id for tile in login.ways} == {"citizen_code", "phone"}
    attempts.succeeded("face", number)


def test_a_still_photograph_is_never_enough(citizen_of_strict_site: Citizen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "LIMIT", 10.0)
    citizen = citizen_of_strict_site
    citizen.walk_up()
    citizen.devices.face_camera.tell("face wang look")
    citizen.lay_card()
    over = citizen.sees(FaceView, lambda v: v.state == "over", seconds=90)
    assert "不怪您" in over.problem
    citizen.send(intents.Back())
    assert citizen.sees(LoginView).ways
    assert "HomeView" not in citizen.seen


def test_at_a_strict_site_the_face_opens_the_visit(citizen_of_strict_site: Citizen) -> None:
    citizen = citizen_of_strict_site
    citizen.walk_up()
    citizen.lay_card(1)
    citizen.sees(FaceView)
    assert isinstance(citizen.face("li"), HomeView)


def test_without_a_picture_on_the_card_another_way_is_needed(citizen_of_strict_site: Citizen, hall: TownHall) -> None:
    citizen = citizen_of_strict_site
    citizen.walk_up()
    citizen.lay_card(1, photo="")
    login = citizen.sees(LoginView, lambda v: v.problem != "")
    assert "没有读到照片" in login.problem
    citizen.choose_way("citizen_code")
    citizen.show_code(hall.town.citizen_code(hall.people[1]["number"]))
    citizen.sees(HomeView)


def test_a_camera_that_goes_says_so_and_another_way_is_open(citizen: Citizen) -> None:
    citizen.log_in()
    citizen.devices.face_camera.tell("fault drop")
    to_pension(citizen)
    gone = citizen.sees(FaceView, lambda v: v.state == "gone")
    assert "正在自动重连" in gone.problem
    # it comes back by itself
    citizen.devices.face_camera.tell("fault none")
    citizen.sees(FaceView, lambda v: v.state == "looking")
    citizen.send(intents.Back())
    citizen.sees(LoginView)
