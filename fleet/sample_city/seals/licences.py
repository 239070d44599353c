"""The sample city's electronic licences: a JSON file of invented ones, sealed as PDF or OFD when first asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

import fleet.sample_city
from contract.model import Message
from fleet.connectors.interface import Licence, Settings
from fleet.data_folder import kept_private
from fleet.office_time import OFFICE_TIME
from fleet.sample_city.seals.keys import DEPARTMENT, YEARS, SampleKeys, sample_keys
from fleet.sample_city.seals.ofd import Line, page_entries, sealed_ofd
from fleet.sample_city.seals.pdf import sealed_pdf
from fleet.sample_city.seals.picture import seal_picture
from fleet.sample_city.seals.ses import make_seal

_OWN = Path(next(iter(fleet.sample_city.__path__))) / "licences.json"
#: the seal's width in millimetres
_SIDE = 38


class _Entry(Message):
    """One of the file."""

    kind: str
    name: str
    number: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{4,40}$")]
    holder: str
    holder_number: str
    authority: str
    issued_on: date
    valid_until: date | None = None
    lines: list[tuple[str, str]] = []
    format: Literal["pdf", "ofd"]


_ENTRIES = TypeAdapter(list[_Entry])


class SampleLicences:
    """Settings: `licences`, path of the file; the sample city's own where it is left out.

    Sealed with the keys in `sample-seals` of the data folder, where the files are kept, too: their hashes must not
    change between being told and being fetched.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        path = folder / settings["licences"] if "licences" in settings else _OWN
        try:
            entries = _ENTRIES.validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise ValueError(f"{path} is not a list of licences: {type(error).__name__}") from None
        self._entries = {entry.number: entry for entry in entries}
        self._folder = folder
        if folder.is_dir():  # where connectors.toml is only looked at, nothing is made yet
            self._keys  # noqa: B018

    def licences(self, number: str, kinds: Collection[str]) -> list[Licence]:
        """Of the file."""
        return [
            self._told(entry)
            for entry in self._entries.values()
            if entry.holder_number == number and entry.kind in kinds
        ]

    def file(self, number: str, licence_id: str) -> bytes:
        """As it was sealed the first time. Raises KeyError for one that this holder does not have."""
        entry = self._entries[licence_id]
        if entry.holder_number != number:
            raise KeyError("licence")
        return kept_private(self._kept / f"{entry.number}.{entry.format}", lambda: self._sealed(entry))

    def ready(self) -> None:
        """Nothing to ask."""

    @property
    def _kept(self) -> Path:
        folder = self._folder / "sample-seals" / "licences"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    @cached_property
    def _keys(self) -> SampleKeys:
        return sample_keys(self._folder / "sample-seals", self._folder / "seal-authorities")

    def _told(self, entry: _Entry) -> Licence:
        content = self.file(entry.holder_number, entry.number)
        return Licence(
            id=entry.number,
            kind=entry.kind,
            name=entry.name,
            number=entry.number,
            holder=entry.holder,
            holder_number=entry.holder_number,
            authority=entry.authority,
            issued_on=entry.issued_on,
            valid_until=entry.valid_until,
            media_type="application/pdf" if entry.format == "pdf" else "application/ofd",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
        )

    def _sealed(self, entry: _Entry) -> bytes:
        now = datetime.now(OFFICE_TIME).replace(microsecond=0)
        lines = [*entry.lines, ("有效期至", _day(entry.valid_until) if entry.valid_until else "长期")]
        if entry.format == "pdf":
            said: dict[str, object] = {
                "name": entry.name,
                "number": entry.number,
                "holder": entry.holder,
                "holder_number": entry.holder_number,
                "lines": lines,
                "authority": entry.authority,
                "date": _day(entry.issued_on),
            }
            return sealed_pdf(said, self._keys, seal_picture(), now)
        shown = [("姓名（名称）", entry.holder), ("证件号码", entry.holder_number), *lines]
        laid: list[Line] = [(60, 48, 9, entry.name), (130, 62, 4.2, f"编号 {entry.number}")]
        laid += [(30, 82 + 12 * place, 5, f"{label}：{value}") for place, (label, value) in enumerate(shown)]
        laid += [(110, 212, 5, entry.authority), (110, 220, 5, _day(entry.issued_on))]
        laid += [(70, 280, 3.2, "本证照为示例，数据均为虚构")]
        keys, begins, ends = self._keys, now - timedelta(days=1), now + YEARS / 10
        seal = make_seal(DEPARTMENT, seal_picture(), _SIDE, keys.ofd, keys.ofd_authority, begins, ends)
        return sealed_ofd(page_entries(laid), seal, now)


def _day(day: date) -> str:
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
