"""Pages of a material from the document scanner: from its feeder or its glass, each made a page as it comes."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contract.codes import MaterialOrigin
from drivers.document_scanner import ScanEvent
from drivers.errors import (
    BadAnswer,
    Cancelled,
    CoverOpen,
    DeviceBusy,
    DeviceGone,
    DriverError,
    FeederEmpty,
    MediaJammed,
    NoAnswer,
)
from drivers.status import MediaState
from kiosk.documents.page_pictures import small
from kiosk.documents.scan_results import ScannedPage, ScanRefused
from kiosk.documents.scanner_pages import page_of
from kiosk.journey import intents
from kiosk.journey.material_pages import KeptPage
from kiosk.journey.route import Stop
from kiosk.journey.source_views import ScannerState, ScannerView, ScannerWay
from kiosk.journey.step import Step
from kiosk.journey.steps.take_files import TakeFiles

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

#: dots an inch: what a page is kept at (kiosk.documents.page_picture)
RESOLUTION = 200
#: seconds a scanner may take for one page: a lamp that sleeps warms up in 20
PAGE_SECONDS = 60.0
#: seconds a scan that was left, or a look at the device's health, may still hold the scanner
LET_GO = 8.0
#: pixels of the longer side of a page in the strip
SMALL = 240
GLASS, FEEDER, BOTH_SIDES = "flatbed", "feeder", "feeder-duplex"
#: what is said of an error; of any other the scanner is broken
WHY: dict[type[DriverError], str] = {
    FeederEmpty: "feeder_empty",
    MediaJammed: "jam",
    CoverOpen: "cover_open",
    DeviceBusy: "busy",
    DeviceGone: "gone",
    NoAnswer: "no_answer",
    BadAnswer: "cut_short",
    Cancelled: "stopped",
}


@dataclass(frozen=True)
class _Found:
    """What the scanner can do, and whether a sheet lies in its feeder."""

    sources: tuple[str, ...]
    resolution: int
    loaded: bool


@dataclass(frozen=True)
class _Reads:
    """The scan `of` reads its page `number`."""

    of: threading.Event
    number: int


@dataclass(frozen=True)
class _Came:
    """Page `number` of the scan `of`, and how it looks small."""

    of: threading.Event
    number: int
    page: ScannedPage | ScanRefused
    tile: bytes


class UseScanner(TakeFiles):
    """What lies in the feeder, or page after page from the glass. `retakes`: the one page looked at is exchanged, which
    `corrects` the paper where it was doubted.
    """

    origin = MaterialOrigin.SCAN

    def __init__(
        self,
        journey: Journey,
        stop: Stop,
        room: int,
        change: bool = False,
        backwards: bool = False,
        retakes: bool = False,
        corrects: bool = False,
    ) -> None:
        super().__init__(journey, stop, room, change)
        self._state: ScannerState = "looking"
        self._found = _Found((), RESOLUTION, loaded=False)
        self._way = ""
        self._retakes, self._corrects = retakes, corrects
        #: the scan that runs, or ran last; set, it is to end
        self._run = threading.Event()
        self._number = 0
        self._tiles: list[bytes] = []
        #: of the scan that runs: how many were kept, and by what is wrong with them the numbers of the others
        self._came = 0
        self._refused: dict[str, list[int]] = {}
        self._good = self._problem = ""

    def enter(self) -> None:
        self._look()

    def leave(self) -> None:
        self._end()
        self._tiles = []

    # what is shown

    def view(self) -> ScannerView:
        name, count = self.material.name.in_language(self.journey.language), len(self._tiles)
        chooses = self._state == "ready"
        ways = [ScannerWay(way, self._say(way), self._say(f"{way}-line"), way == self._way) for way in self._ways]
        return ScannerView(
            title=self.say("document_scanner.title", name=name),
            state=self._state,
            ways=tuple(ways) if chooses else (),
            help=self._say(f"{self._way}-help") if chooses else "",
            message="" if chooses else self._say(self._state, number=self._number),
            pages=tuple(self._tiles),
            count=self._say("count", count=count) if count else "",
            good=self._good,
            problem=self._problem,
        )

    def buttons(self) -> tuple[str, str, bool]:
        forward = {"looking": "", "scanning": "button.stop", "stopping": "button.stop", "away": "button.try_again"}
        return "button.return", forward.get(self._state, "button.scan"), self._state not in ("looking", "stopping")

    def _say(self, key: str, **values: object) -> str:
        return self.say(f"document_scanner.{key.replace('-', '_')}", **values)

    @property
    def _ways(self) -> list[str]:
        """Both sides of a paper that has two are read at once, where the feeder can."""
        sources = self._found.sources
        one_side_too = self.material.sides == 1 or BOTH_SIDES not in sources
        return [way for way in (FEEDER, BOTH_SIDES, GLASS) if way in sources and (way != FEEDER or one_side_too)]

    # what is done

    def handle(self, event: object) -> Step | None:
        match event:
            case _Reads(run, number) if run is self._run:
                self._number = number
            case _Came(run) if run is self._run:
                self._take(event)
            case intents.ChooseWay(way) if self._state == "ready" and way in self._ways:
                self._way, self._good, self._problem = way, "", ""
            case intents.Forward() if self._state == "ready":
                self._begin()
            case intents.Forward() if self._state == "scanning":
                self._end()
                self._state = "stopping"
            case intents.Forward() if self._state == "away":
                self._look()
            case intents.Back():
                return self.pages()
        return None

    # what the scanner can do

    def _look(self) -> None:
        self._state, self._problem = "looking", ""
        self.ask(self._ask, self._answered)

    def _ask(self) -> _Found | str:
        scanner, until = self.parts.devices.document_scanner, time.monotonic() + LET_GO
        while scanner is not None:
            try:
                can = scanner.capabilities()
            except DriverError as error:
                if not _ours(error) or time.monotonic() > until:
                    return _why(error)
                time.sleep(0.2)
            else:
                resolution = min(
                    (dpi for dpi in can.dpi if dpi >= RESOLUTION), default=max(can.dpi, default=RESOLUTION)
                )
                return _Found(can.sources, resolution, scanner.check().media is MediaState.PRESENT)
        return "gone"

    def _answered(self, said: _Found | str) -> None:
        if isinstance(said, str):
            self._state, self._problem = "away", self._say(said)
            return
        self._state, self._found = "ready", said
        fed = [way for way in self._ways if way != GLASS]
        self._way = fed[0] if fed and (said.loaded or GLASS not in said.sources) else GLASS

    # the scan

    def _begin(self) -> None:
        self._run = run = threading.Event()
        self._state, self._good, self._problem = "scanning", "", ""
        self._number, self._came, self._refused = 1, 0, {}
        way, room = self._way, 1 if self._retakes else self.room
        self.state.on_glass |= way == GLASS
        self.ask(lambda: self._scan(run, way, room), self._ended)

    def _end(self) -> None:
        """The scan that runs is to end; what it says until then is kept."""
        scanner = self.parts.devices.document_scanner
        if self._state in ("scanning", "stopping") and scanner is not None:
            self._run.set()
            scanner.cancel()

    def _scan(self, run: threading.Event, way: str, room: int) -> str:
        """On a job's thread: page after page to the terminal's. Why it ended, "" where all is done."""
        until = time.monotonic() + LET_GO
        while True:
            try:
                return self._read(run, way, room)
            except DriverError as error:
                if not _ours(error) or run.is_set() or time.monotonic() > until:
                    return _why(error)
            time.sleep(0.2)

    def _read(self, run: threading.Event, way: str, room: int) -> str:
        """Raises DriverError; "scanning" only before the first page."""
        scanner, mode, found = self.parts.devices.document_scanner, self.material.colour, self._found
        assert scanner is not None
        # a sheet printed on one side alone has an empty back, which is no page
        drops = way == BOTH_SIDES and self.material.sides == 1
        # one more than is kept: whether sheets were left over must be known, as network scanners pass them all
        most = (room + 1) * (2 if drops else 1)
        pages = scanner.scan(
            way, found.resolution, "color", most, PAGE_SECONDS, "jpeg", lambda event: self._reads(run, event)
        )
        with contextlib.closing(pages):
            for page in pages:
                made = page_of(page.image, page.dpi, way != GLASS, mode)
                if drops and page.number % 2 == 0 and made == ScanRefused("empty"):
                    continue
                if not room and isinstance(made, ScannedPage):
                    return "one_only" if self._retakes else "full"
                tile = small(made.picture, 0, SMALL) if isinstance(made, ScannedPage) else b""
                self.parts.post(_Came(run, page.number, made, tile))
                room -= isinstance(made, ScannedPage)
                if run.is_set():
                    return "stopped"
        return ""

    def _reads(self, run: threading.Event, event: ScanEvent) -> None:
        if event.page != self._number:
            self.parts.post(_Reads(run, event.page))

    def _take(self, came: _Came) -> None:
        visit, page, before = self.journey.visit, came.page, self.kept.shown
        assert visit is not None
        self.journey.watch.touched()
        if isinstance(page, ScanRefused):
            log.warning("a scanned page was refused: %s", page.reason)
            self._refused.setdefault(page.reason, []).append(came.number)
            return
        taken = KeptPage(self.parts.cache.visits.keep_material(visit, page.picture), origin=self.origin)
        self.change_to(self.kept.exchange(taken) if self._retakes else self.kept.add(taken))
        if self._retakes and before is not None:
            self.journey.drop(before.sha256)
        if self._corrects:
            self.state.corrected.add(self.material.id)
        self.room -= not self._retakes
        self._came += 1
        self._tiles.append(came.tile)

    def _ended(self, why: str) -> None:
        self._state = "ready"
        told = [self._not_taken(reason, numbers) for reason, numbers in self._refused.items()]
        told += [self._say(why, most=len(self.kept.pages))] if why else []
        if self._came and (why in ("", "full", "one_only") or not self.room):
            if self._way != GLASS or self._retakes or len(self.kept.pages) >= self.material.sides:
                told.append(self._say("take_paper" if self._way == GLASS else "take_sheets"))
                self.journey.go(self.pages("\n".join(told)))
                return
            self._good = self._say("turn_over")
        elif self._tiles:
            told.append(self._say("stays", count=len(self._tiles)))
        self._problem = "\n".join(told)

    def _not_taken(self, reason: str, numbers: list[int]) -> str:
        why = self._say(f"page-{reason}")
        which = self._say("between").join(map(str, numbers))
        return why if self._way == GLASS else self._say("refused", numbers=which, reason=why)


def _ours(error: DriverError) -> bool:
    """Whether another call of this terminal's holds the scanner."""
    return isinstance(error, DeviceBusy) and error.code == "scanning"


def _why(error: DriverError) -> str:
    log.warning("the document scanner: %s", error.code)
    return next((why for kind, why in WHY.items() if isinstance(error, kind)), "broken")
