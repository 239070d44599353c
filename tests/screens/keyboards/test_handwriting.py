"""Both handwriting engines in their real workers, and what their deaths cost."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from screens.keyboards.answer import Answer
from screens.keyboards.gallery import INK
from screens.keyboards.handwriting import HandwritingInput, Opinion, merged
from screens.keyboards.ink import scaled
from screens.keyboards.worker import PROJECT

FOREVER = scaled(INK, 200)  # 永
LIMIT = 40  # seconds for one answer, on a busy machine that has to start an engine


class Writer:
    """Writes, and reads answers in order."""

    def __init__(self) -> None:
        self.input = HandwritingInput(deliver=lambda function: function())
        self.answers: queue.Queue[Answer] = queue.Queue()

    def write(self, strokes: list[list[list[int]]]) -> Answer:
        self.input.write(strokes, self.answers.put)
        return self.answers.get(timeout=LIMIT)

    def rest(self, strokes: list[list[list[int]]]) -> Answer:
        self.input.rest(strokes, self.answers.put)
        return self.answers.get(timeout=LIMIT)


@pytest.fixture(scope="module")
def writer() -> Iterator[Writer]:
    made = Writer()
    made.input.start()
    yield made
    made.input.stop()


def pid(opinion: Opinion) -> int:
    assert opinion.worker.pid is not None
    return opinion.worker.pid


def test_candidates_after_each_stroke(writer: Writer) -> None:
    offered = [writer.write(FOREVER[:count]).candidates for count in range(1, 6)]
    assert all(offered)
    assert offered[-1][0] == "永"


def test_order_of_strokes_does_not_matter_once_the_pen_rests(writer: Writer) -> None:
    wrong = [FOREVER[index] for index in (4, 3, 2, 1, 0)]
    assert writer.write(wrong).candidates[0] != "永", "a case the strokes alone can do proves nothing"
    assert writer.rest(wrong).candidates[0] == "永"


def test_a_dot_and_a_line_without_length_are_strokes(writer: Writer) -> None:
    assert writer.write([[[0, 0]]]).candidates
    assert writer.rest([[[7, 7], [7, 7]]]) is not None


@pytest.mark.parametrize("crash", [signal.SIGKILL, signal.SIGSEGV])
@pytest.mark.parametrize("engine", ["strokes", "picture"])
def test_a_crash_in_the_middle_of_a_character_costs_nothing(writer: Writer, engine: str, crash: signal.Signals) -> None:
    writer.write(FOREVER[:3])
    writer.rest(FOREVER[:3])
    crashed = pid(getattr(writer.input, engine))
    os.kill(crashed, crash)
    first, both = writer.write(FOREVER), writer.rest(FOREVER)
    assert first.candidates[0] == both.candidates[0] == "永"
    assert not first.lost and not both.lost
    assert pid(getattr(writer.input, engine)) != crashed


def test_an_engine_that_hangs_costs_one_stroke(writer: Writer) -> None:
    writer.write(FOREVER[:3])
    hanging = pid(writer.input.strokes)
    os.kill(hanging, signal.SIGSTOP)
    assert writer.write(FOREVER[:4]).lost
    assert writer.write(FOREVER).candidates[0] == "永"
    with pytest.raises(ProcessLookupError):
        os.kill(hanging, 0)


def test_without_the_picture_the_strokes_alone_answer(writer: Writer) -> None:
    writer.write(FOREVER)
    os.kill(pid(writer.input.picture), signal.SIGSTOP)
    answer = writer.rest(FOREVER)
    assert answer.lost and not answer.out
    assert answer.candidates[0] == "永"


def test_stopping_ends_both_workers() -> None:
    writer = Writer()
    writer.write(FOREVER)
    writer.rest(FOREVER)
    pids = pid(writer.input.strokes), pid(writer.input.picture)
    writer.input.stop()
    for one in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(one, 0)


def test_two_opinions_are_one_list_without_doubles() -> None:
    both = merged([("水", 2000.0), ("永", 2100.0)], [("永", 0.9), ("氷", 0.05)])
    assert both == ("永", "水", "氷")
    assert merged([], []) == ()


@pytest.mark.parametrize("engine", ["strokes", "picture"])
def test_nonsense_is_refused_and_the_worker_goes_on(engine: str) -> None:
    """Floats and negative numbers crash dinkit: they never reach it."""
    lines = [
        "",
        "{}",
        "[1]",
        '{"strokes": []}',
        '{"strokes": [[]]}',
        '{"strokes": [[[1.5, 2]]]}',
        '{"strokes": [[[-1, 2]]]}',
    ]
    lines.append(json.dumps({"strokes": FOREVER}))
    worker = subprocess.run(
        [sys.executable, "-m", "screens.keyboards.handwriting_worker", engine],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        cwd=PROJECT,
        timeout=60,
        check=True,
    )
    ready, *refused, last = map(json.loads, worker.stdout.splitlines())
    assert ready == {"ready": True}
    assert [set(said) for said in refused] == [{"error"}] * (len(lines) - 1)
    assert last["found"][0][0] == "永"
