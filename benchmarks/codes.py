"""Codes at an angle, in noise, out of focus, on a phone's screen, …: read exactly, false readings and time, beside each
decoder alone on the same frames. The looks of drivers.code_scanner.decode were chosen on frames of other seeds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import cv2
import zxingcpp
from pyzbar import pyzbar

from benchmarks.code_frames import Frame, Picture, with_code, without_code
from benchmarks.figures import Figure
from drivers.code_scanner.decode import decode, warm_up
from drivers.code_scanner.text import as_text

FRAMES = 200
SEED = 20261121
_OPENCV = cv2.QRCodeDetector()


def _ours(frame: Picture) -> list[str]:
    return [code.text for code in decode(frame)]


def _zxing(frame: Picture) -> list[str]:
    return [as_text(code.bytes) for code in zxingcpp.read_barcodes(frame)]


_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])


def _zxing_qr(frame: Picture) -> list[str]:
    return [as_text(code.bytes) for code in zxingcpp.read_barcodes(frame, _QR)]


def _pyzbar(frame: Picture) -> list[str]:
    return [code.data.decode() for code in pyzbar.decode(frame)]


def _opencv(frame: Picture) -> list[str]:
    try:
        text = _OPENCV.detectAndDecode(frame)[0]
    except (cv2.error, UnicodeDecodeError):  # it raises for bytes that are not UTF-8
        return []
    return [text] if text else []


_READERS = {
    "zxing-cpp alone": _zxing,
    "zxing-cpp, only QR": _zxing_qr,
    "pyzbar alone": _pyzbar,
    "OpenCV alone": _opencv,
}


@dataclass
class _Score:
    """What one reader did. Times in milliseconds."""

    reader: Callable[[Picture], list[str]]
    exact: int = 0
    wrong: int = 0
    times: list[float] = field(default_factory=list)
    easy: list[float] = field(default_factory=list)
    empty: list[float] = field(default_factory=list)

    def look(self, frame: Frame) -> None:
        """Read one frame. A reading is false where another text, or none, stands."""
        began = time.perf_counter()
        texts = self.reader(frame.picture)
        taken = (time.perf_counter() - began) * 1000
        self.exact += frame.text is not None and texts == [frame.text]
        self.wrong += any(text != frame.text for text in texts)
        (self.times if frame.text is not None else self.empty).append(taken)
        if frame.kind == "easy":
            self.easy.append(taken)


def scores(frames: Iterable[Frame]) -> dict[str, _Score]:
    """Each reader on each frame; frame by frame, so that a busy machine is busy for all of them."""
    warm_up()
    found = {"ours": _Score(_ours)} | {name: _Score(reader) for name, reader in _READERS.items()}
    for frame in frames:
        for score in found.values():
            score.look(frame)
    return found


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def run() -> list[Figure]:
    """200 frames with a code and 200 without, beside each peer."""
    found = scores(frame for frames in (with_code(FRAMES, SEED), without_code(FRAMES, SEED)) for frame in frames)
    ours = found.pop("ours")
    figures = []
    for name, peer in found.items():
        figures += [
            Figure("codes read exactly", ours.exact / FRAMES * 100, name, peer.exact / FRAMES * 100, "%"),
            Figure("false readings of 400 frames", ours.wrong, name, peer.wrong, ""),
            Figure("easy frame, median", statistics.median(ours.easy), name, statistics.median(peer.easy), "ms"),
            Figure(
                "frame with a code, median", statistics.median(ours.times), name, statistics.median(peer.times), "ms"
            ),
            Figure("frame with a code, 95%", _p95(ours.times), name, _p95(peer.times), "ms"),
            Figure("frame without, median", statistics.median(ours.empty), name, statistics.median(peer.empty), "ms"),
            Figure("frame without, 95%", _p95(ours.empty), name, _p95(peer.empty), "ms"),
        ]
    return figures
