"""What the ways share by which pages come to a material without its camera: what is good is kept, what is not told."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from contract.codes import MaterialOrigin
from kiosk.documents.incoming import Incoming, IncomingRefused
from kiosk.items import to_scan
from kiosk.journey.material_pages import KeptPage, MaterialPages
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.steps import given

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)


class TakeFiles(Step):
    """The base. `room` is how many more pages the material may have."""

    part = "scan"
    #: of the pages taken this way
    origin: MaterialOrigin

    def __init__(self, journey: Journey, stop: Stop, room: int, change: bool) -> None:
        super().__init__(journey)
        self._stop, self._change, self.room = stop, change, room
        self.material = to_scan(journey.item, self.state.facts)[stop.index]

    def pages(self, problem: str = "") -> Step:
        """The material's pages, where `problem` is told first."""
        return self.journey.make("scan", stop=self._stop, change=self._change, problem=problem, begins=False)

    @property
    def kept(self) -> MaterialPages:
        """Its pages so far."""
        return given.pages_of(self.journey, self.material.id)

    def change_to(self, pages: MaterialPages) -> None:
        """Keep these in the savepoint; a PDF made of others is forgotten. Raises CacheFull."""
        given.change_pages(self.journey, self.material.id, pages)

    def keep(self, files: Sequence[Incoming | IncomingRefused]) -> tuple[str, bool]:
        """Keep what is good at the end of the pages; what the others lack, in words, and whether any was kept.

        Raises CacheFull.
        """
        visit, problems = self.journey.visit, list[str]()
        assert visit is not None
        before = kept = self.kept
        for number, file in enumerate(files, start=1):
            if isinstance(file, Incoming):
                for page in file.pages:
                    digest = self.parts.cache.visits.keep_material(visit, page)
                    kept = kept.add(KeptPage(digest, origin=self.origin))
            else:
                log.warning("a file was refused: %s", file.reason)
                reason = self.say(f"phone_upload.{file.reason.replace('-', '_')}", room=self.room)
                problems.append(self.say("phone_upload.refused", number=number, reason=reason))
        if kept is not before:
            self.change_to(kept)
        return "\n".join(problems), kept is not before
