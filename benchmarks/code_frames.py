"""Pictures as a terminal's code camera sees them: with a code, spoilt in fourteen ways, and without any.

The same seed gives the same pictures. Nothing of drivers.code_scanner is used here, and no decoder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import barcode
import cv2
import numpy as np
import segno
from numpy.random import Generator
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Floats = NDArray[np.float32]
WIDTH, HEIGHT = 1280, 720
# Of ten frames with a code, one holds a barcode and one a QR code whose bytes are GBK.
_BARCODES = ("code128", "code39", "ean13")


@dataclass(frozen=True)
class Frame:
    """A grey picture, the text in it (None: no code), and how it was spoilt."""

    picture: Picture
    text: str | None
    kind: str


def _scaled(code: Floats, module: float, chance: Generator) -> Floats:
    return cv2.resize(code, None, fx=module, fy=module, interpolation=cv2.INTER_NEAREST).astype(np.float32)


def _qr(content: str | bytes, chance: Generator, error: str = "m") -> Floats:
    """One pixel a module, with its quiet zone; 0 and 1."""
    rows = segno.make_qr(content, error=error, encoding=None if isinstance(content, bytes) else "utf-8", eci=False)
    return 1 - np.array([list(row) for row in rows.matrix_iter(border=4)], np.float32)


def _bars(kind: str, text: str) -> tuple[str, Floats]:
    """One pixel a module and 40 high."""
    code = barcode.Code39(text, add_checksum=False) if kind == "code39" else barcode.get(kind, text)
    modules = "0" * 10 + code.build()[0].replace("G", "1") + "0" * 10
    row = 1 - np.array([int(module) for module in modules], np.float32)
    return (code.get_fullcode() if kind == "ean13" else text), np.repeat(row[None, :], 50, axis=0)


def _content(number: int, chance: Generator) -> tuple[str, Floats, bool]:
    """What the code says, the code, whether it is a barcode."""
    digits = f"{chance.integers(10**15):015d}"
    if number % 10 == 4:
        kind = _BARCODES[number // 10 % 3]
        text, code = _bars(
            kind, {"code128": f"BM-{digits[:10]}", "code39": f"BM{digits[:7]}", "ean13": digits[:12]}[kind]
        )
        return text, code, True
    if number % 10 == 9:
        text = f"办事编号：{digits}，请到综合窗口"
        return text, _qr(text.encode("gb18030"), chance), False
    texts = (
        f"https://code.example.invalid/jmm/{digits}",
        digits,
        f"电子证照；{digits}",
        f"https://m.example.invalid/login?ticket={digits * 6}",
    )
    text = texts[number % len(texts)]
    return text, _qr(text, chance, "lmqh"[int(chance.integers(0, 3))]), False


def _desk(chance: Generator) -> Floats:
    """A background with soft clouds and a few edges: a hand, a sleeve, a counter."""
    clouds = cv2.resize(
        chance.uniform(-1, 1, (6, 10)).astype(np.float32), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC
    )
    desk = np.asarray(chance.uniform(0.25, 0.7) + 0.15 * clouds, np.float32)
    for _ in range(int(chance.integers(2, 8))):
        corners = chance.uniform((0, 0), (WIDTH, HEIGHT), (3, 2)).astype(np.int32)
        cv2.fillPoly(desk, [corners], float(chance.uniform(0.1, 0.9)))
    return np.asarray(cv2.GaussianBlur(desk, (0, 0), 2), np.float32)


def _laid(code: Floats, desk: Floats, chance: Generator, angle: float, tilt: float) -> Floats:
    """The code in the middle of the desk, turned by `angle`, its corners moved by `tilt` of its size."""
    height, width = code.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turned = (corners - (width / 2, height / 2)) @ np.array(
        [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    ).astype(np.float32)
    turned += chance.uniform(-tilt, tilt, (4, 2)) * min(width, height)
    turned += (WIDTH / 2, HEIGHT / 2)
    warp = cv2.getPerspectiveTransform(corners, turned.astype(np.float32))
    size = (WIDTH, HEIGHT)
    lit = cv2.warpPerspective(code, warp, size, flags=cv2.INTER_AREA)
    where = cv2.warpPerspective(np.ones_like(code), warp, size, flags=cv2.INTER_LINEAR)
    return np.asarray(desk * (1 - where) + lit * where, np.float32)


def _shifted(frame: Floats, chance: Generator) -> Floats:
    """The middle of the frame elsewhere: a code need not be held in the middle."""
    move = np.array([[1, 0, chance.uniform(-200, 200)], [0, 1, chance.uniform(-60, 60)]], np.float32)
    return np.asarray(cv2.warpAffine(frame, move, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT), np.float32)


def _noise(frame: Floats, chance: Generator, strength: float) -> Floats:
    return frame + chance.normal(0, strength / 255, frame.shape).astype(np.float32)


def _blurred(frame: Floats, chance: Generator) -> Floats:
    return np.asarray(cv2.GaussianBlur(frame, (0, 0), float(chance.uniform(1.0, 3.2))), np.float32)


def _moved(frame: Floats, chance: Generator) -> Floats:
    length = int(chance.integers(5, 16))
    kernel = np.zeros((length, length), np.float32)
    angle, middle = chance.uniform(0, np.pi), (length - 1) / 2
    step = (np.cos(angle) * middle, np.sin(angle) * middle)
    ends = [(round(middle - step[0]), round(middle - step[1])), (round(middle + step[0]), round(middle + step[1]))]
    cv2.line(kernel, ends[0], ends[1], 1.0)
    return np.asarray(cv2.filter2D(frame, -1, kernel / kernel.sum()), np.float32)


def _pale(frame: Floats, chance: Generator) -> Floats:
    return np.asarray(chance.uniform(0.1, 0.75) + frame * chance.uniform(0.05, 0.15), np.float32)


def _glare(frame: Floats, chance: Generator) -> Floats:
    result = frame.copy()
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    for _ in range(int(chance.integers(1, 4))):
        at = (WIDTH / 2 + chance.uniform(-160, 160), HEIGHT / 2 + chance.uniform(-130, 130))
        size = chance.uniform(20, 80)
        result += chance.uniform(0.7, 2.0) * np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * size**2))
    return np.asarray(result, np.float32)


def _screen(frame: Floats, chance: Generator) -> Floats:
    """The grid of a phone's screen against that of the camera, and bands of its light."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    waves = np.ones_like(frame)
    for _ in range(2):
        angle, period = chance.uniform(0, np.pi), chance.uniform(2.5, 10)
        waves *= 1 + chance.uniform(0.04, 0.22) * np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / period)
    waves *= 1 + 0.25 * np.sin(y * 2 * np.pi / chance.uniform(80, 300) + chance.uniform(0, 6))
    return np.asarray((0.15 + 0.75 * frame) * waves, np.float32)


def _soiled(frame: Floats, chance: Generator) -> Floats:
    result = frame.copy()
    for _ in range(int(chance.integers(6, 22))):
        at = (int(WIDTH / 2 + chance.normal(0, 90)), int(HEIGHT / 2 + chance.normal(0, 80)))
        axes = (int(chance.integers(2, 11)), int(chance.integers(2, 8)))
        cv2.ellipse(result, at, axes, float(chance.uniform(0, 180)), 0, 360, float(chance.uniform(0, 1)), -1)
    return result


def _shadow(frame: Floats, chance: Generator) -> Floats:
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    angle = chance.uniform(0, 2 * np.pi)
    edge = (x - WIDTH / 2) * np.cos(angle) + (y - HEIGHT / 2) * np.sin(angle) + chance.uniform(-80, 80)
    return np.asarray(frame * (0.12 + 0.88 / (1 + np.exp(-edge / chance.uniform(5, 120)))), np.float32)


def _compressed(frame: Floats, chance: Generator) -> Floats:
    coarse = np.clip(frame * 255, 0, 255).astype(np.uint8)
    _, jpeg = cv2.imencode(".jpg", coarse, [cv2.IMWRITE_JPEG_QUALITY, int(chance.integers(6, 30))])
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE), np.float32) / np.float32(255)


def _as_is(frame: Floats, chance: Generator) -> Floats:
    return frame


# kind -> (how it is spoilt, pixels a module, largest tilt, noise of the sensor in grey levels)
_KINDS: dict[str, tuple[Callable[[Floats, Generator], Floats], tuple[float, float], float, tuple[float, float]]] = {
    "easy": (_as_is, (4, 7), 0.03, (1, 4)),
    "turned": (_as_is, (3, 6), 0.05, (1, 6)),
    "perspective": (_as_is, (4, 7), 0.22, (1, 6)),
    "noise": (_as_is, (3, 6), 0.05, (15, 60)),
    "blur": (_blurred, (3, 6.5), 0.05, (1, 6)),
    "motion": (_moved, (3, 7), 0.05, (1, 6)),
    "pale": (_pale, (3, 6), 0.05, (1, 4)),
    "glare": (_glare, (3.5, 6), 0.05, (1, 5)),
    "screen": (_screen, (3, 6), 0.05, (1, 5)),
    "small": (_as_is, (1.5, 2.8), 0.03, (1, 5)),
    "inverted": (lambda frame, chance: 1 - frame, (3, 6), 0.08, (1, 8)),
    "soiled": (_soiled, (4, 7), 0.05, (1, 5)),
    "shadow": (_shadow, (3, 6), 0.05, (1, 5)),
    "compressed": (_compressed, (3, 6), 0.05, (1, 8)),
}


def with_code(count: int, seed: int) -> Iterator[Frame]:
    """Frames that hold one code each. Every third is also a little out of focus or moved."""
    chance = np.random.default_rng(seed)
    for number in range(count):
        kind = list(_KINDS)[number % len(_KINDS)]
        spoil, (least, most), tilt, (calm, loud) = _KINDS[kind]
        text, code, bars = _content(number, chance)
        module = chance.uniform(least, most)
        largest = 0.95 * min(WIDTH, HEIGHT) / (1 + 2 * tilt) / (code.shape[0] * 1.3)
        scaled = _scaled(code, min(module, largest) if not bars else min(module, 3.5), chance)
        angle = (
            chance.uniform(-0.2, 0.2)
            if bars
            else chance.uniform(-np.pi, np.pi)
            if kind == "turned"
            else chance.uniform(-0.5, 0.5)
        )
        frame = _laid(0.06 + 0.88 * scaled, _desk(chance), chance, angle, min(tilt, 0.05) if bars else tilt)
        frame = spoil(frame, chance)
        if number % 3 == 2 and kind not in ("easy", "blur", "motion"):
            frame = np.asarray(cv2.GaussianBlur(frame, (0, 0), float(chance.uniform(0.6, 1.4))), np.float32)
        frame = _noise(_shifted(frame, chance), chance, chance.uniform(calm, loud))
        yield Frame(np.clip(frame * 255, 0, 255).astype(np.uint8), text, "barcode" if bars else kind)


def _words(chance: Generator) -> Floats:
    page = np.full((HEIGHT, WIDTH), 230, np.uint8)
    for line in range(int(chance.integers(8, 24))):
        words = " ".join("".join(chr(int(letter)) for letter in chance.integers(33, 126, 7)) for _ in range(9))
        size, thick = float(chance.uniform(0.4, 1.1)), int(chance.integers(1, 4))
        cv2.putText(page, words, (10, 30 + line * 30), cv2.FONT_HERSHEY_SIMPLEX, size, 25, thick)
    return page.astype(np.float32) / np.float32(255)


def _stripes(chance: Generator) -> Floats:
    widths = chance.integers(2, 14, 400)
    row = np.repeat(np.arange(400) % 2, widths)[:WIDTH].astype(np.float32)
    return np.repeat(np.resize(row, WIDTH)[None, :], HEIGHT, axis=0)


def _board(chance: Generator) -> Floats:
    size = int(chance.integers(4, 60))
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    return np.asarray((x // size + y // size) % 2, np.float32)


def _modules(chance: Generator) -> Floats:
    """Black and white squares, as in a code, that are none."""
    size = int(chance.integers(3, 12))
    squares = chance.integers(0, 2, (HEIGHT // size + 1, WIDTH // size + 1)).astype(np.float32)
    return np.asarray(np.kron(squares, np.ones((size, size), np.float32))[:HEIGHT, :WIDTH], np.float32)


def _half(chance: Generator) -> Floats:
    """A QR code of which half is covered, or that leaves the picture."""
    code = _scaled(_qr(f"half {chance.integers(10**12)}", chance, "l"), float(chance.uniform(4, 9)), chance)
    desk = _desk(chance)
    frame = _laid(code, desk, chance, float(chance.uniform(-0.3, 0.3)), 0.03)
    where = np.argwhere(np.abs(frame - desk) > 0.05)
    (top, left), (bottom, right) = where.min(axis=0), where.max(axis=0)
    if chance.integers(2):
        frame[top : (top + bottom) // 2] = desk[top : (top + bottom) // 2]
    else:
        frame[:, left : (left + right) // 2] = desk[:, left : (left + right) // 2]
    return frame


def _half_bars(chance: Generator) -> Floats:
    """Bars of a barcode of which a third is covered."""
    code = _bars("code128", f"COVERED{chance.integers(10**9)}")[1]
    code[:, : code.shape[1] // 3] = 1.0
    return _laid(_scaled(code, 3, chance), _desk(chance), chance, float(chance.uniform(-0.2, 0.2)), 0.02)


def _face(chance: Generator) -> Floats:
    frame = _desk(chance)
    middle = (int(chance.integers(400, 880)), int(chance.integers(260, 460)))
    cv2.ellipse(frame, middle, (150, 200), 0, 0, 360, 0.75, -1)
    for side in (-60, 60):
        cv2.circle(frame, (middle[0] + side, middle[1] - 50), 22, 0.15, -1)
        cv2.circle(frame, (middle[0] + side, middle[1] - 50), 34, 0.3, 6)
    cv2.ellipse(frame, (middle[0], middle[1] + 90), (60, 18), 0, 0, 360, 0.3, -1)
    return np.asarray(cv2.GaussianBlur(frame, (0, 0), 4), np.float32)


def _finders(chance: Generator) -> Floats:
    """Squares within squares, as the corners of a QR code, without a code."""
    frame = _desk(chance)
    for _ in range(int(chance.integers(3, 9))):
        x, y, size = (int(value) for value in chance.integers((50, 50, 3), (1100, 560, 12)))
        for depth, light in enumerate((0.05, 0.95, 0.05)):
            cv2.rectangle(
                frame, (x + depth * size, y + depth * size), (x + (7 - depth) * size, y + (7 - depth) * size), light, -1
            )
    return frame


_WITHOUT: dict[str, Callable[[Generator], Floats]] = {
    "desk": _desk,
    "words": _words,
    "stripes": _stripes,
    "board": _board,
    "modules": _modules,
    "half a QR code": _half,
    "part of a barcode": _half_bars,
    "face": _face,
    "finders": _finders,
    "noise": lambda chance: chance.uniform(0, 1, (HEIGHT, WIDTH)).astype(np.float32),
}


def without_code(count: int, seed: int) -> Iterator[Frame]:
    """Frames that hold no code, or so little of one that nothing may be read."""
    chance = np.random.default_rng(seed)
    for number in range(count):
        kind = list(_WITHOUT)[number % len(_WITHOUT)]
        frame = _WITHOUT[kind](chance)
        if number // len(_WITHOUT) % 3 == 1:
            frame = np.asarray(cv2.GaussianBlur(frame, (0, 0), float(chance.uniform(0.5, 2))), np.float32)
        frame = _noise(frame, chance, chance.uniform(1, 8))
        yield Frame(np.clip(frame * 255, 0, 255).astype(np.uint8), None, kind)
