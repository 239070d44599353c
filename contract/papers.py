"""What a terminal can read from a scanned paper, and what a form may therefore be filled with."""

from __future__ import annotations

from collections.abc import Collection

from contract.codes import PaperRead

#: The fields of each paper; those of a form are the item's own.
FIELDS: dict[PaperRead, tuple[str, ...]] = {
    PaperRead.ID_CARD: (
        "name", "sex", "ethnicity", "birth", "address", "number", "authority", "valid_from", "valid_until",
    ),
    PaperRead.BUSINESS_LICENCE: ("code", "name", "type", "representative", "capital", "founded", "address"),
    PaperRead.HOUSEHOLD_PAGE: ("name", "relation", "sex", "ethnicity", "birth", "number"),
    PaperRead.CERTIFICATE: ("title", "number", "holder", "issued", "valid_until"),
    PaperRead.FORM: (),
}  # fmt: skip


def source(material_id: str, field: str) -> str:
    """The name by which a form's `bianmin:from` asks for a field of a scanned material."""
    return f"paper/{material_id}/{field}"


def sources(material_id: str, reads: PaperRead, own: Collection[str] = ()) -> list[str]:
    """Everything a form may ask of a material; `own` are the fields of a form of the office's."""
    return [source(material_id, field) for field in (*FIELDS[reads], *own)]
