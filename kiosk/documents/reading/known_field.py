"""One field whose place is known, read at once: our own forms, and cards whose fields lie where the standard says."""

from __future__ import annotations

import functools

from kiosk.documents.pictures import Image
from kiosk.documents.reading.papers import Field
from kiosk.documents.reading.values import SURE
from kiosk.documents.recogniser import Recogniser
from kiosk.documents.scan_results import Place


def read_known_field(image: Image, rectangle: Place) -> Field | None:
    """The line at `rectangle` of a straightened page; None where there is none or the recogniser is not sure.

    For worker processes and commands: the models stay in memory. The terminal asks `TextReader.read_field`.
    """
    found = _recogniser().read_field(image, rectangle)
    return Field(*found) if found is not None and found[1] >= SURE else None


@functools.cache
def _recogniser() -> Recogniser:
    return Recogniser()
