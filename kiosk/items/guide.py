"""办事指南 as a page: plain words first, the formal wording one tap away, from one source."""

from __future__ import annotations

from typing import Literal

from contract.codes import MaterialNeed, ProjectType
from contract.items import Material, MaterialWay, ServiceItem
from kiosk.items.materials import materials_for
from kiosk.journey.views import GuideView, MaterialRow
from kiosk.words import say


def guide_view(item: ServiceItem, theme: str, tab: Literal["plain", "formal"], language: str) -> GuideView:
    """The guide of `item`, whose theme is called `theme`."""
    guide = item.guide
    instant = item.project_type is ProjectType.INSTANT
    time = say("guide.instant", language) if instant else say("guide.days", language, days=guide.promise_days)
    fee = guide.fee.standard if guide.fee.charged else say("guide.free", language)
    agent = say("guide.agent_yes" if item.agent_allowed else "guide.agent_no", language)
    return GuideView(
        place=f"{theme} · {item.dept_name.in_language(language)}",
        title=item.name.in_language(language),
        tab=tab,
        paragraphs=(guide.plain.in_language(language),) if tab == "plain" else _formal(item, language),
        facts=(
            (say("guide.time", language), time),
            (say("guide.cost", language), fee),
            (say("guide.agent", language), agent),
        ),
        materials=tuple(_row(material, language) for material in materials_for(item, {})),
    )


def _formal(item: ServiceItem, language: str) -> tuple[str, ...]:
    guide = item.guide
    parts = (
        ("condition", guide.condition),
        ("flow", guide.flow),
        ("law", guide.law),
        ("legal_days", str(guide.legal_days) if guide.legal_days else ""),
        ("place", guide.place),
        ("hours", guide.hours),
        ("consult", guide.consult),
        ("supervise", guide.supervise),
        ("code", item.task_code),
    )
    return tuple(f"{say(f'guide.{key}', language)}  {text}" for key, text in parts if text)


def _row(material: Material, language: str) -> MaterialRow:
    name = material.name.in_language(language)
    notes = material.notes.in_language(language) if material.notes else ""
    if material.way is MaterialWay.SCAN:
        key = "guide.scan_later" if material.need is MaterialNeed.LATER else "guide.scan_now"
        return MaterialRow(name, notes, say(key, language), "plain")
    key = "guide.have" if material.way is MaterialWay.CARD else "guide.shared"
    return MaterialRow(name, notes, say(key, language), "good")
