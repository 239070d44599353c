"""What stands around every page: the hall, the step line, for whom the citizen acts, and the two buttons."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kiosk.journey.frame import Chrome, Step
from kiosk.journey.route import parts
from kiosk.journey.views import View
from kiosk.words import say

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


def chrome(journey: Journey, view: View) -> Chrome:
    """The frame of the page that shows `view` now."""
    back, forward, enabled = journey.step.buttons()
    settings, language = journey.parts.settings, journey.language
    return Chrome(
        hall=settings.hall.in_language(language),
        terminal=say("chrome.terminal", language, label=settings.label),
        freshness=_freshness(journey),
        acting=_acting(journey),
        language=language,
        care=journey.care,
        network=journey.network,  # type: ignore[arg-type]
        step=_step_line(journey),
        back=say(back, language) if back else "",
        forward=say(forward, language) if forward else "",
        forward_enabled=enabled,
        saves=journey.may_save,
        aloud=journey.speech.offered(view.spoken),
    )


def _step_line(journey: Journey) -> Step | None:
    part = journey.step.part
    if not part or not journey.state.item:
        return None
    names = parts(journey.item, journey.state.facts)
    if len(names) == 1:
        return None
    number = names.index(part) + 1 if part in names else len(names)
    return Step(number, len(names), say(f"step.{names[number - 1]}", journey.language))


def _freshness(journey: Journey) -> str:
    if journey.release is None:
        return ""
    published = journey.release.about.published_at.astimezone()
    if published.date() == datetime.now().astimezone().date():
        return say("chrome.fresh_today", journey.language, time=f"{published:%H:%M}")
    return say("chrome.fresh_day", journey.language, month=published.month, day=published.day)


def _acting(journey: Journey) -> str:
    """For whom and with whom, for everybody who stands at the terminal to see."""
    state, language, said = journey.state, journey.language, []
    if state.principal is not None:
        said.append(say("chrome.acting_agent", language, name=state.principal.name))
    if state.company is not None:
        said.append(say("chrome.acting_company", language, name=state.company.name))
    if state.helper is not None:
        said.append(say("chrome.acting_helper", language, name=state.helper.name))
    return " · ".join(said)
