"""A key of pinyin, as the screen asks it through the worker, beside librime called in the same process."""

from __future__ import annotations

import queue
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.figures import Figure
from screens.keyboards import dictionary
from screens.keyboards.answer import Answer
from screens.keyboards.pinyin import PinyinInput
from screens.keyboards.worker import PROJECT

WORDS = PROJECT / "tests" / "screens" / "keyboards" / "words.tsv"
#: letters: longer pinyin is a whole address in one go, which few write so, and librime itself takes 4 ms a key there
LONG = 16
#: librime in a process of its own, for it may crash; prints the 95th percentiles of a key in ms: not long, all
PEER = """
import statistics, sys, time
from pathlib import Path
from screens.keyboards.rime_engine import RimeEngine
engine, taken = RimeEngine(Path(sys.argv[1])), []
for letters in sys.argv[2:]:
    engine.clear()
    for count, letter in enumerate(letters):
        start = time.perf_counter()
        engine.key(letter)
        taken.append((count, (time.perf_counter() - start) * 1000))
for longest in (16, 99):
    print(statistics.quantiles([one for count, one in taken if count < longest], n=20)[-1])
engine.close()
"""


def run() -> list[Figure]:
    """95th percentile of a key, and of how many words the first candidate is right."""
    rows = [line.split("\t") for line in Path(WORDS).read_text("utf-8").splitlines()]
    dictionary.ensure(dictionary.default_folder())
    command = [sys.executable, "-c", PEER, str(dictionary.default_folder()), *(letters for _, letters, _ in rows)]
    said = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    theirs, theirs_long = map(float, said.split())
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    pinyin = PinyinInput(deliver=lambda function: function())
    taken, right = [], {kind: [0, 0] for _, _, kind in rows}
    try:
        for word, letters, kind in rows:
            pinyin.clear(answers.put)
            answer = answers.get()
            for count, letter in enumerate(letters):
                start = time.perf_counter()
                pinyin.key(letter, answers.put)
                answer = answers.get()
                taken.append((count, (time.perf_counter() - start) * 1000))
            right[kind][0] += answer.candidates[:1] == (word,)
            right[kind][1] += 1
    finally:
        pinyin.stop()
    ours, ours_long = (
        statistics.quantiles([one for count, one in taken if count < longest], n=20)[-1] for longest in (LONG, 99)
    )
    # one key in twenty leaves a lone initial after whole syllables, and librime then looks at every word it may begin
    return [
        Figure("pinyin key, median", statistics.median(one for _, one in taken), "wanted", 1.0, "ms"),
        Figure("pinyin key of up to 16, p95", ours, "librime in process", theirs, "ms"),
        Figure("pinyin key of up to 16, p95", ours, "wanted", 1.0, "ms"),
        Figure("pinyin key, with whole addresses, p95", ours_long, "librime in process", theirs_long, "ms"),
        *(
            Figure(f"pinyin, first candidate right: {kind} ({all_} words)", 100 * good / all_, "wanted", 100, "%")
            for kind, (good, all_) in right.items()
        ),
    ]
