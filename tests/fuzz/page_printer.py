"""A printer's IPP answer, and everything that is read out of it: capabilities, levels, reasons."""

from __future__ import annotations

import struct

from drivers.errors import BadAnswer, Refused
from drivers.page_printer.capabilities import JobOptions, capabilities_of
from drivers.page_printer.direct import job_state
from drivers.page_printer.ipp import Operation, Tag, attribute, decode, encode
from drivers.page_printer.reasons import status_of
from drivers.page_printer.supplies import paper_supplies, toner_supplies

DECLARED = (BadAnswer, Refused)


def one_input(data: bytes) -> None:
    answer = decode(data)
    job = answer.group(Tag.JOB_GROUP)
    if "job-state" in job:
        job_state(job)
    said = answer.group(Tag.PRINTER_GROUP)
    toner = toner_supplies(said, {"toner": 15, "waste": 10})
    paper = paper_supplies(said, {"paper": 10}, "main" if len(data) % 2 else "")
    assert all(supply.level is None or 0 <= supply.level <= 100 for supply in (*toner, *paper))
    reasons = [reason for reason in said.get("printer-state-reasons", ()) if isinstance(reason, str)]
    for state in (3, 4, 5):
        status = status_of(state, reasons, True, toner, paper, "main" if len(data) % 2 else "")
        assert status.usable or status.detail
    JobOptions(copies=2, sides="two-sided-long-edge").check(capabilities_of(said))


def _answer(*attributes: bytes) -> bytes:
    head = struct.pack(">BBHI", 2, 0, 0, 1)
    return head + b"\x04" + b"".join(attributes) + b"\x03"


def _value(tag: int, name: str, data: bytes) -> bytes:
    return struct.pack(">BH", tag, len(name)) + name.encode() + struct.pack(">H", len(data)) + data


SEEDS: list[bytes] = [
    encode(Operation.GET_PRINTER_ATTRIBUTES, [attribute(Tag.KEYWORD, "requested-attributes", "all")]),
    encode(Operation.CREATE_JOB, [], JobOptions(2, "one-sided", "main", "color").attributes()),
    _answer(
        _value(0x23, "printer-state", struct.pack(">i", 5)),
        _value(0x44, "printer-state-reasons", b"media-empty-report"),
        _value(0x44, "", b"marker-supply-low-warning"),
        _value(0x42, "marker-names", b"black toner"),
        _value(0x44, "marker-types", b"toner"),
        _value(0x21, "marker-levels", struct.pack(">i", 12)),
        _value(0x21, "marker-low-levels", struct.pack(">i", 10)),
        _value(0x33, "copies-supported", struct.pack(">ii", 1, 99)),
        _value(0x44, "sides-supported", b"two-sided-long-edge"),
    ),
    _answer(
        _value(0x30, "printer-supply", b"index=1;class=receptacleThatIsFilled;type=wasteToner;unit=percent;level=25;"),
        _value(0x30, "", b"type=toner;unit=tenThousandthsOfInches;maxcapacity=2000;level=300;colorantname=black"),
        _value(0x30, "printer-input-tray", b"type=sheetFeedAutoRemovableTray;maxcapacity=250;level=-3;name=main;"),
        _value(0x32, "pwg-raster-document-resolution-supported", struct.pack(">iib", 300, 300, 3)),
        _value(0x12, "printer-geo-location", b""),
        _value(0x36, "printer-name", b"\x00\x02en\x00\x02A4"),
        _value(0x34, "media-col-default", b"")
        + _value(0x4A, "", b"media-source")
        + _value(0x44, "", b"main")
        + _value(0x37, "", b""),
    ),
    struct.pack(">BBHI", 1, 1, 0, 1) + b"\x02" + _value(0x23, "job-state", struct.pack(">i", 9)) + b"\x03",
]
