"""A letter of commitment (承诺书), to be read before it is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.journey import intents
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.views import CommitmentView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey


class ReadCommitment(Step):
    """The whole text; then the signature."""

    part = "sign"

    def __init__(self, journey: Journey, stop: Stop, backwards: bool = False) -> None:
        super().__init__(journey)
        self._stop = stop

    def view(self) -> CommitmentView:
        commitment, language = self.journey.item.commitment, self.journey.language
        assert commitment is not None
        return CommitmentView(
            commitment.title.in_language(language), tuple(p.in_language(language) for p in commitment.paragraphs)
        )

    def buttons(self) -> tuple[str, str, bool]:
        return "button.back", "button.sign", True

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.Forward():
                return self.journey.after(self._stop)
            case intents.Back():
                return self.journey.before(self._stop)
        return None
