"""A disk that is full, really: the data folder on a small file system of its own, filled to the last byte."""

from __future__ import annotations

import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.journey import intents
from kiosk.journey.views import AttractView, DoneView, FarewellView, HomeView, QuestionView, TroubleView
from tests.journeys.fixtures import OpenTerminal, StartAgent
from tests.journeys.hands import HOUSEHOLD, Citizen
from tests.journeys.town_hall import TownHall


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 160 MB: room for a visit, until somebody fills it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", str(folder)], capture_output=True, timeout=20, check=False
    )
    if mounted.returncode:
        pytest.skip("a file system can only be mounted by root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], timeout=20, check=True)


def fill(folder: Path) -> None:
    """Until not one page more goes in, and what was set aside for the visit under way is used up, too."""
    (folder / "terminal" / "reserve").unlink()
    fill_what_is_free(folder)


def fill_what_is_free(folder: Path) -> None:
    """Until not one page more goes in."""
    handle = os.open(folder / "ballast", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    os.write(handle, bytes(size))
            except OSError as error:
                assert error.errno == errno.ENOSPC
    finally:
        os.close(handle)


def half_a_form(citizen: Citizen) -> None:
    citizen.to_form()
    citizen.confirm_person()
    citizen.page("mobile")


def type_until_it_is_told(citizen: Citizen) -> TroubleView:
    """Answers that grow, so that the log of the database must grow as well."""
    for length in range(20, 80, 4):
        citizen.send(intents.Answer("/data/contact/address", "海湾市" + "路" * length))
        shown = citizen.shown(
            lambda s, length=length: (
                isinstance(s.view, TroubleView)  # type: ignore[misc]
                or (isinstance(s.view, QuestionView) and any(f.value.endswith("路" * length) for f in s.view.fields))
            )
        )
        if isinstance(shown.view, TroubleView):
            return shown.view
    raise AssertionError("the disk was full and nobody was told")


def test_a_full_disk_in_the_middle_of_a_form(
    hall: TownHall,
    small_disk: Path,
    open_terminal: OpenTerminal,
    start_agent: StartAgent,
    caplog: pytest.LogCaptureFixture,
) -> None:
    data, before = hall.enrolled(small_disk / "terminal"), hall.case_ids()
    citizen = open_terminal(data)
    # an earlier citizen's case waits for the network
    citizen.print_household(1)
    citizen.sees(DoneView, lambda v: v.state == "sending")
    citizen.send(intents.LeaveNow())
    citizen.lift_card()
    citizen.sees(AttractView)

    half_a_form(citizen)
    fill(small_disk)
    trouble = type_until_it_is_told(citizen)
    assert trouble.title == "这台机器存满了" and "请到旁边的机器或窗口办理" in trouble.advice
    assert trouble.kept == "已经提交的都在，没有丢。"
    assert "the disk is full" in caplog.text

    # she can go, and nobody meets her data: not on the screen, not by the next touch
    citizen.send(intents.LeaveNow())
    assert citizen.sees(FarewellView).card_present
    citizen.lift_card()
    closed = citizen.sees(AttractView, lambda v: not v.open)
    assert closed.problem.startswith("这台机器暂时不能用")
    assert hall.people[0]["name"] not in repr(citizen.snapshot)
    citizen.send(intents.Start())

    # somebody makes room: it opens by itself, and the earlier case is whole
    (small_disk / "ballast").unlink()
    citizen.sees(AttractView, lambda v: v.open)
    start_agent(data)
    case = hall.new_case(before)
    assert case["case"]["applicant"]["name"] == hall.people[1]["name"] and case["state"] == "10"
    citizen.log_in(3)
    visits = citizen.terminal.parts.cache.store.db.table("visits")
    assert visits.count_where("ended_at is null") == 1, "only the citizen who is here now"


def test_a_disk_that_fills_up_in_a_visit_closes_the_terminal_after_it(
    hall: TownHall, small_disk: Path, open_terminal: OpenTerminal, start_agent: StartAgent
) -> None:
    data, before = hall.enrolled(small_disk / "terminal"), hall.case_ids()
    citizen = open_terminal(data)
    start_agent(data)
    citizen.log_in(1)
    fill_what_is_free(small_disk)
    citizen.print_household_again()
    case = hall.new_case(before)
    assert case["case"]["applicant"]["name"] == hall.people[1]["name"]
    citizen.settled()
    citizen.send(intents.LeaveNow())
    citizen.lift_card()
    closed = citizen.sees(AttractView, lambda v: not v.open)
    assert closed.problem.startswith("这台机器暂时不能用")
    assert "TroubleView" not in citizen.seen
    (small_disk / "ballast").unlink()
    citizen.sees(AttractView, lambda v: v.open)


def test_a_full_disk_when_submitting_keeps_nothing_half(
    hall: TownHall, small_disk: Path, open_terminal: OpenTerminal
) -> None:
    data = hall.enrolled(small_disk / "terminal")
    citizen = open_terminal(data)
    half_a_form(citizen)
    fill(small_disk)
    type_until_it_is_told(citizen)
    citizen.send(intents.Forward())
    citizen.sees(HomeView)
    # reading needs no room: another item's guide opens, but handing it in is not pretended
    citizen.open_item(HOUSEHOLD)
    citizen.send(intents.Forward())
    citizen.sees(TroubleView)
    assert "DoneView" not in citizen.seen
    store = citizen.terminal.parts.cache.store.db
    assert store.table("outbox").count == 0 and store.table("prints").count == 0
    citizen.send(intents.LeaveNow())
    citizen.sees(FarewellView)


def test_a_start_with_a_full_disk_shows_that_it_is_closed(
    hall: TownHall, small_disk: Path, open_terminal: OpenTerminal, caplog: pytest.LogCaptureFixture
) -> None:
    data = hall.enrolled(small_disk / "terminal")
    citizen = open_terminal(data)
    half_a_form(citizen)
    fill(small_disk)
    citizen.terminal.stop()
    citizen.lift_card()
    again = open_terminal(data)
    assert again.sees(AttractView, lambda v: not v.open).problem.startswith("这台机器暂时不能用")
    again.terminal.stop()
    # with room again, the next start ends what was left open
    (small_disk / "ballast").unlink()
    third = open_terminal(data)
    third.sees(AttractView, lambda v: v.open)
    assert "1 visits ended" in caplog.text
