"""The steps, one a file, and the one table that names them."""

from __future__ import annotations

from kiosk.journey.step import Step
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

#: by the name other steps and `kiosk.journey.route` know them
STEPS: dict[str, type[Step]] = {
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
