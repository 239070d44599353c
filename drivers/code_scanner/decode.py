"""Codes in a picture: zxing-cpp on the picture as it is, where that finds none on pictures made of it, zbar at last.

Each further look is there because it found codes that those before it missed, on 1,800 frames of benchmarks.code_frames
(seeds 1 to 62; the bench has another). zbar reads one in nine of what is left then, at half size in 7 ms. OpenCV's own
decoder is not asked: it found next to none that these looks miss.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

from drivers.code_scanner.text import as_text
from drivers.code_scanner.views import (
    Picture,
    as_is,
    busy_part,
    half_refocused,
    half_sharpened,
    larger_sharpened,
    resized,
    sharpened,
    third_sharpened,
    thresholded,
    to_grey,
)

_Format = zxingcpp.BarcodeFormat

# What citizens show is nearly always a QR code, and looking for all kinds takes ten times as long. Model 2 only: the
# correction of Micro QR and rMQR codes is so weak that they are found where there are none.
_QR = zxingcpp.BarcodeFormats([_Format.QRCodeModel2])
# Barcodes that check themselves, or are long enough.
_BARS = zxingcpp.BarcodeFormats([_Format.Code128, _Format.Code39, _Format.EAN13])
_OTHERS = zxingcpp.BarcodeFormats([_Format.DataMatrix, _Format.PDF417, _Format.Aztec])
# Kinds that are short or check little of themselves: believed when a second view of the picture shows the same.
_WEAK = zxingcpp.BarcodeFormats([_Format.EAN8, _Format.UPCE, _Format.ITF, _Format.Code93])
# What has no check digit must be long.
_SHORTEST = dict.fromkeys((_Format.Code39, _Format.Code39Std, _Format.Code39Ext, _Format.ITF), 6)
# What zbar is asked for; in 750 frames without a code it found none.
_ZBAR = [pyzbar.ZBarSymbol.QRCODE, pyzbar.ZBarSymbol.CODE128, pyzbar.ZBarSymbol.EAN13]
_ZBAR_KINDS = {"QRCODE": "QR Code", "CODE128": "Code 128", "EAN13": "EAN-13"}
_LOCAL, _GLOBAL = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram

# Further looks end when they have taken so many seconds of the processor, so that a busy machine finds the same codes;
# a terminal's frame takes a fifth of it.
BUDGET = 0.35
# No code is smaller: 11 modules (Aztec), a barcode's line of dots.
_SMALLEST = 11
# Looks are made for frames of a camera, 0.9 megapixels. A photograph is made smaller for them, and then looked at as it
# is as far as the time for it allows.
_LARGEST = 1_600_000
BUDGET_LARGE = 1.0


@dataclass(frozen=True)
class Code:
    """A code's text and its kind ("QR Code", "Code 128", …)."""

    text: str = field(repr=False)
    kind: str


def _read(
    picture: Picture,
    formats: zxingcpp.BarcodeFormats,
    binarizer: zxingcpp.Binarizer,
    try_downscale: bool = True,
    try_invert: bool = True,
) -> list[Code]:
    """The codes zxing-cpp finds, the largest first."""
    found = [
        code
        for code in zxingcpp.read_barcodes(
            picture, formats, binarizer=binarizer, try_downscale=try_downscale, try_invert=try_invert
        )
        if code.valid and len(code.bytes) >= _SHORTEST.get(code.format, 1)
    ]
    found.sort(key=lambda code: -_extent(code.position))
    return list(dict.fromkeys(Code(as_text(code.bytes), str(code.format)) for code in found))


def _extent(position: zxingcpp.Position) -> int:
    """The longer diagonal, squared: a barcode is found as a line."""
    ends = ((position.top_left, position.bottom_right), (position.top_right, position.bottom_left))
    return max((a.x - b.x) ** 2 + (a.y - b.y) ** 2 for a, b in ends)


_Reader = Callable[[Picture], list[Code]]
_qr: _Reader = partial(_read, formats=_QR, binarizer=_LOCAL)
_qr_same_size: _Reader = partial(_read, formats=_QR, binarizer=_LOCAL, try_downscale=False)
_qr_dark: _Reader = partial(_read, formats=_QR, binarizer=_LOCAL, try_downscale=False, try_invert=False)
_qr_global: _Reader = partial(_read, formats=_QR, binarizer=_GLOBAL)
_bars: _Reader = partial(_read, formats=_BARS, binarizer=_LOCAL, try_downscale=False, try_invert=False)


def _others(grey: Picture) -> list[Code]:
    found = _read(grey, _OTHERS, _LOCAL, try_downscale=False, try_invert=False)
    if found:
        return found
    weak = _read(grey, _WEAK, _LOCAL, try_downscale=False, try_invert=False)
    if weak:
        again = _read(resized(grey, 0.8), _WEAK, _LOCAL, try_downscale=False, try_invert=False)
        weak = [code for code in weak if code in again]
    return weak


def _zbar(grey: Picture) -> list[Code]:
    """ASCII only: zbar guesses how other bytes are meant, and takes GBK for Japanese or Latin letters."""
    found = sorted(pyzbar.decode(grey, symbols=_ZBAR), key=lambda code: -code.rect.width * code.rect.height)
    return [Code(code.data.decode(), _ZBAR_KINDS[code.type]) for code in found if code.data.isascii()]


# What is made of the picture, and how that is looked at: what finds most for its time stands first.
_LOOKS: list[tuple[Callable[[Picture], Picture], tuple[_Reader, ...]]] = [
    (half_sharpened, (_qr_same_size,)),
    (as_is, (_bars,)),
    (partial(sharpened, reach=9, strength=6), (_qr_global,)),
    (third_sharpened, (_bars,)),
    (thresholded, (_bars, _qr_same_size)),
    (half_refocused, (_bars, _qr_same_size)),
    (partial(resized, factor=2), (_qr_dark,)),
    (larger_sharpened, (_qr_dark,)),
    (partial(resized, factor=0.5), (_zbar,)),
    (as_is, (_others,)),
]


def decode(image: Picture, thorough: bool = True) -> list[Code]:
    """The codes in a picture (see to_grey), the largest first; other kinds than QR only where there is no QR code.

    `thorough` looks again, harder, when the first look finds none.
    """
    began = time.thread_time()
    grey = to_grey(image)
    if min(grey.shape) < _SMALLEST:
        return []
    found = _qr(grey)
    if found or not thorough:
        return found or _bars(grey)
    large = grey.size > _LARGEST
    until = began + (BUDGET_LARGE if large else BUDGET)
    if large:
        found = _look_closer(resized(grey, (_LARGEST / grey.size) ** 0.5), until)
    return found or _look_closer(grey, until)


def _look_closer(grey: Picture, until: float) -> list[Code]:
    """What the first look that finds any finds."""
    busy = busy_part(grey)
    for make, readers in _LOOKS if busy is not None else _LOOKS[:1]:
        if time.thread_time() > until:
            break
        made = make(grey if busy is None else busy)
        for read in readers:
            found = read(made)
            if found:
                return found
    return []


def read_picture(path: str) -> Picture | None:
    """A picture file; None where it is none, or cannot be read."""
    try:
        data = np.frombuffer(Path(path).read_bytes(), np.uint8)
        image = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if data.size else None
    except (OSError, cv2.error):
        return None
    if image is None or not image.size:
        return None
    return np.asarray(np.asarray(image, np.uint16) >> 8 if image.dtype == np.uint16 else image, np.uint8)


def warm_up() -> None:
    """Make what the libraries make once, so that the first picture takes no longer than others."""
    for make, readers in _LOOKS:
        for read in readers:
            read(make(np.full((120, 160), 128, np.uint8)))
    decode(np.zeros((120, 160, 3), np.uint8))
