"""Sealed documents for tests, made by the sample city's own code, which knows nothing of the terminal's reading."""

from __future__ import annotations

import functools
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fleet.sample_city.seals.keys import DEPARTMENT, SampleKeys, sample_keys
from fleet.sample_city.seals.ofd import Line, page_entries, sealed_ofd
from fleet.sample_city.seals.pdf import plain_pdf, seal_pdf
from fleet.sample_city.seals.picture import seal_picture
from fleet.sample_city.seals.ses import OfdSeal, make_seal
from kiosk.documents.seals.trust import TrustList

NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)
LINES: list[Line] = [(60, 48, 9, "住房公积金缴存证明"), (30, 82, 5, "姓名：王示例"), (30, 94, 5, "3702**********002X")]
CONTENT: dict[str, object] = {
    "name": "住房公积金缴存证明",
    "number": "GJ-S-1",
    "holder": "王示例",
    "holder_number": "3702**********002X",
    "lines": [["缴存基数", "4500 元"]],
    "authority": "海湾市住房公积金管理中心（示例）",
    "date": "2026 年 11 月 28 日",
}


@dataclass(frozen=True)
class City:
    """A city's keys, what trusts them, and the seal its department sets on OFDs."""

    keys: SampleKeys
    trust: TrustList
    seal: OfdSeal


@functools.cache
def city(name: str = "first") -> City:
    """Of each name another city, whose keys nobody else trusts."""
    keys = sample_keys(Path(tempfile.mkdtemp()))
    trust = TrustList((keys.pdf_authority,), (keys.ofd_authority.certificate,))
    return City(keys, trust, seal_of(keys))


def seal_of(keys: SampleKeys, begins: datetime = NOW - DAY, ends: datetime = NOW + DAY) -> OfdSeal:
    return make_seal(DEPARTMENT, seal_picture(), 38, keys.ofd, keys.ofd_authority, begins, ends)


@functools.cache
def good_pdf() -> bytes:
    return seal_pdf(plain_pdf(CONTENT, NOW), city().keys, seal_picture())


@functools.cache
def good_ofd() -> bytes:
    return sealed_ofd(page_entries(LINES), city().seal, NOW)
