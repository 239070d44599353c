"""The papers that can be read, and their fields. A field that is not sure is None: nothing is guessed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Literal

from kiosk.documents.page_text import TextLine


class PaperKind(StrEnum):
    """Which paper is asked for."""

    ID_CARD_FRONT = "id-card-front"
    ID_CARD_BACK = "id-card-back"
    BUSINESS_LICENCE = "business-licence"
    HOUSEHOLD_PAGE = "household-page"
    CERTIFICATE = "certificate"


@dataclass(frozen=True)
class Field:
    """What stands in one field. Dates are ISO 8601. `confidence` is the recogniser's, of the worst line of it.

    `verified` says that a check digit of the number itself was reckoned and is right.
    """

    value: str = field(repr=False)
    confidence: float
    verified: bool = False
    #: Where it stands on the page as it is read, to show it beside the proposal.
    lines: tuple[TextLine, ...] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True)
class IdCardFront:
    """The portrait side of a 居民身份证 (GA 448)."""

    name: Field | None
    sex: Field | None
    ethnicity: Field | None
    birth: Field | None
    address: Field | None
    number: Field | None


@dataclass(frozen=True)
class IdCardBack:
    """The emblem side. `valid_until` of a card for life is 长期."""

    authority: Field | None
    valid_from: Field | None
    valid_until: Field | None


@dataclass(frozen=True)
class BusinessLicence:
    """A 营业执照. `code` is the 统一社会信用代码."""

    code: Field | None
    name: Field | None
    type: Field | None
    representative: Field | None
    capital: Field | None
    founded: Field | None
    address: Field | None


@dataclass(frozen=True)
class HouseholdPage:
    """A 常住人口登记卡 of a household register."""

    name: Field | None
    relation: Field | None
    sex: Field | None
    ethnicity: Field | None
    birth: Field | None
    number: Field | None


@dataclass(frozen=True)
class Certificate:
    """Any certificate."""

    title: Field | None
    number: Field | None
    holder: Field | None
    issued: Field | None
    valid_until: Field | None


Paper = IdCardFront | IdCardBack | BusinessLicence | HouseholdPage | Certificate


@dataclass(frozen=True)
class Reading:
    """A paper's fields, or why the page is not taken for the paper asked for.

    `unlike` is "" for a page that looks like it, "other-side" (of an ID card), "another-paper", or "no-text".
    """

    kind: PaperKind
    paper: Paper | None
    unlike: Literal["", "other-side", "another-paper", "no-text"] = ""

    def as_json(self) -> dict[str, Any]:
        """For a command's answer."""
        fields = asdict(self.paper) if self.paper else {}
        for value in fields.values():
            if value is not None:
                del value["lines"]
        return {"kind": self.kind, "unlike": self.unlike, "fields": fields}
