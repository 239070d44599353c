"""The steps, one a file, and the one table that names them."""

from __future__ import annotations

from kiosk.journey.step import Step
from kiosk.journey.steps.acting_for import ActingFor
from kiosk.journey.steps.answer_code import ReadAnswer
from kiosk.journey.steps.attract import Attract
from kiosk.journey.steps.check import Check
from kiosk.journey.steps.code_login import CodeLogin
from kiosk.journey.steps.commitment import ReadCommitment
from kiosk.journey.steps.company import ChooseCompany
from kiosk.journey.steps.continue_saved import ContinueSaved
from kiosk.journey.steps.document_scanner import UseScanner
from kiosk.journey.steps.done import Done
from kiosk.journey.steps.face_check import CheckFace
from kiosk.journey.steps.farewell import Farewell
from kiosk.journey.steps.guide import Guide
from kiosk.journey.steps.held_paper import ConfirmHeld
from kiosk.journey.steps.helper_code import ReadHelper
from kiosk.journey.steps.home import Home
from kiosk.journey.steps.items import Items
from kiosk.journey.steps.licence_code import ReadLicence
from kiosk.journey.steps.login import Login
from kiosk.journey.steps.phone_login import PhoneLogin
from kiosk.journey.steps.phone_upload import PhoneUpload
from kiosk.journey.steps.photograph import Photograph
from kiosk.journey.steps.principal import NamePrincipal
from kiosk.journey.steps.question import AskForm
from kiosk.journey.steps.save_for_later import SaveForLater
from kiosk.journey.steps.scan_material import ScanMaterial
from kiosk.journey.steps.sign import SignByHand
from kiosk.journey.steps.situation import AskSituation
from kiosk.journey.steps.smart_card_login import SmartCardLogin
from kiosk.journey.steps.sms_login import SmsLogin
from kiosk.journey.steps.trouble import Trouble
from kiosk.journey.steps.usb_stick import ChooseFromStick

#: by the name other steps and `kiosk.journey.route` know them
STEPS: dict[str, type[Step]] = {
    "attract": Attract,
    "login": Login,
    "smart_card_login": SmartCardLogin,
    "code_login": CodeLogin,
    "phone_login": PhoneLogin,
    "sms_login": SmsLogin,
    "face_check": CheckFace,
    "home": Home,
    "continue_saved": ContinueSaved,
    "acting_for": ActingFor,
    "principal": NamePrincipal,
    "company": ChooseCompany,
    "licence_code": ReadLicence,
    "helper_code": ReadHelper,
    "items": Items,
    "guide": Guide,
    "situation": AskSituation,
    "form": AskForm,
    "photograph": Photograph,
    "answer_code": ReadAnswer,
    "scan": ScanMaterial,
    "held_paper": ConfirmHeld,
    "phone_upload": PhoneUpload,
    "usb_stick": ChooseFromStick,
    "document_scanner": UseScanner,
    "commitment": ReadCommitment,
    "sign": SignByHand,
    "check": Check,
    "save_for_later": SaveForLater,
    "done": Done,
    "farewell": Farewell,
    "trouble": Trouble,
}
