"""OCR by rapidocr, whose models come with its package. 400 MB: only in a worker process or a command."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from kiosk.documents.page_text import PageText, TextLine
from kiosk.documents.pictures import Image
from kiosk.documents.scan_results import Place

#: Pages are read at no more than this many pixels along their longer side: 200 dpi gain nothing and cost a second.
READ_SIDE = 1600
#: How many of the longest lines say which way up the page lies.
ASKED_LINES = 4
#: A known field is read with so much more round it, in parts of its height.
FIELD_MARGIN = 0.25
_TURNS = (None, cv2.ROTATE_90_CLOCKWISE, cv2.ROTATE_180, cv2.ROTATE_90_COUNTERCLOCKWISE)


class Recogniser:
    """The three models, loaded once (a second). Not for several threads. Raises ImportError without rapidocr."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        self._engine: Any = RapidOCR(params={"Global.log_level": "error"})

    def read(self, page: Image) -> PageText:
        """The lines of a straightened page, whichever way up it lies."""
        scale = min(1.0, READ_SIDE / max(page.shape[:2]))
        small = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else page
        small = small if small.ndim == 3 else cv2.cvtColor(small, cv2.COLOR_GRAY2BGR)
        found = self._engine(small, use_det=True, use_cls=True, use_rec=True)
        turned = self._turn(small, found.boxes) if found.boxes is not None else 0
        if turned:
            small = turn(small, turned)
            found = self._engine(small, use_det=True, use_cls=True, use_rec=True)
        height, width = small.shape[:2]
        if found.boxes is None:
            return PageText((), width, height, turned)
        size = np.array([width, height])
        lines = [
            TextLine(text, round(float(score), 4), tuple((float(x), float(y)) for x, y in (box / size).round(5)))
            for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
            if text.strip()
        ]
        return PageText(tuple(sorted(lines, key=lambda line: (line.top, line.left))), width, height, turned)

    def read_field(self, page: Image, place: Place) -> tuple[str, float] | None:
        """The one line at `place` and its confidence; None where there is none. 60 ms."""
        height, width = page.shape[:2]
        margin = FIELD_MARGIN * (place.bottom - place.top) * height
        top, bottom = place.top * height - margin, place.bottom * height + margin
        left, right = place.left * width - margin, place.right * width + margin
        field = page[max(0, int(top)) : max(0, int(bottom)), max(0, int(left)) : max(0, int(right))]
        if min(field.shape[:2]) < 8:
            return None
        text, confidence = self._line(field)
        return (text, confidence) if text else None

    def _line(self, picture: Image) -> tuple[str, float]:
        picture = picture if picture.ndim == 3 else cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
        found = self._engine(np.ascontiguousarray(picture), use_det=False, use_cls=False, use_rec=True)
        if not found.txts:
            return "", 0.0
        return found.txts[0].strip(), round(float(found.scores[0]), 4)

    def _turn(self, page: Image, boxes: Any) -> int:
        """Quarters, clockwise, that make the longest lines read best."""
        spans = [np.ptp(box, axis=0) for box in boxes]
        longest = sorted(range(len(spans)), key=lambda index: float(max(spans[index])), reverse=True)[:ASKED_LINES]
        tall = sum(spans[index][1] > 1.5 * spans[index][0] for index in longest) * 2 > len(longest)
        scores = {}
        for turned in (1, 3) if tall else (0, 2):
            scores[turned] = 0.0
            for index in longest:
                left, top = np.maximum(boxes[index].min(axis=0), 0).astype(int)
                right, bottom = boxes[index].max(axis=0).astype(int) + 1
                text, confidence = self._line(turn(page[top:bottom, left:right], turned))
                scores[turned] += len(text) * confidence**2
        return max(scores, key=lambda turned: scores[turned])


def turn(image: Image, quarters: int) -> Image:
    """`image` turned clockwise."""
    code = _TURNS[quarters % 4]
    return image if code is None else cv2.rotate(image, code)
