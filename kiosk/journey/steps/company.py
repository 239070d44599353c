"""For a company: chosen from those the platform says this person may act for, or found by its licence's code."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from contract.identity import Company
from kiosk.journey import intents
from kiosk.journey.step import Step
from kiosk.journey.views import ChoiceRow, SituationView
from offline_cache.errors import PlatformError

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

#: the row that opens the scanner
LICENCE = "licence"


class ChooseCompany(Step):
    """`then` is the item (task code) to return to; `companies` those already asked for, `uscc` one just scanned."""

    def __init__(
        self, journey: Journey, then: str = "", companies: list[Company] | None = None, uscc: str = ""
    ) -> None:
        super().__init__(journey)
        self._then, self._companies = then, companies
        self._chosen = ""
        self._problem = "" if companies is not None else "company.asking"
        if uscc:
            self._find(uscc)

    def enter(self) -> None:
        if self._companies is None:
            assert self.state.person is not None
            number = self.state.person.number
            self.ask(lambda: self._known_for(number), self._answered)

    def _known_for(self, number: str) -> list[Company] | None:
        try:
            return self.parts.identity.companies(number)
        except PlatformError as error:
            log.info("the companies of a person are not known (%s)", error)
            return None

    def _answered(self, companies: list[Company] | None) -> None:
        self._companies = companies
        if companies is None:
            self._problem = "company.unreachable"
        else:
            self._problem = "" if companies else "company.none"
            self._chosen = companies[0].uscc if len(companies) == 1 else ""

    def _find(self, uscc: str) -> None:
        if any(company.uscc == uscc for company in self._companies or []):
            self._chosen = uscc
        else:
            self._problem = "company.not_yours"

    def view(self) -> SituationView:
        rows = [
            ChoiceRow(company.uscc, company.name, f"{company.uscc} · {self.say(f'company.{company.role}')}")
            for company in self._companies or []
        ]
        if self._companies and self.parts.devices.code_scanner is not None:
            rows.append(ChoiceRow(LICENCE, self.say("company.licence"), self.say("company.licence_help")))
        problem = self.say(self._problem, phone=self.parts.settings.phone) if self._problem else ""
        return SituationView(self.say("company.title"), self.say("company.line"), tuple(rows), self._chosen, problem)

    def buttons(self) -> tuple[str, str, bool]:
        again = self._companies is None and self._problem == "company.unreachable"
        return "button.back", "button.try_again" if again else "button.next", again or bool(self._chosen)

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.Choose("licence") if self._companies:
                return self.journey.make("licence_code", then=self._then, companies=self._companies)
            case intents.Choose(value) if any(company.uscc == value for company in self._companies or []):
                self._chosen, self._problem = value, ""
            case intents.Forward() if self._companies is None and self._problem == "company.unreachable":
                return self.journey.make("company", then=self._then)
            case intents.Forward() if self._chosen:
                return self._take(next(company for company in self._companies or [] if company.uscc == self._chosen))
            case intents.Back():
                return self.journey.make("guide", code=self._then) if self._then else self.journey.make("acting_for")
        return None

    def _take(self, company: Company) -> Step:
        self.state.act_for(company=company)
        self.journey.save()
        log.info("somebody acts for a company, as %s", company.role)
        return self.journey.make("guide", code=self._then) if self._then else self.journey.make("home")
