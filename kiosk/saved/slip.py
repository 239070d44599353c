"""存取凭条: what the receipt printer prints when something is saved to be finished later. Chinese, as receipts are."""

from __future__ import annotations

from datetime import datetime

from contract.saved_codes import QUERY, written
from contract.saving import SavedApplication
from drivers.receipt_printer.document import Feed, Field, Heading, Line, Qr, Receipt, Rule, Text
from kiosk.identity import masked_number
from kiosk.words import say
from offline_cache.settings import Settings


def address(page: str, code: str) -> str:
    """What the QR code says: the phone's page with the code."""
    return f"{page}{QUERY}{code}"


def slip(
    saved: SavedApplication, number: str, code: str, page: str, expires_at: datetime, settings: Settings
) -> Receipt:
    """The slip for whom has this ID number. It names nobody: with the code, a name would be worth stealing."""
    lines: list[Line] = [
        Heading(say("slip.title")),
        Text(settings.hall.zh),
        Rule(),
        Field(say("slip.item"), saved.item_name.zh),
        Field(say("slip.holder"), masked_number(number)),
        Field(say("slip.saved"), f"{saved.saved_at.astimezone():%Y-%m-%d %H:%M}"),
        Field(say("slip.until"), f"{expires_at.astimezone():%Y-%m-%d %H:%M}"),
        Rule(),
        Text(say("slip.code")),
        Heading(written(code)),
        Qr(address(page, code)),
        Text(say("slip.how")),
        Text(say("slip.left"), bold=True),
        *(Text(f"{place}. {words.zh}") for place, words in enumerate(saved.to_do, 1)),
        Rule(),
        Text(say("slip.not_submitted")),
        Text(say("slip.keep", phone=settings.phone)),
        Feed(1),
    ]
    return Receipt(tuple(lines))
