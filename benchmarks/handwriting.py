"""Handwriting: how soon there are candidates, and how often they are right, beside dinkit alone.

The strokes are those of npm's hanzi-writer-data, fetched by `npm pack` into a temporary folder, each shaken as a hand
does it, in the right order and in any. Without npm only the times are told. The merge was tuned on other characters.
"""

from __future__ import annotations

import json
import queue
import random
import statistics
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure
from screens.keyboards.answer import Answer
from screens.keyboards.gallery import INK
from screens.keyboards.handwriting import HandwritingInput
from screens.keyboards.ink import scaled
from screens.keyboards.stroke_engine import StrokeEngine

PACKAGE = "hanzi-writer-data@2.0.1"
CHARACTERS = 300
SHAKEN_WHOLE, SHAKEN_POINT = 15, 6  # standard deviations, of a square of 1000

Strokes = list[list[list[int]]]


def run() -> list[Figure]:
    """95th percentile until the first candidates are there, then accuracy."""
    drawn = _drawn()
    timed = [strokes for _, strokes in drawn[:60]] or [scaled(INK, 200)] * 30
    engine, writing = StrokeEngine(), HandwritingInput(deliver=lambda function: function())
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    ours: list[float] = []
    theirs: list[float] = []
    both: list[float] = []

    def asked(ask: object, strokes: Strokes, taken: list[float]) -> tuple[str, ...]:
        start = time.perf_counter()
        ask(strokes, answers.put)  # type: ignore[operator]
        answer = answers.get()
        taken.append((time.perf_counter() - start) * 1000)
        return answer.candidates

    try:
        asked(writing.write, timed[0], [])
        asked(writing.rest, timed[0], [])
        for strokes in timed:
            for count in range(1, len(strokes) + 1):
                asked(writing.write, strokes[:count], ours)
                start = time.perf_counter()
                engine.find(strokes[:count])
                theirs.append((time.perf_counter() - start) * 1000)
            asked(writing.rest, strokes, both)
        figures = [
            Figure("handwriting, first candidates, p95", _p95(ours), "dinkit in process", _p95(theirs), "ms"),
            Figure("handwriting, first candidates, p95", _p95(ours), "wanted", 10.0, "ms"),
            Figure("handwriting, both opinions, p95", _p95(both), "wanted", 100.0, "ms"),
        ]
        chance = random.Random(20261128)
        for order in ("right", "any") if drawn else ():
            alone, merged = [0, 0], [0, 0]
            for character, strokes in drawn:
                shown = chance.sample(strokes, len(strokes)) if order == "any" else strokes
                for score, found in (
                    (alone, asked(writing.write, shown, [])),
                    (merged, asked(writing.rest, shown, [])),
                ):
                    score[0] += found[:1] == (character,)
                    score[1] += character in found[:10]
            for place, index in (("first", 0), ("in ten", 1)):
                percent = [100 * score[index] / len(drawn) for score in (merged, alone)]
                name = f"handwriting, {order} order of strokes, {place}"
                figures.append(Figure(name, percent[0], "dinkit alone", percent[1], "%"))
    finally:
        writing.stop()
    return figures


def _p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def _drawn() -> list[tuple[str, Strokes]]:
    """Characters with their shaken strokes; none where the package cannot be had."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            command = ["npm", "pack", "--silent", PACKAGE]
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
        except (OSError, subprocess.SubprocessError):
            return []
        [archive] = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            files = sorted(
                (
                    (name.stem, member)
                    for member in packed
                    if len((name := Path(member.name)).stem) == 1 and "\u4e00" <= name.stem <= "\u9fff"
                ),
                key=lambda pair: pair[0],
            )
            chance, drawn = random.Random(20261128), []
            for character, member in chance.sample(files, CHARACTERS):
                file = packed.extractfile(member)
                assert file is not None
                drawn.append((character, _shaken(json.load(file), chance)))
            return drawn


def _shaken(character: dict[str, list[list[list[float]]]], chance: random.Random) -> Strokes:
    shaken = []
    for stroke in character["medians"]:
        aside, down = chance.gauss(0, SHAKEN_WHOLE), chance.gauss(0, SHAKEN_WHOLE)
        shaken.append(
            [
                [
                    max(0, round(x + aside + chance.gauss(0, SHAKEN_POINT))),
                    max(0, round(900 - y + down + chance.gauss(0, SHAKEN_POINT))),
                ]
                for x, y in stroke
            ]
        )
    return shaken
