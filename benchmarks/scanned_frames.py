"""What a document scanner at 200 dpi sees: invented papers under a lid or fed askew, deterministic by seed.

`frames(seed)` gives 60 of them, 40 small papers on the glass and 20 sheets from the feeder, none with a fault.

    python -m benchmarks.scanned_frames --seed 1 --out FOLDER
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.drawn_papers import (
    draw_certificate,
    draw_few_lines,
    draw_household_page,
    draw_id_card_back,
    draw_id_card_front,
)

DPI = 200
Colour = tuple[int, int, int]
WHITE, GREY, BLACK = (250, 250, 249), (120, 121, 122), (24, 25, 27)
#: widths and heights in millimetres; a household register's page is no standard size
A4_MM, CARD_MM, HOUSEHOLD_MM = (210.0, 297.0), (85.6, 54.0), (143.0, 100.0)
#: Neither was tuned on; the second is the one benchmarks and tests measure.
FIRST, HELD_OUT = 1128, 6021

Picture = np.ndarray
#: A picture, its size and the place of its middle in mm, and by how many degrees it lies turned clockwise.
Laid = tuple[Picture, tuple[float, float], tuple[float, float], float]


@dataclass(frozen=True)
class Frame:
    """`picture` (BGR) shows `paper`, drawn flat, of `size` mm, turned clockwise by `angle` degrees."""

    picture: Picture
    fed: bool
    paper: Picture
    size: tuple[float, float]
    angle: float


def frames(seed: int, every: int = 1) -> Iterator[Frame]:
    """Cards and household pages anywhere on the glass, then sheets fed askew by up to 3 degrees; or each `every`th."""
    random = np.random.default_rng(seed)
    small = [(draw_id_card_front().picture, CARD_MM), (draw_id_card_back().picture, CARD_MM)]
    small.append((draw_household_page().picture, HOUSEHOLD_MM))
    for number in range(40):
        paper, size = small[number % len(small)]
        reach = float(np.hypot(*size)) / 2 + 2
        where = (random.uniform(reach, A4_MM[0] - reach), random.uniform(reach, A4_MM[1] - reach))
        angle = random.uniform(-35, 35)
        lid = (WHITE, BLACK)[number % 2]
        shadow = int(random.integers(0, 12))
        if number % every:
            continue
        picture = under_lid((paper, size, where, angle), lid=lid, shadow=shadow, seed=number)
        yield Frame(picture, False, paper, size, angle)
    sheets = [draw_certificate().picture, draw_few_lines().picture]
    for number in range(20):
        paper, angle = sheets[number % 2], random.uniform(-3, 3)
        if number % every:
            continue
        picture = fed(paper, angle, (WHITE, GREY, BLACK)[number % 3], seed=number)
        yield Frame(picture, True, paper, A4_MM, angle)


def under_lid(*papers: Laid, lid: Colour = WHITE, shadow: int = 0, seed: int = 1) -> Picture:
    """A glass of A4 with papers, `shadow` grey levels dark along their edges."""
    width, height = (round(side * DPI / 25.4) for side in A4_MM)
    glass = np.full((height, width, 3), lid, np.uint8)
    for picture, size, middle, angle in papers:
        wide, high = (round(side * DPI / 25.4) for side in size)
        flat = cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA)
        move = cv2.getRotationMatrix2D((wide / 2, high / 2), -angle, 1.0)
        move[:, 2] += np.array(middle) * DPI / 25.4 - np.array([wide / 2, high / 2])
        covers = cv2.warpAffine(np.full((high, wide), 255, np.uint8), move, (width, height))
        rim = cv2.GaussianBlur(cv2.dilate(covers, np.ones((5, 5), np.uint8)), (0, 0), 2).astype(np.float32) / 255
        shaded = glass - shadow * rim[..., None]
        part = covers[..., None].astype(np.float32) / 255
        laid = cv2.warpAffine(flat, move, (width, height), flags=cv2.INTER_AREA)
        glass = (laid * part + shaded * (1 - part)).clip(0, 255).astype(np.uint8)
    return as_scanned(glass, seed)


def fed(picture: Picture, angle: float, behind: Colour = WHITE, seed: int = 1) -> Picture:
    """A sheet of A4 that came through the feeder turned clockwise by `angle` degrees."""
    return under_lid((picture, A4_MM, (A4_MM[0] / 2, A4_MM[1] / 2), angle), lid=behind, seed=seed)


def as_scanned(picture: Picture, seed: int = 1) -> Picture:
    """With the softness, the noise and the JPEG of a scanner."""
    noise = np.random.default_rng(seed).normal(0, 2.0, picture.shape)
    noisy = (cv2.GaussianBlur(picture, (0, 0), 0.6) + noise).clip(0, 255).astype(np.uint8)
    seen = cv2.imdecode(np.frombuffer(jpeg(noisy), np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None
    return np.asarray(seen)


def jpeg(picture: Picture) -> bytes:
    """As the driver hands it over."""
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 90])[1])


def likeness(picture: Picture, paper: Picture) -> float:
    """Correlation of what was made with what was drawn, at a pixel a millimetre: 1 where all lies as it should."""
    size = (picture.shape[1] // 8, picture.shape[0] // 8)
    made, drawn = (cv2.resize(each, size, interpolation=cv2.INTER_AREA).ravel() for each in (picture, paper))
    return float(np.corrcoef(made, drawn)[0, 1])


def main() -> None:
    """Write the frames as JPEG, to look at."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scanned_frames", description=__doc__)
    parser.add_argument("--seed", type=int, default=FIRST)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    for number, frame in enumerate(frames(options.seed)):
        (options.out / f"{number:02}-{'fed' if frame.fed else 'glass'}.jpg").write_bytes(jpeg(frame.picture))


if __name__ == "__main__":
    main()
