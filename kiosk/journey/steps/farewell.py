"""Nothing is forgotten: card, stick, papers, what lies on the scanner. Then it is as if nobody had been there."""

from __future__ import annotations

import time

from kiosk.journey import intents
from kiosk.journey.events import Tick
from kiosk.journey.step import Step
from kiosk.journey.views import FarewellView

#: seconds the farewell stays when there is nothing to take
SHORT_SECONDS = 4
#: seconds it reminds of what no sensor tells of
GLASS_SECONDS = 10
#: seconds it reminds of a card or stick left behind; then the terminal is free for the next citizen all the same
CARD_SECONDS = 45


class Farewell(Step):
    """The visit has ended already: nothing of the citizen is known here."""

    def enter(self) -> None:
        language, care = self.journey.language, self.journey.care
        self._on_glass = self.state.on_glass
        self.journey.end_visit()
        self.state = self.journey.state
        # the last page still speaks the citizen's language
        self.journey.language, self.journey.care = language, care
        self._reminded = self._left
        stays = CARD_SECONDS if self._reminded else GLASS_SECONDS if self._on_glass else SHORT_SECONDS
        self._until = time.monotonic() + stays

    def leave(self) -> None:
        self.journey.language, self.journey.care = "zh", False

    @property
    def _card_present(self) -> bool:
        return self.journey.card_present or self.journey.smart_card_present

    @property
    def _left(self) -> bool:
        """Whether something is still in the terminal that must not stay there."""
        return self._card_present or self._stick_present

    @property
    def _stick_present(self) -> bool:
        stick = self.parts.devices.usb_stick
        return stick is not None and stick.present

    def view(self) -> FarewellView:
        card, stick = self._card_present, self._stick_present
        own = "card" if self.journey.card_present else "smart_card"
        title = ("take_both" if stick else f"take_{own}") if card else "take_stick" if stick else "title"
        lines = [f"{own}_line"] * card + ["stick_line"] * stick + ["glass_line"] * self._on_glass or ["line"]
        return FarewellView(
            card_present=card,
            title=self.say(f"farewell.{title}"),
            line="\n".join(self.say(f"farewell.{line}") for line in lines),
            seconds=max(0, round(self._until - time.monotonic())),
            stick_present=stick,
        )

    def buttons(self) -> tuple[str, str, bool]:
        return "", "", False

    def handle(self, event: object) -> Step | None:
        match event:
            case Tick() if time.monotonic() >= self._until or (self._reminded and not self._left):
                return self.journey.make("attract")
            case intents.Start():
                return self.journey.make("attract")
        return None
