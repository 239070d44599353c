"""The five outcomes (受理, 当场更正, 补齐补正, 容缺受理, 不予受理), each a numbered document (文书)."""

from __future__ import annotations

from datetime import datetime

from contract.codes import Outcome
from contract.model import Message


class OwedPaper(Message):
    """A paper that is still to come: what is wrong with it, or that it is missing."""

    material_id: str
    name: str
    reason: str


class Notice(Message):
    """The document of one outcome, as the office issued it; `number` is its 文书编号.

    `paragraphs` are its words in Chinese, whole: what the paper says is said here. `owed` is everything that is
    asked for, at once (一次性告知), until `owed_by`. Where it is not accepted, `reason` says why, `where` where to go.
    """

    outcome: Outcome
    number: str
    title: str
    case_number: str
    item_name: str
    addressee: str
    masked_number: str
    paragraphs: list[str]
    owed: list[OwedPaper] = []
    owed_by: datetime | None = None
    reason: str = ""
    where: str = ""
    authority: str
    issued_at: datetime

    def __repr__(self) -> str:
        return f"Notice({self.number})"

    __str__ = __repr__
