"""What every way shares by which a material is given, or is not: what is owed, and where the citizen goes then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.codes import LetterKind
from kiosk.items.letters import letter_kinds
from kiosk.journey.material_pages import MaterialPages
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.steps.sign import forget_letter

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


def pages_of(journey: Journey, material: str) -> MaterialPages:
    """The pages kept of it so far."""
    return journey.state.pages.get(material, MaterialPages())


def change_pages(journey: Journey, material: str, pages: MaterialPages) -> None:
    """Keep these in the savepoint. A PDF made of others is not what the citizen wants any more. Raises CacheFull."""
    if pages.pages != pages_of(journey, material).pages:
        made = journey.state.materials.pop(material, None)
        if made is not None:
            journey.drop(made.sha256)
    journey.state.pages[material] = pages
    journey.save()


def note(journey: Journey, material: str, has: bool) -> None:
    """Whether the citizen has it today; what is owed changes, and with it the letter that says so. Raises CacheFull."""
    state = journey.state
    if not has and material in state.materials:
        journey.drop(state.materials.pop(material).sha256)
    if has is (material in state.later):
        (state.later.discard if has else state.later.add)(material)
        forget_letter(journey, LetterKind.LATER)


def after(journey: Journey, stop: Stop, change: bool) -> Step:
    """The step after the material of `stop`; with `change` back to the check, or to a letter that is owed now."""
    if not change:
        return journey.after(stop)
    kinds = letter_kinds(journey.item, journey.state.facts, journey.state.later)
    unsigned = [index for index, kind in enumerate(kinds) if kind not in journey.state.signatures]
    return journey.at(Stop("commitment", unsigned[0]) if unsigned else Stop("check"))
