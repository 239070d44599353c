"""Pages of a material from the citizen's USB stick: what is on it, chosen by touch, checked and made anew."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Literal

from contract.codes import MaterialOrigin
from drivers.errors import DeviceGone, DriverError, Refused
from drivers.usb_stick import StickFile
from kiosk.documents.incoming import Incoming, IncomingRefused, take_in
from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.route import Stop
from kiosk.journey.source_views import StickRow, StickView
from kiosk.journey.step import Step
from kiosk.journey.steps.take_files import TakeFiles

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

Taken = list[Incoming | IncomingRefused]


class ChooseFromStick(TakeFiles):
    """Waits for a stick, lists it once, and takes what is chosen. A stick that is pulled is waited for again."""

    origin = MaterialOrigin.STICK

    def __init__(self, journey: Journey, stop: Stop, room: int, change: bool = False, backwards: bool = False) -> None:
        super().__init__(journey, stop, room, change)
        self._state: Literal["waiting", "listing", "choosing", "fetching"] = "waiting"
        self._files: list[StickFile] = []
        self._chosen: list[int] = []
        self._problem = ""
        #: what is wrong with the files chosen before, in words
        self._refused = ""
        #: a stick that could not be used is not looked at again before it was pulled
        self._tried = False

    def enter(self) -> None:
        self._look()

    def leave(self) -> None:
        self._files, self._chosen = [], []

    def view(self) -> StickView:
        return StickView(
            title=self.say("usb_stick.title", name=self.material.name.in_language(self.journey.language)),
            state=self._state,
            files=tuple(
                StickRow(file.name, self._line(file), place in self._chosen) for place, file in enumerate(self._files)
            ),
            problem=self.say(f"usb_stick.{self._problem}") if self._problem else self._refused,
        )

    def _line(self, file: StickFile) -> str:
        large = file.size >= 1_000_000
        size = f"{file.size / 1_000_000:.1f}" if large else str(max(1, file.size // 1000))
        return self.say("usb_stick.size" if large else "usb_stick.small", kind=file.kind.upper(), size=size)

    def buttons(self) -> tuple[str, str, bool]:
        chooses = self._state == "choosing"
        return "button.return", "button.take_files" if chooses else "", chooses

    def handle(self, event: object) -> Step | None:
        match event:
            case Tick() if self._state in ("waiting", "choosing"):
                self._look()
            case intents.ChooseFile(place) if self._state == "choosing" and 0 <= place < len(self._files):
                self._problem = self._refused = ""
                self._chosen = [one for one in self._chosen if one != place] + [place] * (place not in self._chosen)
            case intents.Forward() if self._state == "choosing":
                self._fetch()
            case intents.Back():
                return self.pages()
        return None

    def _look(self) -> None:
        stick = self.parts.devices.usb_stick
        present = stick is not None and stick.present
        if self._state == "choosing" and not present:
            self._gone()
        elif self._state == "waiting" and not present:
            self._tried = False
        elif self._state == "waiting" and not self._tried:
            self._state, self._tried = "listing", True
            if self._problem != "changed":
                self._problem = ""
            self.ask(self._list, self._listed)

    def _gone(self) -> None:
        self._state, self._files, self._chosen, self._refused = "waiting", [], [], ""
        self._problem, self._tried = "gone", False

    def _list(self) -> list[StickFile] | str:
        stick = self.parts.devices.usb_stick
        try:
            return stick.files() if stick else "gone"
        except DriverError as error:
            return _why(error)

    def _listed(self, said: list[StickFile] | str) -> None:
        if isinstance(said, str) or not said:
            self._state, self._problem = "waiting", said if isinstance(said, str) else "none"
        else:
            self._state, self._files = "choosing", said

    def _fetch(self) -> None:
        if not self._chosen:
            self._problem = "choose"
            return
        files = [self._files[place] for place in self._chosen]
        self._state, self._problem = "fetching", ""
        self.ask(lambda: self._take(files), self._taken)

    def _take(self, files: list[StickFile]) -> Taken | str:
        stick, room, taken = self.parts.devices.usb_stick, self.room, Taken()
        assert stick is not None
        try:
            for file in files:
                content = stick.read(file)
                made = take_in(content, room) if room > 0 else IncomingRefused("too-many-pages")
                room -= len(made.pages) if isinstance(made, Incoming) else 0
                taken.append(made)
        except DriverError as error:
            return _why(error)
        return taken

    def _taken(self, said: Taken | str) -> None:
        if isinstance(said, str):
            self._gone()
            self._problem = said
            return
        problem, any_taken = self.keep(said)
        if any_taken:
            self.journey.go(self.pages(problem))
        else:
            self._state, self._chosen, self._refused = "choosing", [], problem


def _why(error: DriverError) -> str:
    log.warning("a stick cannot be used: %s", error.code)
    if isinstance(error, Refused):
        return "changed"
    return "gone" if isinstance(error, DeviceGone) else "unreadable"
