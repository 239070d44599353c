"""One material of the item under the document camera: page after page, put in order, and made into one PDF."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from contract.cases import MaterialSent
from contract.codes import LetterKind, MaterialNeed
from kiosk.documents.page_pictures import Part, one_pdf, small
from kiosk.documents.scanning import ScannedPage
from kiosk.items import to_scan
from kiosk.items.letters import letter_kinds
from kiosk.journey import intents
from kiosk.journey.material_pages import PDF, KeptPage, MaterialPages
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.steps.scan import ScanPaper
from kiosk.journey.steps.sign import forget_letter
from kiosk.journey.views import PageTile, ScanView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

#: pixels of the longer side of a page looked at, and of one in the strip
LARGE, SMALL = 1600, 240
#: pages of a material, whatever its row of the workbook says
MOST_PAGES = 50


class ScanMaterial(ScanPaper):
    """Each page is kept as soon as it is taken. `change` returns to the check afterwards; `problem` is told first."""

    def __init__(
        self, journey: Journey, stop: Stop, backwards: bool = False, change: bool = False, problem: str = ""
    ) -> None:
        super().__init__(journey)
        self._stop, self._change, self._told = stop, change, problem
        self._material = to_scan(journey.item, self.state.facts)[stop.index]
        self._retakes = self._sure = False
        self._picture = lru_cache(maxsize=2 * MOST_PAGES)(self._draw)

    def enter(self) -> None:
        super().enter()
        if self._kept.pages:
            self._look_at_pages()

    def leave(self) -> None:
        super().leave()
        self._picture.cache_clear()

    # what is shown

    @property
    def paper(self) -> str:
        return self._material.name.in_language(self.journey.language)

    @property
    def pages(self) -> int:
        return self._kept.count

    @property
    def _kept(self) -> MaterialPages:
        return self.state.pages.get(self._material.id, MaterialPages())

    @property
    def _room(self) -> int:
        """How many more pages it may have."""
        return min(max(self._material.most_pages, self._material.sides), MOST_PAGES) - self._kept.count

    @property
    def _lacks_side(self) -> bool:
        return self._kept.count < self._material.sides

    def view(self) -> ScanView:
        view, kept, taken = super().view(), self._kept, self._state == "taken"
        shown = kept.shown if taken else None
        strip = tuple(self._tile(page) for page in kept.pages)
        adds = self.say("scan.add_back" if self._lacks_side else "scan.add_page")
        need = self._material.need
        without = "" if taken or need is MaterialNeed.REQUIRED else self.say(f"scan.without_{need.name.lower()}")
        return replace(
            view,
            without=without,
            problem=view.problem or self._told,
            page=self._place(kept.at if taken or self._retakes else len(kept.pages)),
            picture=self._picture(shown, LARGE) if shown else b"",
            strip=strip if taken else (),
            at=kept.at,
            adds=adds if taken and self._room > 0 else "",
            sure=self.say("scan.sure", page=self._place(kept.at)) if self._sure else "",
            from_phone=self._room > 0,
            from_stick=self._room > 0 and self.parts.devices.usb_stick is not None,
        )

    def _place(self, at: int) -> str:
        number = sum(page.pages for page in self._kept.pages[:at]) + 1
        if self._material.sides == 2 and number <= 2:
            return self.say("scan.front" if number == 1 else "scan.back")
        return self.say("scan.page", number=number)

    def _tile(self, page: KeptPage) -> PageTile:
        name = self.say("scan.pdf", pages=page.pages) if page.media_type == PDF else ""
        return PageTile(self._picture(page, SMALL), name)

    def _draw(self, page: KeptPage, longest: int) -> bytes:
        return b"" if page.media_type == PDF else small(self._bytes(page), page.turn, longest)

    def _bytes(self, page: KeptPage) -> bytes:
        assert self.journey.visit is not None
        return self.parts.cache.visits.material(self.journey.visit, page.sha256)

    def buttons(self) -> tuple[str, str, bool]:
        if self._state == "taken":
            several = len(self._kept.pages) > 1
            go = "button.take_back" if self._lacks_side else "button.keep_all" if several else "button.keep"
            return "button.back", go, not self._sure
        return super().buttons()

    # what is done

    def handle(self, event: object) -> Step | None:
        if self._state != "taken":
            if isinstance(event, intents.Back) and self._kept.pages and self._state != "working":
                self._look_at_pages()
                return None
            if isinstance(event, intents.WithoutPaper) and self._material.need is not MaterialNeed.REQUIRED:
                return self._leave_out()
            return self._from_elsewhere(event) or super().handle(event)
        if isinstance(event, intents.Intent):
            self._told = ""
            self._sure = event == intents.DeletePage()
        match event:
            case intents.AddPage() if self._room > 0:
                self._take(retakes=False)
            case intents.Retake():
                self._take(retakes=True)
            case intents.ShowPage(place):
                self._change_to(self._kept.show(place))
            case intents.MovePage(by):
                self._change_to(self._kept.move(by))
            case intents.TurnPage():
                self._change_to(self._kept.turn())
            case intents.DeletePage(sure=True):
                self._delete()
            case intents.FromPhone() | intents.FromStick():
                return self._from_elsewhere(event)
            case intents.Forward() if self._lacks_side:
                self._take(retakes=False)
            case intents.Forward():
                return self.use()
            case intents.Back():
                return self.use() if self._change and not self._lacks_side else self.back()
        return None

    def back(self) -> Step:
        return self.journey.at(Stop("check")) if self._change else self.journey.before(self._stop)

    def took(self, page: ScannedPage) -> None:
        visit = self.journey.visit
        assert visit is not None
        taken, before = KeptPage(self.parts.cache.visits.keep_material(visit, page.picture)), self._kept.shown
        retaken = self._retakes and before is not None
        self._change_to(self._kept.exchange(taken) if retaken else self._kept.add(taken))
        if retaken and before is not None:
            self.journey.drop(before.sha256)
        self._look_at_pages()

    def _look_at_pages(self) -> None:
        self._state, self._problem, self._retakes = "taken", "", False

    def _take(self, retakes: bool) -> None:
        self._retakes = retakes
        self._again()

    def _delete(self) -> None:
        gone = self._kept.shown
        self._change_to(self._kept.delete())
        if gone is not None:
            self.journey.drop(gone.sha256)
        if not self._kept.pages:
            self._take(retakes=False)

    def _change_to(self, pages: MaterialPages) -> None:
        """Keep these in the savepoint. A PDF made of others is not what the citizen wants any more."""
        if pages.pages != self._kept.pages:
            made = self.state.materials.pop(self._material.id, None)
            if made is not None:
                self.journey.drop(made.sha256)
        self.state.pages[self._material.id] = pages
        self.journey.save()

    def _from_elsewhere(self, event: object) -> Step | None:
        """To the phone, or to the stick; None for what asks for neither."""
        match event:
            case intents.FromPhone():
                way = "phone_upload"
            case intents.FromStick() if self.parts.devices.usb_stick is not None:
                way = "usb_stick"
            case _:
                return None
        options = {"stop": self._stop, "change": self._change, "room": self._room}
        return self.journey.make(way, **options) if self._room > 0 else None

    # the PDF

    def _leave_out(self) -> Step:
        """The citizen does not have it today."""
        gone = self._kept.pages
        self._change_to(MaterialPages())
        for page in gone:
            self.journey.drop(page.sha256)
        self._has(False)
        self.journey.save()
        return self._next()

    def _has(self, paper: bool) -> None:
        """Whether the citizen has it today; what is owed changes, and with it the letter that says so."""
        if paper is (self._material.id in self.state.later):
            (self.state.later.discard if paper else self.state.later.add)(self._material.id)
            forget_letter(self.journey, LetterKind.LATER)

    def use(self) -> Step | None:
        if self._material.id in self.state.materials:
            return self._next()
        parts = [Part(self._bytes(page), page.turn, page.media_type == PDF) for page in self._kept.pages]
        self._state = "working"
        self.ask(lambda: one_pdf(parts), self._made)
        return None

    def _made(self, pdf: bytes) -> None:
        visit, material = self.journey.visit, self._material
        assert visit is not None
        self.state.materials[material.id] = MaterialSent(
            material_id=material.id,
            name=material.name.zh,
            media_type=PDF,
            sha256=self.parts.cache.visits.keep_material(visit, pdf),
            size=len(pdf),
            pages=self._kept.count,
        )
        self._has(True)
        self.journey.save()
        self.journey.go(self._next())

    def _next(self) -> Step:
        kinds = letter_kinds(self.journey.item, self.state.facts, self.state.later)
        unsigned = [index for index, kind in enumerate(kinds) if kind not in self.state.signatures]
        if self._change and unsigned:
            return self.journey.at(Stop("commitment", unsigned[0]))
        return self.journey.at(Stop("check")) if self._change else self.journey.after(self._stop)
