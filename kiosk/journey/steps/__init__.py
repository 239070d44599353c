"""The steps, one a file, and the one table that names them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kiosk.journey.step import Step

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


def _table() -> dict[str, type[Step]]:
    from kiosk.journey.steps.attract import Attract
    from kiosk.journey.steps.check import Check
    from kiosk.journey.steps.code_login import CodeLogin
    from kiosk.journey.steps.commitment import ReadCommitment
    from kiosk.journey.steps.done import Done
    from kiosk.journey.steps.farewell import Farewell
    from kiosk.journey.steps.guide import Guide
    from kiosk.journey.steps.home import Home
    from kiosk.journey.steps.items import Items
    from kiosk.journey.steps.login import Login
    from kiosk.journey.steps.question import AskForm
    from kiosk.journey.steps.scan import ScanMaterial
    from kiosk.journey.steps.sign import SignByHand
    from kiosk.journey.steps.situation import AskSituation
    from kiosk.journey.steps.trouble import Trouble

    return {
        "attract": Attract,
        "login": Login,
        "code_login": CodeLogin,
        "home": Home,
        "items": Items,
        "guide": Guide,
        "situation": AskSituation,
        "form": AskForm,
        "scan": ScanMaterial,
        "commitment": ReadCommitment,
        "sign": SignByHand,
        "check": Check,
        "done": Done,
        "farewell": Farewell,
        "trouble": Trouble,
    }


def make(journey: Journey, name: str, **options: Any) -> Step:
    """A new step by its name; steps lead to each other, so none imports another."""
    return _table()[name](journey, **options)


def opening(journey: Journey) -> Step:
    """The step a terminal starts with."""
    return make(journey, "attract")
