"""What the ways share by which files become pages of a material: what is good is kept, what is not is told."""

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
        return self.journey.make("scan", stop=self._stop, change=self._change, problem=problem)

    def keep(self, files: Sequence[Incoming | IncomingRefused]) -> tuple[str, bool]:
        """Keep what is good at the end of the pages; what the others lack, in words, and whether any was kept.

        Raises CacheFull.
        """
        visit, problems, material = self.journey.visit, list[str](), self.material.id
        assert visit is not None
        before = self.state.pages.get(material, MaterialPages())
        kept = before
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
            self.state.pages[material] = kept
            made = self.state.materials.pop(material, None)
            if made is not None:
                self.journey.drop(made.sha256)
            self.journey.save()
        return "\n".join(problems), kept is not before
