"""The QR of a business licence (营业执照): only its 统一社会信用代码 is taken, and only to find it in the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract.identity import Company
from kiosk.identity.numbers import uscc_in
from kiosk.journey.step import Step
from kiosk.journey.steps.read_code import ReadCode

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


class ReadLicence(ReadCode):
    """Leads back to the list of companies, with the one that was found chosen, or told that it is not in it."""

    words = "licence"

    def __init__(self, journey: Journey, then: str, companies: list[Company]) -> None:
        super().__init__(journey)
        self._then, self._companies = then, companies

    def back(self) -> Step:
        return self.journey.make("company", then=self._then, companies=self._companies)

    def read(self, text: str) -> Step | None:
        uscc = uscc_in(text)
        if not uscc:
            self.refuse("code_login.no_licence")
            return None
        return self.journey.make("company", then=self._then, companies=self._companies, uscc=uscc)
