"""IPP as bytes, and what is read out of a printer's attributes. The expected bytes are of RFC 8010's own examples."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import BadAnswer, ConfigError, Refused
from drivers.page_printer import PagePrinter
from drivers.page_printer.capabilities import Capabilities, JobOptions, capabilities_of
from drivers.page_printer.documents import as_pdf, for_printer, pages
from drivers.page_printer.ipp import Operation, Tag, attribute, decode, encode
from drivers.page_printer.reasons import status_of
from drivers.page_printer.supplies import paper_supplies, toner_supplies
from drivers.status import DeviceState, PaperState, Supply, TonerState


def test_a_request_as_rfc_8010_writes_it() -> None:
    """Appendix A.1, Print-Job, as far as we send the same."""
    said = encode(
        Operation.PRINT_JOB,
        [
            attribute(Tag.URI, "printer-uri", "ipp://printer.example.com/ipp/print/pinetree"),
            attribute(Tag.NAME, "job-name", "foobar"),
        ],
        [attribute(Tag.INTEGER, "copies", 20), attribute(Tag.KEYWORD, "sides", "two-sided-long-edge")],
    )
    assert said == (
        b"\x01\x01\x00\x02\x00\x00\x00\x01\x01\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x48\x00\x1battributes-natural-language\x00\x02en"
        b"\x45\x00\x0bprinter-uri\x00\x2cipp://printer.example.com/ipp/print/pinetree"
        b"\x42\x00\x08job-name\x00\x06foobar"
        b"\x02\x21\x00\x06copies\x00\x04\x00\x00\x00\x14"
        b"\x44\x00\x05sides\x00\x13two-sided-long-edge\x03"
    )


@given(
    st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=4),
    st.lists(st.text(max_size=30), min_size=1, max_size=4),
    st.dictionaries(st.text(min_size=1, max_size=9), st.text(max_size=9), max_size=4),
)
def test_what_is_written_is_read(numbers: list[int], words: list[str], members: dict[str, str]) -> None:
    collection = [attribute(Tag.KEYWORD, name, word) for name, word in members.items()]
    said = decode(
        encode(
            Operation.CREATE_JOB,
            [attribute(Tag.TEXT, "words", *words)],
            [attribute(Tag.INTEGER, "numbers", *numbers), attribute(Tag.COLLECTION, "media-col", collection)],
        )
    )
    assert said.group(Tag.OPERATION_GROUP)["words"] == words
    job = said.group(Tag.JOB_GROUP)
    assert job["numbers"] == numbers and job["media-col"] == [{name: [word] for name, word in members.items()}]


@given(st.integers(0, 400))
def test_an_answer_cut_anywhere_is_refused(cut: int) -> None:
    whole = encode(Operation.CREATE_JOB, [], JobOptions(2, "one-sided", "tray-2", "color").attributes())
    with pytest.raises(BadAnswer):
        decode(whole[: min(cut, len(whole) - 1)])


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(BadAnswer):
        capabilities_of(decode(b"\x01\x01\x00\x00\x00\x00\x00\x01\x04" + data).group(Tag.PRINTER_GROUP))


def test_collections_that_never_end_are_refused() -> None:
    member = struct.pack(">BHH", Tag.MEMBER_NAME, 0, 1) + b"m" + struct.pack(">BHH", Tag.COLLECTION, 0, 0)
    with pytest.raises(BadAnswer):
        decode(b"\x01\x01\x00\x00\x00\x00\x00\x01\x04" + struct.pack(">BHcH", 0x34, 1, b"m", 0) + member * 500)


CAN = Capabilities(
    formats=("image/pwg-raster",),
    copies=9,
    sides=("one-sided", "two-sided-long-edge"),
    trays=("main",),
    color_modes=("color",),
    raster_types=("sgray_8", "srgb_8"),
    raster_dpi=(300, 600),
)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (JobOptions(copies=10), "copies-not-supported"),
        (JobOptions(copies=0), "copies-not-supported"),
        (JobOptions(sides="two-sided-short-edge"), "sides-not-supported"),
        (JobOptions(tray="tray-9"), "tray-not-supported"),
        (JobOptions(color_mode="monochrome"), "color-not-supported"),
    ],
)
def test_what_a_printer_cannot_do_is_refused(asked: JobOptions, code: str) -> None:
    with pytest.raises(Refused) as refused:
        asked.check(CAN)
    assert refused.value.code == code
    JobOptions(9, "two-sided-long-edge", "main", "color").check(CAN)
    with pytest.raises(Refused):
        JobOptions(sides="two-sided-long-edge").check(Capabilities())  # unknown is never fine
    JobOptions(sides="one-sided").check(Capabilities())


def test_capabilities_in_the_shapes_printers_use() -> None:
    said = {
        "copies-supported": [(1, 99)],
        "sides-supported": ["one-sided"],
        "pwg-raster-document-resolution-supported": [(300, 300, 3), (600, 300, 3)],
        "operations-supported": [2, 5, 6, 11],
        "media-source-supported": ["main", b"odd"],
    }
    can = capabilities_of(said)
    assert (can.copies, can.sides, can.raster_dpi, can.trays) == (99, ("one-sided",), (300,), ("main",))
    assert can.creates_jobs and not capabilities_of({"operations-supported": [2, 11]}).creates_jobs


def test_a_page_as_raster_and_documents_of_other_kinds() -> None:
    pdf = as_pdf("甲乙丙 invented text\n".encode())
    assert pages(pdf) == 1
    for color, space in (("", 18), ("color", 19)):  # sGray, sRGB (PWG 5102.4 table 3)
        raster, kind = for_printer(pdf, CAN, color)
        assert kind == "image/pwg-raster" and raster.startswith(b"RaS2PwgRaster\0")
        width, height = struct.unpack(">II", raster[4 + 372 : 4 + 380])
        assert (width, height, *struct.unpack(">I", raster[4 + 400 : 4 + 404])) == (2480, 3508, space)
    assert for_printer(pdf, Capabilities())[1] == "application/pdf"
    with pytest.raises(Refused) as refused:
        for_printer(pdf, Capabilities(formats=("application/vnd.hp-PCL",)))
    assert refused.value.code == "format-not-supported"
    for nothing in (b"", b"\0\1\2", b"\xff\xfe\xfd"):
        with pytest.raises(Refused):
            as_pdf(nothing)


MARKERS = {
    "marker-names": ["Black Toner", "Waste", "Fuser"],
    "marker-types": ["toner", "waste-toner", "fuser"],
    "marker-levels": [12, 95, 3],
    "marker-low-levels": [10, 90, 2],
}


def test_levels_of_markers() -> None:
    assert toner_supplies(MARKERS, {}) == (Supply("Black Toner", 12, 10), Supply("Waste", 5), Supply("Fuser", 3, 2))
    assert toner_supplies(MARKERS, {"toner": 15, "waste": 8})[:2] == (
        Supply("Black Toner", 12, 15),
        Supply("Waste", 5, 8),
    )
    for unknown in (-1, -2, -3):
        assert toner_supplies(MARKERS | {"marker-levels": [unknown] * 3}, {"toner": 15})[0] == Supply(
            "Black Toner", None, 15
        )


def test_levels_of_the_printer_mib() -> None:
    said = {
        "printer-supply": [
            b"type=toner;class=supplyThatIsConsumed;unit=impressions;maxcapacity=2000;level=500;colorantname=black;",
            b"type=ink;class=supplyThatIsConsumed;unit=percent;maxcapacity=-2;level=40;colorantname=cyan;",
            b"nonsense",
        ],
        "printer-input-tray": [
            b"type=sheetFeedAutoRemovableTray;maxcapacity=250;level=25;name=main;",
            b"type=sheetFeedAutoRemovableTray;maxcapacity=-2;level=-3;name=second;",
            b"type=sheetFeedManual;maxcapacity=1;level=0;name=manual;",
        ],
    }
    assert toner_supplies(said, {"toner": 30}) == (
        Supply("black toner", 25, 30),
        Supply("cyan ink", 40, 30),
        Supply("supply 3"),
    )
    assert paper_supplies(said, {"paper": 12}) == (Supply("paper main", 10, 12), Supply("paper second", None, 12))
    assert paper_supplies(said, {}, "second") == (Supply("paper second"),)


def test_a_level_warns_and_the_printer_decides() -> None:
    toner, paper = (Supply("Black Toner", 9, 10),), (Supply("paper main", 5, 10),)
    low = status_of(3, ["none"], True, toner, paper)
    assert (low.toner, low.paper, low.detail, low.usable) == (TonerState.LOW, PaperState.LOW, "toner-low", True)
    unknown = status_of(3, ["none"], True, (Supply("Black Toner"),), (Supply("paper main"),))
    assert unknown.usable and unknown.detail == ""  # the reasons decide where no level is told
    waste = status_of(3, ["none"], True, (Supply("Waste Toner", 5, 10),))
    assert waste.toner is TonerState.FULL
    # the tray in use is empty though another is not, and the other way round
    assert status_of(3, ["none"], True, (), (Supply("paper main", 0),), "main").paper is PaperState.OUT
    assert status_of(3, ["media-empty-report"], True, (), (Supply("paper main", 80),), "main").usable
    assert not status_of(3, ["media-empty-error"], True, (), (Supply("paper main", 80),), "main").usable


@pytest.mark.parametrize(
    ("state", "reason", "device", "detail"),
    [
        (5, "input-media-tray-jam-error", DeviceState.HARDWARE_ERROR, "jam"),
        (5, "bander-cover-open-error", DeviceState.USER_ERROR, "cover-open"),
        (5, "marker-toner-cartridge-empty-error", DeviceState.ONLINE, "toner-out"),
        (3, "marker-ink-almost-empty-report", DeviceState.ONLINE, "toner-low"),
        (5, "input-manual-input-request-error", DeviceState.ONLINE, "paper-out"),
        (5, "output-area-full-warning", DeviceState.HARDWARE_ERROR, "output-area-full"),
        (3, "hold-new-jobs-report", DeviceState.DEVICE_BUSY, "hold-new-jobs"),
        (5, "power-down-report", DeviceState.POWER_OFF, "power-down"),
        (3, "scanner-media-jam-error", DeviceState.ONLINE, ""),
        (3, "standby-report", DeviceState.ONLINE, ""),
        (3, "vendor-thing-warning", DeviceState.ONLINE, ""),
        (3, "vendor-thing-error", DeviceState.HARDWARE_ERROR, "vendor-thing"),
    ],
)
def test_more_reasons(state: int, reason: str, device: DeviceState, detail: str) -> None:
    status = status_of(state, [reason])
    assert (status.device, status.detail) == (device, detail)


@pytest.mark.parametrize("uri", ["", "lpd://host/x", "ipp://", "ipp://[::1", "ipp://host:99999/x", "host"])
def test_a_wrong_uri_is_refused_at_once(uri: str) -> None:
    with pytest.raises(ConfigError):
        PagePrinter(uri=uri)


def test_a_waste_tank_is_told_by_the_room_left_in_it() -> None:
    """RFC 3805: of a receptacle the level is the remaining space; CUPS's marker-levels are how full it is."""
    row = b"index=1;class=receptacleThatIsFilled;type=wasteToner;unit=percent;maxcapacity=100;level=5;"
    assert toner_supplies({"printer-supply": [row]}, {"waste": 8})[0].level == 5
    full = {"marker-names": ["Waste"], "marker-types": ["waste-toner"], "marker-levels": [95]}
    assert toner_supplies(full, {"waste": 8})[0].level == 5
