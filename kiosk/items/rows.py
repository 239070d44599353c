"""Items in lists: one line each, and a badge that says whether it can be done here now."""

from __future__ import annotations

from collections.abc import Iterable

from contract.codes import ProjectType
from contract.items import ServiceItem
from kiosk.journey.views import ItemRow
from kiosk.words import say


def item_row(item: ServiceItem, language: str, printable: bool = True) -> ItemRow:
    """The row of an item; `printable` is False while the printer its result needs cannot print."""
    if not item.at_terminal:
        return ItemRow(
            item.task_code,
            item.name.in_language(language),
            item.dept_name.in_language(language),
            say("items.guide_only", language),
            "plain",
        )
    fee = "items.charged" if item.guide.fee.charged else "items.free"
    instant = item.project_type is ProjectType.INSTANT
    when = say("items.instant", language) if instant else say("items.days", language, days=item.guide.promise_days)
    line = " · ".join([say("items.minutes", language, minutes=item.minutes), when, say(fee, language)])
    if item.result and not printable:
        return ItemRow(
            item.task_code,
            item.name.in_language(language),
            say("items.printer_out_line", language),
            say("items.printer_out", language),
            "care",
        )
    return ItemRow(item.task_code, item.name.in_language(language), line, say("items.available", language), "good")


def popular_rows(items: Iterable[ServiceItem], language: str, printable: bool) -> tuple[ItemRow, ...]:
    """The three most asked for, in the release's order."""
    ranked = sorted((item for item in items if item.popular_rank), key=lambda item: item.popular_rank)
    return tuple(item_row(item, language, printable) for item in ranked[:3])
