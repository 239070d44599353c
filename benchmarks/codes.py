"""QR codes at an angle, in noise, out of focus: codes read and time, beside each decoder alone."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
import segno
import zxingcpp
from numpy.typing import NDArray
from pyzbar import pyzbar

from benchmarks.figures import Figure, milliseconds
from drivers.code_scanner.decode import decode

FRAMES = 60
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
Picture = NDArray[np.uint8]


def frames() -> list[tuple[str, Picture]]:
    """The same frames each time: 1280 × 720, turned up to 35°, noise and blur."""
    chance = np.random.default_rng(20261121)
    made: list[tuple[str, Picture]] = []
    for number in range(FRAMES):
        text = f"https://code.example.invalid/jmm/{chance.integers(10**15):015d}"
        buffer = BytesIO()
        segno.make(text, error="m").save(buffer, kind="png", scale=int(chance.integers(3, 8)), border=4)
        code = cv2.imdecode(np.frombuffer(buffer.getvalue(), np.uint8), cv2.IMREAD_GRAYSCALE)
        assert code is not None
        frame = np.full((720, 1280), int(chance.integers(90, 200)), np.uint8)
        turn = cv2.getRotationMatrix2D((code.shape[1] / 2, code.shape[0] / 2), float(chance.uniform(-35, 35)), 1.0)
        turn[:, 2] += (640 - code.shape[1] / 2, 360 - code.shape[0] / 2)
        cv2.warpAffine(code, turn, (1280, 720), dst=frame, borderMode=cv2.BORDER_TRANSPARENT)
        blurred = cv2.GaussianBlur(frame, (0, 0), float(chance.uniform(0.3, 2.6))) if number % 2 else frame
        noisy = np.clip(blurred + chance.normal(0, 9, frame.shape), 0, 255).astype(np.uint8)
        made.append((text, np.asarray(cv2.cvtColor(noisy, cv2.COLOR_GRAY2BGR), np.uint8)))
    return made


def _zxing(frame: Picture) -> str:
    found = zxingcpp.read_barcodes(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), _QR)
    return found[0].text if found else ""


def _pyzbar(frame: Picture) -> str:
    found = pyzbar.decode(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), symbols=[pyzbar.ZBarSymbol.QRCODE])
    return found[0].data.decode() if found else ""


def _opencv(frame: Picture) -> str:
    return str(cv2.QRCodeDetector().detectAndDecode(frame)[0])


def _ours(frame: Picture) -> str:
    found = decode(frame)
    return found[0].text if found else ""


def run() -> list[Figure]:
    """Share of frames read exactly, and the median time, beside each peer."""
    made = frames()

    def measure(reader: Callable[[Picture], str]) -> tuple[float, float]:
        share = sum(reader(frame) == text for text, frame in made) / len(made) * 100
        one = iter([frame for _, frame in made] * 2)
        return share, milliseconds(lambda: reader(next(one)), len(made))[0]

    ours = measure(_ours)
    figures = []
    for name, reader in (("zxing-cpp alone", _zxing), ("pyzbar alone", _pyzbar), ("OpenCV alone", _opencv)):
        share, time = measure(reader)
        figures.append(Figure("codes read exactly", ours[0], name, share, "%"))
        figures.append(Figure("time a frame, median", ours[1], name, time, "ms"))
    return figures
