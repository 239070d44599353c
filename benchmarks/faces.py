"""The face check's own part on drawn faces: how long it takes, and how it judges them. Drawn faces say little about
real ones: the counts show that nothing is broken, not how many citizens it accepts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.figures import Figure, milliseconds
from kiosk.identity.face.course import card_template
from kiosk.identity.face.dlib_part import DlibPart
from kiosk.identity.face.part import Image

FACES = Path(__file__).resolve().parents[1] / "drivers" / "simulators" / "faces"
NOISE = range(6)  # each live picture is judged with so many different noises of a sensor


def _noisy(image: Image, seed: int) -> Image:
    noise = np.random.default_rng(seed).integers(-4, 5, image.shape)
    return np.clip(image.astype(int) + noise, 0, 255).astype(np.uint8)


def _read(path: Path) -> Image:
    image = cv2.imread(str(path))
    assert image is not None
    return image.astype(np.uint8)


def run() -> list[Figure]:
    """Times, and every drawn person beside every card. The peer is an earlier measurement, or what is wanted."""
    part = DlibPart()
    names = sorted(folder.name for folder in FACES.iterdir() if (folder / "card.png").exists())
    cards = {name: card_template(part, _read(FACES / name / "card.png")) for name in names}
    live: dict[str, list[Any]] = {name: [] for name in names}
    missed = 0
    for name in names:
        for seed in NOISE:
            image = _noisy(_read(FACES / name / "look.jpg"), seed)
            faces = part.faces(image)
            missed += not faces
            live[name] += [part.template(image, face) for face in faces[:1]]
    own = [part.compare(cards[name], one) for name in names for one in live[name]]
    others = [part.compare(cards[card], one) for name in names for card in names if card != name for one in live[name]]
    image, photo = _read(FACES / names[0] / "look.jpg"), _read(FACES / names[0] / "card.png")
    face = part.faces(image)[0]

    def whole() -> None:
        part.compare(card_template(part, photo), part.template(image, part.faces(image)[0]))

    detection, template, both = (
        milliseconds(work, 20)[0] for work in (lambda: part.faces(image), lambda: part.template(image, face), whole)
    )
    per_cent = 100 / len(own), 100 / len(others)
    return [
        Figure("face detection at 640x480, median", detection, "as measured before", 45, "ms"),
        Figure("face template, median", template, "as measured before", 126, "ms"),
        Figure("card's photo beside a frame, median", both, "as measured before", 2 * (45 + 126), "ms"),
        Figure("drawn faces not found", missed, "wanted", 0, ""),
        Figure("drawn people, own card: accepted", own.count("accepted") * per_cent[0], "wanted", 100, "%"),
        Figure("drawn people, another's card: accepted", others.count("accepted") * per_cent[1], "wanted", 0, "%"),
        Figure("drawn people, another's card: unsure", others.count("unsure") * per_cent[1], "wanted", 0, "%"),
    ]
