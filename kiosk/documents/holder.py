"""Whether a certificate is this visit's: nobody gets another person's paper, whoever mixed them up."""

from __future__ import annotations

import unicodedata

from contract.cases import Case
from contract.holders import holder_of, same_number
from contract.items import Result

#: The dots that stand between the parts of a name, which programs write differently.
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅．.", "·"))


def belongs(holder: str, number: str, case: Case, result: Result) -> bool:
    """Whether name and number (whole or masked with *) are of the one whom a certificate of this item is for."""
    name, whole = holder_of(case, result)
    return same_name(holder, name) and same_number(number, whole)


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same, spaces and the shape of dots apart."""
    return bool(_plain(one)) and _plain(one) == _plain(other)


def names_holder(text: str, holder: str) -> bool:
    """Whether a document's text names the holder; a document without any text cannot, and is not asked."""
    return not text or _plain(holder) in _plain(text)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFC", name).translate(_DOTS).split())
