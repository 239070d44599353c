"""Signing by hand on the screen: the handwriting is put on the letter, and the device signs both."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from contract.cases import MaterialSent, Signature
from contract.codes import LetterKind
from kiosk.cases import letters
from kiosk.documents.errors import DocumentError
from kiosk.documents.sealing import DeviceKey
from kiosk.items.letters import letter_kinds
from kiosk.journey import intents
from kiosk.journey.route import Stop
from kiosk.journey.step import Step
from kiosk.journey.views import SignView
from offline_cache.errors import NoRelease

if TYPE_CHECKING:
    from kiosk.journey.journey import Journey

log = logging.getLogger(__name__)

#: a dot or a slip is no name: the strokes together must be this long, in widths of the pad
SHORTEST = 0.25

Signed = tuple[Signature, MaterialSent, bytes]


class SignByHand(Step):
    """The pad. The document is made and signed away from the screen's thread, and meanwhile nothing else goes on."""

    part = "sign"

    def __init__(self, journey: Journey, stop: Stop, backwards: bool = False) -> None:
        super().__init__(journey)
        self._stop = stop
        self._kind = letter_kinds(journey.item, self.state.facts, self.state.later)[stop.index]
        self._problem = ""
        self._working = False

    def view(self) -> SignView:
        return SignView(
            title=self.say("sign.title"),
            help=self.say("sign.working" if self._working else "sign.help"),
            strokes=tuple(tuple((x, y) for x, y, _ in stroke) for stroke in self._strokes),
            problem=self.say(self._problem) if self._problem else "",
            working=self._working,
        )

    @property
    def _strokes(self) -> tuple[tuple[tuple[float, float, int], ...], ...]:
        return self.state.strokes.get(self._kind, ())

    def buttons(self) -> tuple[str, str, bool]:
        return "button.back", "button.signed", not self._working

    def handle(self, event: object) -> Step | None:
        match event:
            case _ if self._working:
                return None
            case intents.Sign(strokes, shape):
                self.state.strokes[self._kind], self.state.pad_shape, self._problem = strokes, shape, ""
                forget_letter(self.journey, self._kind)
            case intents.Forward() if self._kind in self.state.signatures:
                return self.journey.after(self._stop)
            case intents.Forward() if _length(self._strokes) < SHORTEST:
                self._problem = "sign.too_short"
            case intents.Forward():
                self._sign()
            case intents.Back():
                return self.journey.before(self._stop)
        return None

    def _sign(self) -> None:
        item, installed, strokes = self.journey.item, self.journey.installed, self._strokes
        shape = self.state.pad_shape
        letter = letters.letter(self._kind, item, self.state)
        key, place = DeviceKey(self.parts.cache.data / "pki"), self.parts.settings.hall.zh
        self._working, self._problem = True, ""

        def work() -> Signed | str:
            try:
                template, city = installed.template(item, "letter"), installed.about.city.zh
                unsigned = letters.render(letter, template, city, item.dept_name.zh, datetime.now(UTC))
                return letters.sign(letter, unsigned, strokes, shape, key, place)
            except DocumentError as error:
                return error.reason
            except NoRelease:
                return "template"

        self.ask(work, self._signed)

    def _signed(self, result: Signed | str) -> None:
        self._working = False
        if isinstance(result, str):
            log.error("a letter could not be signed: %s", result)
            self._problem = "sign.failed"
            return
        signature, material, pdf = result
        visit = self.journey.visit
        assert visit is not None
        self.parts.cache.visits.keep_material(visit, pdf)
        self.state.materials[material.material_id] = material
        self.state.signatures[self._kind] = signature
        self.journey.save()
        self.journey.go(self.journey.after(self._stop))


def forget_letter(journey: Journey, kind: LetterKind) -> None:
    """What was signed is no longer what is meant: the letter is to be signed again."""
    signature = journey.state.signatures.pop(kind, None)
    material = journey.state.materials.pop(letters.material_id(kind), None)
    if signature is not None and material is not None and journey.visit is not None:
        journey.parts.cache.visits.drop_material(journey.visit, material.sha256)


def _length(strokes: tuple[tuple[tuple[float, float, int], ...], ...]) -> float:
    return sum(
        ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 for stroke in strokes for (x1, y1, _), (x2, y2, _) in pairwise(stroke)
    )
