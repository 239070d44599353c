"""The sample city's licence service: certificates of the items it is told, sealed as PDF or OFD."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from contract.cases import Case
from contract.items import ServiceItem
from fleet.certificates import lines_of, shown_holder
from fleet.connectors.interface import SealedDocument, Settings
from fleet.sample_city.seals.keys import DEPARTMENT, YEARS, SampleKeys, sample_keys
from fleet.sample_city.seals.ofd import Line, page_entries, sealed_ofd
from fleet.sample_city.seals.pdf import sealed_pdf
from fleet.sample_city.seals.picture import seal_picture
from fleet.sample_city.seals.ses import make_seal

#: the seal's width in millimetres
SIDE = 38


class SampleDocuments:
    """Settings: `pdf` and `ofd`, task codes of the items whose certificates it makes.

    Its keys are made in `sample-seals` of the data folder when the platform first reads its connectors, and its
    authorities join the trust list in `seal-authorities`.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._pdf, self._ofd = (frozenset(settings.get(kind, [])) for kind in ("pdf", "ofd"))
        self._folder = folder
        if folder.is_dir():  # where connectors.toml is only looked at, nothing is made yet
            self._keys  # noqa: B018

    @cached_property
    def _keys(self) -> SampleKeys:
        return sample_keys(self._folder / "sample-seals", self._folder / "seal-authorities")

    def document(self, case: Case, item: ServiceItem) -> SealedDocument | None:
        """A sealed certificate of what the case says; its number is the case's."""
        if item.result is None or case.task_code not in self._pdf | self._ofd:
            return None
        holder, number = shown_holder(case, item.result)
        now = datetime.now(UTC).replace(microsecond=0)
        serial = f"{item.result.series}-S-{case.case_id.hex[:10].upper()}"
        authority, name = item.dept_name.zh, item.result.name
        lines = lines_of(case, item.result)
        date = f"{now:%Y} 年 {now.month} 月 {now.day} 日"
        if case.task_code in self._pdf:
            said = {"name": name.zh, "number": serial, "holder": holder, "holder_number": number}
            more: dict[str, object] = {"lines": lines, "authority": authority, "date": date}
            content = sealed_pdf({**said, **more}, self._keys, seal_picture(), now)
            return SealedDocument(serial, name, holder, number, authority, now, "application/pdf", content)
        shown = [("姓名（名称）", holder), ("证件号码", number), *lines]
        laid: list[Line] = [(60, 48, 9, name.zh), (130, 62, 4.2, f"编号 {serial}")]
        laid += [(30, 82 + 12 * place, 5, f"{label}：{value}") for place, (label, value) in enumerate(shown)]
        laid += [(110, 212, 5, authority), (110, 220, 5, date), (70, 280, 3.2, "本证明为示例，数据均为虚构")]
        begins, ends = now - timedelta(days=1), now + YEARS / 10
        keys = self._keys
        seal = make_seal(DEPARTMENT, seal_picture(), SIDE, keys.ofd, keys.ofd_authority, begins, ends)
        content = sealed_ofd(page_entries(laid), seal, now)
        return SealedDocument(serial, name, holder, number, authority, now, "application/ofd", content)

    def ready(self) -> None:
        """Nothing to ask."""
