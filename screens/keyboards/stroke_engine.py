"""Handwriting by the way the pen went: dinkit. Only inside the worker: it may crash it."""

from __future__ import annotations

from typing import Any

Strokes = list[list[list[int]]]
Found = list[tuple[str, float]]

CANDIDATES = 10


class StrokeEngine:
    """One recogniser, never closed: closing it twice, as its own destructor does, crashes."""

    def __init__(self) -> None:
        from dinkit import Recognizer

        self._recognizer: Any = Recognizer()
        self.find([[[0, 0], [900, 0]]])

    def find(self, strokes: Strokes) -> Found:
        """The ten characters nearest to the strokes, each with its distance, nearest first."""
        found = self._recognizer.recognize(strokes, CANDIDATES)
        return [(character, float(distance)) for character, distance in found.items()]
