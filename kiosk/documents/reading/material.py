"""What the pages of a material say: answers to offer in the form, and what does not fit the material or the visit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields

from contract.codes import PaperDoubt, PaperRead
from contract.identity import Company, Person
from contract.items import Material
from kiosk.documents.holder import same_name, same_number
from kiosk.documents.page_text import PageText
from kiosk.documents.reading.papers import Field, Paper, PaperKind
from kiosk.documents.reading.read import read_form, read_paper

_KINDS = {
    PaperRead.BUSINESS_LICENCE: PaperKind.BUSINESS_LICENCE,
    PaperRead.HOUSEHOLD_PAGE: PaperKind.HOUSEHOLD_PAGE,
    PaperRead.CERTIFICATE: PaperKind.CERTIFICATE,
}
_CARD = (PaperKind.ID_CARD_FRONT, PaperKind.ID_CARD_BACK)
_UNLIKE = {
    "other-side": PaperDoubt.OTHER_SIDE,
    "another-paper": PaperDoubt.ANOTHER_PAPER,
    "no-text": PaperDoubt.NO_TEXT,
}
Found = Mapping[str, Field]


@dataclass(frozen=True)
class Understood:
    """Values by the names of `contract.papers`, and doubts with the place (0…) of the page each is about."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    doubts: tuple[tuple[int, PaperDoubt], ...] = ()


def understand(
    material: Material, texts: Sequence[PageText | None], applicant: Person, company: Company | None
) -> Understood:
    """What the pages of `material` say; None stands for a page nobody has read, which is never doubted.

    Both sides of an ID card are judged each; of any other paper the first page that looks like it counts, and only
    where none does it is doubted.
    """
    if material.reads is None:
        return Understood()
    read = list(_read(material, texts))
    found: dict[str, Field] = {}
    doubts = []
    for place, page in read:
        if isinstance(page, PaperDoubt):
            doubts.append((place, page))
        else:
            found |= page
            if material.of_applicant:
                doubts += [(place, doubt) for doubt in _differences(material.reads, page, applicant, company)]
    return Understood({name: value.value for name, value in found.items()}, tuple(doubts))


def _read(material: Material, texts: Sequence[PageText | None]) -> Iterator[tuple[int, Found | PaperDoubt]]:
    if material.reads is PaperRead.ID_CARD:
        for place, (kind, text) in enumerate(zip(_CARD, texts, strict=False)):
            if text is not None:
                yield place, _as(kind, text)
        return
    pages = [(place, _page(material, text)) for place, text in enumerate(texts) if text is not None]
    alike = next(((place, page) for place, page in pages if not isinstance(page, PaperDoubt)), None)
    if alike is not None:
        yield alike
    elif pages and len(pages) == len(texts):
        yield pages[0]


def _page(material: Material, text: PageText) -> Found | PaperDoubt:
    if material.reads in _KINDS:
        return _as(_KINDS[material.reads], text)
    if not text.lines:
        return PaperDoubt.NO_TEXT
    found = read_form(material.labels, text)
    return PaperDoubt.ANOTHER_PAPER if found is None else found


def _as(kind: PaperKind, text: PageText) -> Found | PaperDoubt:
    reading = read_paper(kind, text)
    return _fields(reading.paper) if reading.paper is not None else _UNLIKE[reading.unlike]


def _fields(paper: Paper) -> Found:
    """Those that are sure."""
    named = {each.name: getattr(paper, each.name) for each in fields(paper)}
    return {name: value for name, value in named.items() if value is not None}


def _differences(reads: PaperRead, paper: Found, applicant: Person, company: Company | None) -> Iterator[PaperDoubt]:
    said = {name: value.value for name, value in paper.items()}
    if reads is PaperRead.BUSINESS_LICENCE and company is not None:
        if "code" in said:
            agrees = same_number(said["code"], company.uscc)
        else:
            agrees = "name" not in said or same_name(said["name"], company.name)
        if not agrees:
            yield PaperDoubt.COMPANY_DIFFERS
        return
    number = said.get("number", "") if reads in (PaperRead.ID_CARD, PaperRead.HOUSEHOLD_PAGE) else ""
    if number:
        # a rare character of the name may be misread where the number, whose check digit is right, agrees
        if not same_number(number, applicant.number):
            yield PaperDoubt.NUMBER_DIFFERS
        return
    key = {PaperRead.BUSINESS_LICENCE: "representative", PaperRead.CERTIFICATE: "holder"}.get(reads, "name")
    names = [applicant.name, *([company.name] if company is not None else [])]
    if key in said and not any(same_name(said[key], name) for name in names):
        yield PaperDoubt.NAME_DIFFERS
