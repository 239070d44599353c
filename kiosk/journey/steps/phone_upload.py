"""Pages of a material from the citizen's phone: a code to scan, then what the phone sent, checked and made anew."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from contract.codes import MaterialOrigin
from contract.phone_uploads import MOST_FILES, UploadStage, UploadState
from kiosk.documents.incoming import Incoming, IncomingRefused, take_in
from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.route import Stop
from kiosk.journey.source_views import PhoneUploadView
from kiosk.journey.step import Step
from kiosk.journey.steps.take_files import TakeFiles
from offline_cache.errors import PlatformError
from offline_cache.phone_uploads import PhoneTicket, PhoneUploads

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

#: seconds between two questions whether the phone has sent
POLL_SECONDS = 2.0
#: seconds before its end a code is no longer shown: nobody begins to send with one that runs out
ENDS_BEFORE = 5.0


@dataclass(frozen=True)
class _Fetched:
    """What came of a set, in its order."""

    files: tuple[Incoming | IncomingRefused, ...]


class PhoneUpload(TakeFiles):
    """One set of files a code. What is good is kept at once, what is not is told; then the pages are looked at."""

    origin = MaterialOrigin.PHONE

    def __init__(self, journey: Journey, stop: Stop, room: int, change: bool = False, backwards: bool = False) -> None:
        super().__init__(journey, stop, room, change)
        self._state: Literal["asking", "waiting", "opened", "fetching", "over"] = "asking"
        self._ticket: PhoneTicket | None = None
        self._problem = ""
        self._next_poll = 0.0
        self._polling = False

    def enter(self) -> None:
        self._ask_for_code()

    def leave(self) -> None:
        ticket, self._ticket = self._ticket, None
        if ticket is not None:
            self.parts.jobs(lambda: _end(self.parts.phone_uploads, ticket), lambda _: None)

    def view(self) -> PhoneUploadView:
        ticket = self._ticket if self._state in ("waiting", "opened") else None
        return PhoneUploadView(
            title=self.say("phone_upload.title", name=self.material.name.in_language(self.journey.language)),
            state=self._state,
            code=ticket.address if ticket else "",
            seconds=max(0, round(ticket.ends - ENDS_BEFORE - time.monotonic())) if ticket else 0,
            problem=self._problem,
        )

    def buttons(self) -> tuple[str, str, bool]:
        over = self._state == "over"
        return "button.return", "button.another_code" if over else "", over

    def handle(self, event: object) -> Step | None:
        match event:
            case Tick() if self._state in ("waiting", "opened"):
                self._tick()
            case intents.Forward() if self._state == "over":
                self._ask_for_code()
            case intents.Back():
                return self.pages()
        return None

    # the code

    def _ask_for_code(self) -> None:
        self._state, self._problem, self._ticket = "asking", "", None
        self.ask(self._begin, self._begun)

    def _begin(self) -> PhoneTicket | None:
        visit, material = self.journey.visit, self.material
        if visit is None:
            return None
        try:
            return self.parts.phone_uploads.begin(visit.id, material.id, material.name, min(self.room, MOST_FILES))
        except PlatformError as error:
            log.info("no code for a phone's pages (%s)", error)
            return None

    def _begun(self, ticket: PhoneTicket | None) -> None:
        if ticket is None:
            self._over("unreachable")
        else:
            self._state, self._ticket = "waiting", ticket
            self._next_poll = time.monotonic() + POLL_SECONDS

    # the waiting

    def _tick(self) -> None:
        ticket, now = self._ticket, time.monotonic()
        assert ticket is not None
        if (now >= ticket.ends - ENDS_BEFORE and self._state == "waiting") or now >= ticket.ends:
            self._over("expired")
        elif now >= self._next_poll and not self._polling:
            self._polling = True
            self.ask(lambda: self._poll(ticket), self._polled)

    def _poll(self, ticket: PhoneTicket) -> UploadState | None:
        try:
            return self.parts.phone_uploads.state(ticket)
        except PlatformError:
            return None

    def _polled(self, said: UploadState | None) -> None:
        self._polling = False
        self._next_poll = time.monotonic() + POLL_SECONDS
        ticket = self._ticket
        if said is None or ticket is None or self._state not in ("waiting", "opened"):
            return  # no answer: asked again while the code is good
        if said.stage is UploadStage.OPENED:
            if self._state != "opened":
                self.journey.watch.touched()  # somebody is there, with the phone in their hands
            self._state = "opened"
        elif said.stage is UploadStage.EXPIRED:
            self._over("expired")
        elif said.stage is UploadStage.SENT:
            self._state = "fetching"
            self.journey.watch.touched()
            self.ask(lambda: self._fetch(ticket, said.files), self._fetched)

    # what was sent

    def _fetch(self, ticket: PhoneTicket, count: int) -> _Fetched | None:
        room, files = self.room, list[Incoming | IncomingRefused]()
        try:
            for number in range(count):
                content = self.parts.phone_uploads.file(ticket, number)
                made = take_in(content, room) if room > 0 else IncomingRefused("too-many-pages")
                room -= len(made.pages) if isinstance(made, Incoming) else 0
                files.append(made)
        except PlatformError as error:
            log.warning("a phone's pages did not arrive (%s)", error)
            return None
        return _Fetched(tuple(files))

    def _fetched(self, said: _Fetched | None) -> None:
        if said is None:
            self._over("lost")
            return
        problem, any_taken = self.keep(said.files)
        if any_taken:
            self.journey.go(self.pages(problem))
        else:
            self._over("lost" if not problem else "", problem)

    def _over(self, why: str, problem: str = "") -> None:
        ticket, self._ticket = self._ticket, None
        if ticket is not None:
            self.parts.jobs(lambda: _end(self.parts.phone_uploads, ticket), lambda _: None)
        self._state, self._problem = "over", problem or self.say(f"phone_upload.{why}")


def _end(uploads: PhoneUploads, ticket: PhoneTicket) -> None:
    """The platform forgets it by itself where it is not reached."""
    try:
        uploads.end(ticket)
    except PlatformError as error:
        log.info("a phone's ticket is not ended (%s)", error)
