"""A handwriting engine as a process: `python -m screens.keyboards.handwriting_worker strokes|picture`.

One JSON line in, one JSON line out. In: {"strokes": [[[x, y], …], …]}, whole numbers from 0, y downwards.
Out: {"found": [["永", 1978.0], …]}: by `strokes` with a distance (nearest first), by `picture` with a
probability (likeliest first); {"error": "…"} for a line that makes no sense. The first line out, before any
question, is {"ready": true}. It ends when its standard input ends. What is written is kept nowhere.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from typing import Any, Protocol


class Engine(Protocol):
    """Strokes in, characters and numbers out."""

    def find(self, strokes: list[list[list[int]]]) -> list[tuple[str, float]]:
        """Characters, best first."""


def answer(engine: Engine, line: str) -> dict[str, object]:
    """What the engine says to one line."""
    try:
        strokes: Any = json.loads(line)["strokes"]
        whole = all(
            len(point) == 2 and all(type(n) is int and 0 <= n < 65536 for n in point) for s in strokes for point in s
        )
        if not strokes or not all(strokes) or not whole:
            return {"error": "no strokes"}
    except (ValueError, TypeError, KeyError) as error:
        return {"error": type(error).__name__}
    return {"found": engine.find(strokes)}


def main() -> int:
    """The command line."""
    options = argparse.ArgumentParser(description="Strokes in, characters out, as JSON lines.")
    options.add_argument("engine", choices=("strokes", "picture"))
    by_strokes = options.parse_args().engine == "strokes"
    resource.setrlimit(resource.RLIMIT_CORE, (1, 1))  # core(5): unlike 0 this stops a dump to a program, too
    try:
        engine: Engine
        if by_strokes:
            from screens.keyboards.stroke_engine import StrokeEngine

            engine = StrokeEngine()
        else:
            from screens.keyboards.picture_engine import PictureEngine

            engine = PictureEngine()
    except (ImportError, OSError, ValueError, RuntimeError) as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return 1
    print('{"ready": true}', flush=True)
    try:
        for line in sys.stdin:
            print(json.dumps(answer(engine, line), ensure_ascii=False), flush=True)
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
