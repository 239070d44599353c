"""Signing by hand on the screen; the signature is bound to the exact text and kept as strokes and picture."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from contract.cases import MaterialSent
from kiosk.cases import assemble
from kiosk.cases.signature_picture import picture
from kiosk.journey import intents
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.views import SignView

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

#: a dot or a slip is no name: the strokes together must be this long, in widths of the pad
SHORTEST = 0.25
#: the id under which the picture of the signature travels among the materials
PICTURE = "signature"


class SignByHand(Step):
    """The pad."""

    part = "sign"

    def __init__(self, journey: Journey, stop: Stop, backwards: bool = False) -> None:
        super().__init__(journey)
        self._stop = stop
        self._problem = ""

    def view(self) -> SignView:
        return SignView(
            title=self.say("sign.title"),
            help=self.say("sign.help"),
            strokes=tuple(tuple((x, y) for x, y, _ in stroke) for stroke in self.state.strokes),
            problem=self.say(self._problem) if self._problem else "",
        )

    def buttons(self) -> tuple[str, str, bool]:
        return "button.back", "button.signed", True

    def handle(self, event: object) -> Step | None:
        match event:
            case intents.Sign(strokes):
                self.state.strokes, self.state.signature, self._problem = strokes, None, ""
            case intents.Forward():
                if _length(self.state.strokes) < SHORTEST:
                    self._problem = "sign.too_short"
                    return None
                self._keep()
                return self.journey.after(self._stop)
            case intents.Back():
                return self.journey.before(self._stop)
        return None

    def _keep(self) -> None:
        commitment, visit = self.journey.item.commitment, self.journey.visit
        assert commitment is not None and visit is not None
        before = self.state.materials.pop(PICTURE, None)
        if before is not None:
            self.parts.cache.visits.drop_material(visit, before.sha256)
        png = picture(self.state.strokes)
        digest = self.parts.cache.visits.keep_material(visit, png)
        sent = MaterialSent(
            material_id=PICTURE,
            name=commitment.title.zh + "签名",
            media_type="image/png",
            sha256=digest,
            size=len(png),
            pages=1,
        )
        self.state.materials[PICTURE] = sent
        self.state.signature = assemble.sign(commitment, self.state.strokes, sent, datetime.now(UTC))
        self.journey.save()


def _length(strokes: tuple[tuple[tuple[float, float, int], ...], ...]) -> float:
    return sum(
        ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 for stroke in strokes for (x1, y1, _), (x2, y2, _) in pairwise(stroke)
    )
