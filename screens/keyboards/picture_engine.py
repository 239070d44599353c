"""Handwriting by how it looks, whatever the order of strokes: the recogniser rapidocr ships, on the drawn strokes.

Its model is run by onnxruntime directly, for rapidocr's own call tells only the first candidate. 5 ms a
character, 140 MB. Only inside the worker.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

Strokes = list[list[list[int]]]
Found = list[tuple[str, float]]

CANDIDATES = 10
SIDE, MARGIN, PEN = 48, 6, 3  # pixels: the model reads lines 48 high; margin and pen found best of six tried
FINE = 4  # drawn so many times larger and made small, for grey edges


class PictureEngine:
    """The recognition model, loaded once. Raises ImportError, OSError where it is not installed."""

    def __init__(self) -> None:
        import onnxruntime
        import rapidocr

        [model] = (Path(rapidocr.__file__).parent / "models").glob("*_rec_small.onnx")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        self._session: Any = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name
        self._characters = self._session.get_modelmeta().custom_metadata_map["character"].splitlines()
        self.find([[[0, 0], [900, 0]]])

    def find(self, strokes: Strokes) -> Found:
        """The ten likeliest Chinese characters, each with its probability, likeliest first."""
        import numpy as np

        picture = np.asarray(_draw(strokes), np.float32) / 127.5 - 1
        said = self._session.run(None, {self._input: np.repeat(picture[None, None], 3, 1)})[0][0]
        likely = said[:, 1 : len(self._characters) + 1].max(0)  # column 0 says "nothing here"
        found = []
        for index in likely.argsort()[::-1][: 3 * CANDIDATES]:
            character = self._characters[index]
            if character >= "\u3400":
                found.append((character, round(float(likely[index]), 6)))
        return found[:CANDIDATES]


def _draw(strokes: Strokes) -> Any:
    """Black strokes on white, as large as the picture holds."""
    from PIL import Image, ImageDraw

    xs, ys = ([point[axis] for stroke in strokes for point in stroke] for axis in (0, 1))
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    factor = (SIDE - 2 * MARGIN) / max(wide, high, 1)
    left, top = (SIDE - wide * factor) / 2, (SIDE - high * factor) / 2
    picture = Image.new("L", (SIDE * FINE, SIDE * FINE), 255)
    pen, half = ImageDraw.Draw(picture), PEN * FINE / 2
    for stroke in strokes:
        line = [((x - min(xs)) * factor + left, (y - min(ys)) * factor + top) for x, y in stroke]
        line = [(x * FINE, y * FINE) for x, y in line]
        pen.line(line, fill=0, width=PEN * FINE, joint="curve")
        for x, y in (line[0], line[-1]):
            pen.ellipse((x - half, y - half, x + half, y + half), fill=0)
    return picture.resize((SIDE, SIDE), Image.Resampling.BOX)
