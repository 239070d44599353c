"""A letter of commitment (告知承诺书, 容缺受理承诺书), to be read to its end before it is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.cases.letters import letter
from kiosk.items.letters import letter_kinds
from kiosk.journey import intents
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.views import CommitmentView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


class ReadCommitment(Step):
    """The whole text; the signature comes once its end has been on the screen."""

    part = "sign"

    def __init__(self, journey: Journey, stop: Stop, backwards: bool = False) -> None:
        super().__init__(journey)
        self._stop = stop
        self._kind = letter_kinds(journey.item, self.state.facts, self.state.later)[stop.index]
        # who comes back from the pad, or has signed it, has read it
        self._read = backwards or self._kind in self.state.signatures

    def view(self) -> CommitmentView:
        shown = letter(self._kind, self.journey.item, self.state, self.journey.language)
        return CommitmentView(
            title=shown.title,
            rows=shown.rows,
            paragraphs=shown.paragraphs,
            owed_title=shown.owed_title,
            owed=tuple((name, shown.owed_by) for name in shown.owed),
            read=self._read,
        )

    def buttons(self) -> tuple[str, str, bool]:
        return "button.back", "button.sign", self._read

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.ReadToEnd():
                self._read = True
            case intents.Forward() if self._read:
                return self.journey.after(self._stop)
            case intents.Back():
                return self.journey.before(self._stop)
        return None
