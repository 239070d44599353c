"""What a paper says: from the lines OCR found to the fields of the paper that was asked for, or that it is another."""

from kiosk.documents.reading.material import Understood, understand
from kiosk.documents.reading.papers import (
    BusinessLicence,
    Certificate,
    Field,
    HouseholdPage,
    IdCardBack,
    IdCardFront,
    Paper,
    PaperKind,
    Reading,
)
from kiosk.documents.reading.read import read_paper

__all__ = [
    "BusinessLicence",
    "Certificate",
    "Field",
    "HouseholdPage",
    "IdCardBack",
    "IdCardFront",
    "Paper",
    "PaperKind",
    "Reading",
    "Understood",
    "read_paper",
    "understand",
]
