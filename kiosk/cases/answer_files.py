"""Pictures that answer a question: their names stand in the form's answers, their bytes travel as materials."""

from __future__ import annotations

from collections.abc import Iterable

from contract.cases import MaterialSent

#: what the name of such a file begins with; no material of an item has this id
_PREFIX = "answer-"


def file_name(digest: str, ending: str) -> str:
    """The name of a file, from the hash of its bytes: the same picture has the same name."""
    return f"{_PREFIX}{digest[:16]}.{ending}"


def is_file(name: str) -> bool:
    """Whether a material is the answer to a question."""
    return name.startswith(_PREFIX)


def sent(materials: Iterable[MaterialSent], answers: Iterable[str]) -> list[MaterialSent]:
    """The materials that are handed in: a picture whose question is not asked any more stays out."""
    named = set(answers)
    return [each for each in materials if not is_file(each.material_id) or each.material_id in named]
