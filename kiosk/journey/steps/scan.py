"""A paper under the document camera: shown live, shot when it lies still, kept as PDF or taken again."""

from __future__ import annotations

import logging
import time
from abc import abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.documents.scanning import ColourMode, Preview, ScannedPage, ScanRefused, ScanSession
from kiosk.journey import intents, views
from kiosk.journey.step import Step
from kiosk.journey.views import ScanState, ScanView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

#: seconds a page must lie still before it is shot without a touch
STILL_SECONDS = 1.0
#: seconds after a refusal before the next shot by itself, so that the reason can be read
PAUSE_SECONDS = 4.0


@dataclass(frozen=True)
class _Seen:
    """What the camera saw, without the picture."""

    found: bool
    steady: bool
    flags: tuple[bool, bool, bool]


@dataclass(frozen=True)
class _Trouble:
    reason: str


class ScanPaper(Step):
    """The document camera until a page is kept. A subclass says which paper, and what becomes of it."""

    part = "scan"

    def __init__(self, journey: Journey) -> None:
        super().__init__(journey)
        self._scans: ScanSession | None = None
        self._state: ScanState = "starting"
        self._problem = ""
        self._flags: tuple[bool, bool, bool] | None = None
        self._still_since = self._paused_until = 0.0
        self._page: ScannedPage | None = None
        self._refused: ScanRefused | None = None
        self._seen: _Seen | None = None

    @property
    @abstractmethod
    def paper(self) -> str:
        """What is photographed, in the visit's language."""

    @property
    def pages(self) -> int:
        """How many pages of it are kept already."""
        return 0

    @property
    def mode(self) -> ColourMode:
        """How its pages are kept."""
        return ColourMode.COLOUR

    @property
    def without_camera(self) -> str:
        """The problem told where the terminal has none; "" where that is none."""
        return "camera-gone"

    @abstractmethod
    def use(self) -> Step | None:
        """The citizen says that what was taken will do: go on with it."""

    @abstractmethod
    def back(self) -> Step:
        """The page before this one."""

    def took(self, page: ScannedPage) -> None:
        """A page was taken; the citizen looks at it."""
        self._page = page

    def enter(self) -> None:
        self._begin()

    def leave(self) -> None:
        self._end()
        self._page = self._refused = None

    def _begin(self) -> None:
        url = self.parts.devices.document_camera_url
        if url is None:
            self._state, self._problem = "gone", self.without_camera
            return
        self._scans = ScanSession(url)
        self._scans.start(self._on_preview, self._on_trouble)

    def _end(self) -> None:
        scans, self._scans = self._scans, None
        if scans is not None:
            self.parts.jobs(scans.stop, lambda _: None)

    def _on_preview(self, preview: Preview) -> None:
        """On the session's thread: the picture goes straight to the screen, what it means to the terminal's thread."""
        corners = preview.corners and tuple((x / preview.width, y / preview.height) for x, y in preview.corners)
        self.parts.preview(views.Preview(preview.jpeg, corners or None))
        quality = preview.quality
        blurred, glare, cut_off = (quality is None or quality.has(code) for code in ("blurred", "glare", "cut-off"))
        seen = _Seen(preview.corners is not None, preview.steady, (not blurred, not glare, not cut_off))
        if seen != self._seen:
            self._seen = seen
            self.parts.post(seen)

    def _on_trouble(self, reason: str) -> None:
        """On the session's thread, too: the next preview is news, even if it shows what the last one showed."""
        self._seen = None
        self.parts.post(_Trouble(reason))

    def view(self) -> ScanView:
        names = ("scan.sharp", "scan.no_glare", "scan.whole")
        flags = tuple((self.say(name), ok) for name, ok in zip(names, self._flags, strict=True)) if self._flags else ()
        return ScanView(
            title=self.say("scan.title", name=self.paper),
            help=self.say("scan.help"),
            state=self._state,
            message=self.say(f"scan.{self._state}"),
            problem=self.say(f"scan.problem_{self._problem.replace('-', '_')}") if self._problem else "",
            flags=flags,
            pages=self.pages,
            page=self.say("scan.page", number=max(1, self.pages)),
            picture=self._page.picture if self._page else self._refused.picture if self._refused else b"",
            marks=self._marks,
        )

    @property
    def _marks(self) -> tuple[tuple[float, float, float, float], ...]:
        """Where in the picture that was refused something is wrong: of what is told first."""
        refused = self._refused
        places = [fault.place for fault in refused.faults if fault.code == refused.reason] if refused else []
        return tuple((place.left, place.top, place.right, place.bottom) for place in places)

    def buttons(self) -> tuple[str, str, bool]:
        if self._state == "taken":
            return "button.back", "button.keep", True
        return "button.back", "button.capture", self._state in ("searching", "found", "steady", "refused")

    def handle(self, event: object) -> Step | None:
        match event:
            case _Seen():
                self._look(event)
            case _Trouble(reason) if self._state not in ("working", "taken", "reading"):
                self._state, self._problem, self._flags, self._refused = "gone", reason, None, None
            case intents.Retake():
                self._again()
            case intents.Back():
                return self.back()
            case intents.Forward() if self._state == "taken":
                return self.use()
            case intents.Forward() if self.buttons()[2]:
                self._shoot()
        self._shoot_when_still()
        return None

    def _look(self, seen: _Seen) -> None:
        if self._state in ("working", "taken", "reading") or time.monotonic() < self._paused_until:
            return
        self._problem = ""
        self._flags = seen.flags if seen.found else None
        if not (seen.found and seen.steady):
            self._still_since = 0.0
            self._state = "found" if seen.found else "searching"
        else:
            self._still_since = self._still_since or time.monotonic()
            self._state = "steady"

    def _shoot_when_still(self) -> None:
        if self._paused_until and time.monotonic() >= self._paused_until:
            self._paused_until = 0.0
            if self._state == "refused":
                self._state, self._refused = "searching", None
            if self._seen:
                self._look(self._seen)
        if self._state == "steady" and time.monotonic() - self._still_since >= STILL_SECONDS:
            self._shoot()

    def _shoot(self) -> None:
        scans = self._scans
        if scans is not None:
            self._state, self._refused, mode = "working", None, self.mode
            self.parts.jobs(lambda: scans.capture(mode=mode), self._shot)

    def _shot(self, result: ScannedPage | ScanRefused) -> None:
        if not self.current:
            return
        self._still_since = 0.0
        if isinstance(result, ScannedPage):
            self._state, self._problem = "taken", ""
            self.took(result)
        else:
            log.warning("a page was refused: %s", result.reason)
            self._state, self._problem = "refused", result.reason
            self._refused = result if result.picture else None
            self._paused_until = time.monotonic() + PAUSE_SECONDS

    def _again(self) -> None:
        self._page, self._refused, self._state, self._problem = None, None, "searching", ""
        if self._scans is None:
            self._state, self._problem = "gone", self.without_camera
        self._still_since = 0.0
        # the paper still lies there: time to lift it before the next shot by itself
        self._paused_until = time.monotonic() + PAUSE_SECONDS
