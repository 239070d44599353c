"""A fault counts once while it lasts, ends when the device says so, and unknown is never the end of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from drivers.fault_log import FaultBegan, FaultEnded, FaultLog
from drivers.status import DeviceState, DeviceStatus, PaperState, Supply, TonerState

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FINE = DeviceStatus(DeviceState.ONLINE, paper=PaperState.FULL, toner=TonerState.FULL, cover_open=False)
EMPTY = DeviceStatus(DeviceState.ONLINE, "paper-out", paper=PaperState.OUT, toner=TonerState.FULL, cover_open=False)
SILENT = DeviceStatus(DeviceState.OFFLINE, "no-answer", paper=PaperState.UNKNOWN, toner=TonerState.UNKNOWN)


def changes(log: FaultLog, *statuses: DeviceStatus) -> list[str]:
    said = []
    for minute, status in enumerate(statuses):
        for change in log.take({"page_printer": status}, NOON + timedelta(minutes=minute)):
            said.append(("+" if isinstance(change, FaultBegan) else "-") + change.fault.code)
    return said


def test_a_fault_that_lasts_counts_once() -> None:
    log = FaultLog()
    assert changes(log, FINE, EMPTY, EMPTY, EMPTY, FINE, EMPTY) == ["+paper-out", "-paper-out", "+paper-out"]
    assert log.count("page_printer", "paper-out") == 2
    assert [fault.since for fault in log.open] == [NOON + timedelta(minutes=5)]


def test_silence_ends_no_fault() -> None:
    log = FaultLog()
    assert changes(log, EMPTY, SILENT, SILENT) == ["+paper-out", "+no-answer"]
    assert changes(log, EMPTY) == ["-no-answer"]
    assert changes(log, FINE) == ["-paper-out"]
    assert log.open == ()


def test_a_starting_device_says_nothing() -> None:
    log = FaultLog()
    assert changes(log, SILENT, DeviceStatus(DeviceState.STARTING), SILENT) == ["+no-answer"]


def test_two_parts_are_two_faults() -> None:
    log = FaultLog()
    both = DeviceStatus(
        DeviceState.USER_ERROR, "cover-open", paper=PaperState.OUT, toner=TonerState.LOW, cover_open=True
    )
    assert changes(log, both, FINE) == [
        "+paper-out", "+toner-low", "+cover-open", "-paper-out", "-toner-low", "-cover-open",
    ]  # fmt: skip
    assert {log.count("page_printer", code) for code in ("paper-out", "toner-low", "cover-open")} == {1}


def test_a_consumable_under_its_threshold_is_a_warning() -> None:
    log = FaultLog()
    low = DeviceStatus(DeviceState.ONLINE, supplies=(Supply("black", 9, 15),))
    unknown = DeviceStatus(DeviceState.ONLINE, supplies=(Supply("black", None, 15),))
    full = DeviceStatus(DeviceState.ONLINE, supplies=(Supply("black", 90, 15),))
    assert changes(log, low, unknown, full) == ["+supply-low", "-supply-low"]
    (began,) = log.take({"page_printer": low})
    assert isinstance(began, FaultBegan) and began.fault.severity == "warning"


def test_a_device_the_terminal_does_not_have_is_no_fault() -> None:
    assert changes(FaultLog(), DeviceStatus(DeviceState.NO_DEVICE, "not-declared")) == []


STATUSES = st.builds(
    DeviceStatus,
    device=st.sampled_from(DeviceState),
    detail=st.sampled_from(["", "no-answer", "jam", "paper-out"]),
    paper=st.none() | st.sampled_from(PaperState),
    toner=st.none() | st.sampled_from(TonerState),
    cover_open=st.none() | st.booleans(),
)


@given(st.lists(STATUSES, max_size=30))
def test_what_began_ends_once_or_is_open(statuses: list[DeviceStatus]) -> None:
    log, lasting = FaultLog(), dict[tuple[str, str], str]()
    for status in statuses:
        for change in log.take({"d": status}):
            key = (change.fault.part, change.fault.code)
            if isinstance(change, FaultEnded):
                lasting.pop(key)
            else:
                assert key not in lasting
                lasting[key] = change.fault.code
        # taking the same snapshot again changes nothing
        assert log.take({"d": status}) == []
    assert {(fault.part, fault.code) for fault in log.open} == set(lasting)
