"""What the platform has of a material, shown to be confirmed: it is used, or the paper is scanned instead."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from contract.cases import MaterialSent
from contract.codes import MaterialOrigin
from contract.holdings import Holding
from kiosk.cases.held_paper import NotUsable, Usable, expired, look_at
from kiosk.items import to_scan
from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.material_pages import MaterialPages
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.steps import given
from kiosk.journey.views import HeldView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

#: seconds the citizen waits here, at the longest, for the answer whether there is one
ASK_SECONDS = 6.0


class ConfirmHeld(Step):
    """Nothing here holds anybody up: at every moment the paper can be scanned. `change` returns to the check."""

    part = "scan"

    def __init__(self, journey: Journey, stop: Stop, backwards: bool = False, change: bool = False) -> None:
        super().__init__(journey)
        self._stop, self._backwards, self._change = stop, backwards, change
        self._material = to_scan(journey.item, self.state.facts)[stop.index]
        self._since = time.monotonic()
        #: None while it is fetched and checked
        self._paper: Usable | NotUsable | None = None
        self._begun = False

    def enter(self) -> None:
        self._begin()

    def leave(self) -> None:
        self._paper = None

    @property
    def _holding(self) -> Holding | None:
        return self.state.offers.found.get(self._material.id)

    # what is shown

    def view(self) -> HeldView:
        name, holding = self._material.name.in_language(self.journey.language), self._holding
        if holding is None:
            return HeldView(title=self.say("held.asks", name=name), scans=self.say("held.scan_now"))
        scans = "" if isinstance(self._paper, NotUsable) else self.say("held.scan_instead")
        view = HeldView(
            title=self.say("held.title", name=name), state="checking", rows=self._rows(holding), scans=scans
        )
        return self._looked_at(view, holding)

    def _looked_at(self, view: HeldView, holding: Holding) -> HeldView:
        match self._paper:
            case Usable() as paper:
                # what a helper who stands by must not read is on the page
                covered = bool(paper.picture and self.state.helper)
                remark = "held.covered" if covered else "" if paper.picture else "held.file"
                return replace(
                    view,
                    state="ready" if paper.picture else "file",
                    picture=b"" if covered else paper.picture,
                    seal=self.say("held.sealed", signer=paper.signer, date=paper.sealed_on) if paper.signer else "",
                    remark=self.say(remark) if remark else "",
                )
            case NotUsable(why):
                until = self._day(holding.valid_until) if holding.valid_until else ""
                return replace(view, state="refused", problem=self.say(f"held.{why}", until=until))
        return view

    def _rows(self, holding: Holding) -> tuple[tuple[str, str], ...]:
        issued = self._day(holding.issued_on)
        if holding.origin is MaterialOrigin.EARLIER:
            rows = {"given_on": issued, "given_for": holding.source, "case_number": holding.number}
        else:
            until = self._day(holding.valid_until) if holding.valid_until else self.say("held.for_good")
            rows = {"licence": holding.name, "number": holding.number, "authority": holding.source}
            rows |= {"issued_on": issued, "valid_until": until}
        return tuple((self.say(f"held.{key}"), value) for key, value in rows.items())

    def _day(self, day: date) -> str:
        return self.say("check.date", year=day.year, month=day.month, day=day.day)

    def buttons(self) -> tuple[str, str, bool]:
        if isinstance(self._paper, NotUsable):
            return "button.back", "button.scan_it", True
        return "button.back", "button.use_held", isinstance(self._paper, Usable)

    # what happens

    def handle(self, event: object) -> Step | None:
        match event:
            case Tick():
                return self._look()
            case intents.Forward() if isinstance(self._paper, Usable):
                return self._use(self._paper)
            case intents.Forward() if isinstance(self._paper, NotUsable):
                return self._scan()
            case intents.ScanInstead():
                return self._scan()
            case intents.Back():
                return self.journey.at(Stop("check")) if self._change else self.journey.before(self._stop)
        return None

    def _look(self) -> Step | None:
        """Whether the answer has come, or is waited for any longer."""
        if self._holding is not None:
            self._begin()
        elif self._material.id not in self.state.offers.waiting:
            return self.journey.before(self._stop) if self._backwards else self._scan()
        elif time.monotonic() - self._since >= ASK_SECONDS:
            return self._scan(self.say("held.no_answer"))
        return None

    def _begin(self) -> None:
        holding, visit = self._holding, self.journey.visit
        if holding is None or visit is None or self._begun:
            return
        self._begun = True
        if expired(holding):
            self._paper = NotUsable("expired")
            return
        sent, company, person = self.state.materials.get(self._material.id), self.state.company, self.state.person
        assert person is not None
        kept = self.parts.cache.visits.material(visit, sent.sha256) if sent and sent.sha256 == holding.sha256 else None
        name, number = (company.name, company.uscc) if company else (person.name, person.number)
        installed, service = self.journey.installed, self.parts.holdings
        self.ask(lambda: look_at(holding, name, number, installed, service, kept), self._looked)

    def _looked(self, paper: Usable | NotUsable) -> None:
        self._paper = paper

    def _use(self, paper: Usable) -> Step:
        """Keep it in the visit as the material, whatever pages there were. Raises CacheFull."""
        visit, holding, material = self.journey.visit, self._holding, self._material
        assert visit is not None and holding is not None
        before, pages = self.state.materials.get(material.id), self.state.pages.pop(material.id, MaterialPages())
        self.state.materials[material.id] = MaterialSent(
            material_id=material.id,
            name=material.name.zh,
            media_type=holding.media_type,
            sha256=self.parts.cache.visits.keep_material(visit, paper.content),
            size=len(paper.content),
            pages=paper.pages,
            origins=[holding.origin],
            reference=f"{holding.source} {holding.number}",
            corrected=material.id in self.state.corrected,
        )
        for digest in {page.sha256 for page in pages.pages} | ({before.sha256} if before else set()):
            self.journey.drop(digest)
        self.state.readings.pop(material.id, None)
        given.note(self.journey, material.id, has=True)
        self.journey.save()
        log.info("a material is taken from the platform: %s", holding.origin)
        return given.after(self.journey, self._stop, self._change)

    def _scan(self, problem: str = "") -> Step:
        """To the camera, the phone and the stick. What can never be used is not offered again."""
        if isinstance(self._paper, NotUsable) and not self._paper.again:
            self.state.offers.found.pop(self._material.id, None)
        return self.journey.make("scan", stop=self._stop, change=self._change, problem=problem)
