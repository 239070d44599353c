"""One material of the item under the document camera: page after page, put in order, read, and made into one PDF."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from contract.cases import MaterialSent
from contract.codes import MaterialNeed
from kiosk.documents.page_pictures import Part, one_pdf, small
from kiosk.documents.scanning import ColourMode, ScannedPage
from kiosk.items import to_scan
from kiosk.journey import intents
from kiosk.journey.material_pages import KeptPage, MaterialPages
from kiosk.journey.material_reading import MaterialReading
from kiosk.journey.prefill import from_papers
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.steps import given
from kiosk.journey.steps.scan import ScanPaper
from kiosk.journey.views import ScanView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

#: pixels of the longer side of a page looked at, and of one in the strip
LARGE, SMALL = 1600, 240
#: pages of a material, whatever its row of the workbook says
MOST_PAGES = 50


class ScanMaterial(ScanPaper):
    """Each page is kept as soon as it is taken. `change` returns to the check afterwards; `problem` is told first.

    A terminal that has a scanner and no camera `begins` with the scanner.
    """

    def __init__(
        self,
        journey: Journey,
        stop: Stop,
        backwards: bool = False,
        change: bool = False,
        problem: str = "",
        begins: bool = True,
    ) -> None:
        super().__init__(journey)
        self._stop, self._change, self._told = stop, change, problem
        self._begins = begins and not backwards
        self._material = to_scan(journey.item, self.state.facts)[stop.index]
        self._retakes = self._sure = self._hurries = False
        self._reading = MaterialReading(self, self._material, self._bytes, self._text_came)
        self._picture = lru_cache(maxsize=2 * MOST_PAGES)(self._draw)

    def enter(self) -> None:
        super().enter()
        if self._begins and self._scanner_alone and not self._kept.pages:
            self.journey.go(self._scanner())
            return
        self._reading.warm_up()
        if self._kept.pages:
            self._look_at_pages()

    def leave(self) -> None:
        super().leave()
        self._reading.stop()
        self._picture.cache_clear()

    # what is shown

    @property
    def paper(self) -> str:
        return self._material.name.in_language(self.journey.language)

    @property
    def pages(self) -> int:
        return len(self._kept.pages)

    @property
    def mode(self) -> ColourMode:
        return self._material.colour

    @property
    def without_camera(self) -> str:
        return "" if self._scanner_alone else super().without_camera

    @property
    def _scanner_alone(self) -> bool:
        return self.parts.devices.document_scanner is not None and self.parts.devices.document_camera_url is None

    def _scanner(self, retakes: bool = False) -> Step:
        corrects = retakes and bool(self._reading.doubts)
        options = {"stop": self._stop, "change": self._change, "room": self._room}
        return self.journey.make("document_scanner", **options, retakes=retakes, corrects=corrects)

    @property
    def _kept(self) -> MaterialPages:
        return given.pages_of(self.journey, self._material.id)

    @property
    def _room(self) -> int:
        """How many more pages it may have."""
        return min(max(self._material.most_pages, self._material.sides), MOST_PAGES) - len(self._kept.pages)

    @property
    def _lacks_side(self) -> bool:
        return len(self._kept.pages) < self._material.sides

    def view(self) -> ScanView:
        view, kept, taken = super().view(), self._kept, self._state == "taken"
        shown = kept.shown if taken or self._state == "reading" else None
        strip = tuple(self._picture(page, SMALL) for page in kept.pages)
        alone = self._scanner_alone
        if alone:
            title = self.say("document_scanner.title", name=self.paper)
            view = replace(view, title=title, help=self.say("scan.no_camera"), message=self.say("scan.other_ways"))
        back, page = ("scan.scan_back", "scan.scan_page") if alone else ("scan.add_back", "scan.add_page")
        adds = self.say(back if self._lacks_side else page)
        need = self._material.need
        without = (
            ""
            if self._state in ("taken", "reading") or need is MaterialNeed.REQUIRED
            else self.say(f"scan.without_{need.name.lower()}")
        )
        return replace(
            view,
            without=without,
            message=self._reading.waits if self._state == "reading" else view.message,
            problem=view.problem or self._told or self._doubted,
            reading=self._reading.remark if taken else "",
            page=self._place(kept.at if taken or self._retakes else len(kept.pages)),
            picture=self._picture(shown, LARGE) if shown else view.picture,
            strip=strip if taken else (),
            at=kept.at,
            adds=adds if taken and self._room > 0 else "",
            sure=self.say("scan.sure", page=self._place(kept.at)) if self._sure else "",
            from_phone=self._room > 0,
            from_platform=self._material.id in self.state.offers.found,
            from_stick=self._room > 0 and self.parts.devices.usb_stick is not None,
            from_scanner=self._room > 0 and self.parts.devices.document_scanner is not None,
        )

    @property
    def _doubted(self) -> str:
        """What about the page looked at does not fit."""
        return self._reading.told(self.paper) if self._state == "taken" else ""

    def _place(self, at: int) -> str:
        number = at + 1
        if self._material.sides == 2 and number <= 2:
            return self.say("scan.front" if number == 1 else "scan.back")
        return self.say("scan.page", number=number)

    def _draw(self, page: KeptPage, longest: int) -> bytes:
        return small(self._bytes(page), page.turn, longest)

    def _bytes(self, page: KeptPage) -> bytes:
        assert self.journey.visit is not None
        return self.parts.cache.visits.material(self.journey.visit, page.sha256)

    def buttons(self) -> tuple[str, str, bool]:
        if self._state == "taken":
            several = len(self._kept.pages) > 1
            back = "button.scan_back" if self._scanner_alone else "button.take_back"
            go = back if self._lacks_side else "button.keep_all" if several else "button.keep"
            return "button.back", "button.keep_doubted" if self._doubted else go, not self._sure
        if self._state == "reading":
            return "button.back", "button.go_unread", True
        return ("button.back", "", False) if self._scanner_alone and self._state == "gone" else super().buttons()

    # what is done

    def handle(self, event: object) -> Step | None:
        if self._state == "reading":
            return self._handle_reading(event)
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
                return self._take(retakes=False)
            case intents.Retake():
                return self._take(retakes=True)
            case intents.ShowPage(place):
                self._change_to(self._kept.show(place))
            case intents.MovePage(by):
                self._change_to(self._kept.move(by))
            case intents.TurnPage():
                self._change_to(self._kept.turn())
            case intents.DeletePage(sure=True):
                return self._delete()
            case intents.FromPhone() | intents.FromStick() | intents.FromScanner() | intents.FromPlatform():
                return self._from_elsewhere(event)
            case intents.Forward() if self._doubted and not self._reading.accept():
                pass
            case intents.Forward() if self._lacks_side:
                return self._take(retakes=False)
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
        digest, before = self.parts.cache.visits.keep_material(visit, page.picture), self._kept.shown
        taken = KeptPage(digest)
        retaken = self._retakes and before is not None
        if retaken:
            self._note_correction()
        self._change_to(self._kept.exchange(taken) if retaken else self._kept.add(taken))
        if retaken and before is not None:
            self.journey.drop(before.sha256)
        self._look_at_pages()

    def _look_at_pages(self) -> None:
        self._state, self._problem, self._retakes = "taken", "", False
        self._page = self._refused = None
        self._reading.look_at(self._kept)

    def _take(self, retakes: bool) -> Step | None:
        if self._scanner_alone:
            return self._scanner(retakes)
        self._retakes = retakes
        self._again()
        return None

    def _delete(self) -> Step | None:
        gone = self._kept.shown
        self._note_correction()
        self._change_to(self._kept.delete())
        if gone is not None:
            self.journey.drop(gone.sha256)
        return None if self._kept.pages else self._take(retakes=False)

    def _change_to(self, pages: MaterialPages) -> None:
        given.change_pages(self.journey, self._material.id, pages)
        self._reading.look_at(pages)

    def _from_elsewhere(self, event: object) -> Step | None:
        """To the phone, the stick, the scanner or what the platform has; None for what asks for none of them."""
        match event:
            case intents.FromPlatform() if self._material.id in self.state.offers.found:
                return self.journey.make("held_paper", stop=self._stop, change=self._change)
            case intents.FromPhone():
                way = "phone_upload"
            case intents.FromStick() if self.parts.devices.usb_stick is not None:
                way = "usb_stick"
            case intents.FromScanner() if self.parts.devices.document_scanner is not None:
                way = "document_scanner"
            case _:
                return None
        options = {"stop": self._stop, "change": self._change, "room": self._room}
        return self.journey.make(way, **options) if self._room > 0 else None

    # what the pages say

    def _text_came(self) -> None:
        if self._state == "reading" and not self._reading.left:
            self._state = "taken"
            if (step := self.use()) is not None:
                self.journey.go(step)

    def _handle_reading(self, event: object) -> Step | None:
        match event:
            case intents.Forward():
                self._hurries, self._state = True, "taken"
                return self.use()
            case intents.Back():
                self._state = "taken"
        return None

    def _note_correction(self) -> None:
        """The page looked at is exchanged or deleted: where it was doubted, the paper is put right on the spot."""
        if self._reading.doubts:
            self.state.corrected.add(self._material.id)

    # the PDF

    def _leave_out(self) -> Step:
        """The citizen does not have it today."""
        gone = self._kept.pages
        self._change_to(MaterialPages())
        for page in gone:
            self.journey.drop(page.sha256)
        given.note(self.journey, self._material.id, has=False)
        self.journey.save()
        return self._next()

    def use(self) -> Step | None:
        if self._material.id in self.state.materials:
            return self._next()
        pages, texts = self._kept.pages, self.state.texts
        doubted = self._reading.first_doubted
        if doubted is not None:
            self._change_to(self._kept.show(doubted))
            return None
        if self._reading.left and not self._hurries:
            self._state = "reading"
            return None
        parts = [Part(self._bytes(page), page.turn, texts.get(page.sha256)) for page in pages]
        self._state = "working"
        self.ask(lambda: one_pdf(parts), self._made)
        return None

    def _made(self, pdf: bytes) -> None:
        visit, material, understood = self.journey.visit, self._material, self._reading.understood
        assert visit is not None
        self.state.materials[material.id] = MaterialSent(
            material_id=material.id,
            name=material.name.zh,
            media_type="application/pdf",
            sha256=self.parts.cache.visits.keep_material(visit, pdf),
            size=len(pdf),
            pages=len(self._kept.pages),
            origins=list(dict.fromkeys(page.origin for page in self._kept.pages)),
            doubts=list(dict.fromkeys(doubt for _, doubt in understood.doubts)),
            corrected=material.id in self.state.corrected,
        )
        # what the paper says is offered in the form
        self.state.readings[material.id] = understood.values
        if self.state.form is not None:
            self.state.form.propose(from_papers(self.state, self.journey.item))
        given.note(self.journey, material.id, has=True)
        self.journey.save()
        self.journey.go(self._next())

    def _next(self) -> Step:
        return given.after(self.journey, self._stop, self._change)
