"""OCR in its worker process: what it reads, and what its death, a hang and a cancel cost."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import cv2
import pytest

from benchmarks.drawn_papers import draw_few_lines, draw_id_card_front
from kiosk.documents.scan_results import Place, Quality, ScannedPage
from kiosk.documents.text_reader import TextReader


def picture() -> bytes:
    return bytes(cv2.imencode(".jpg", cv2.resize(draw_few_lines().picture, None, fx=0.5, fy=0.5))[1])


PAGE = ScannedPage(picture(), Quality(0.5), 827, 1170)


@pytest.fixture
def reader() -> Iterator[TextReader]:
    reader = TextReader(page_limit=60)
    yield reader
    reader.stop()


def test_pages_are_read_with_progress(reader: TextReader) -> None:
    told: list[tuple[int, int]] = []
    texts = reader.read([PAGE, PAGE], lambda done, of: told.append((done, of)))
    assert told == [(1, 2), (2, 2)]
    for text in texts:
        assert text is not None
        assert "本人承诺所填内容真实" in text.text
        line = next(line for line in text.lines if "承诺" in line.text)
        assert (line.left, line.top) == pytest.approx((0.133, 0.195), abs=0.02)


def test_a_dead_worker_costs_one_pages_text(reader: TextReader) -> None:
    def kill_after_the_first(done: int, of: int) -> None:
        if done == 1:
            assert reader.worker_id
            os.kill(reader.worker_id, signal.SIGKILL)

    texts = reader.read([PAGE, PAGE, PAGE], kill_after_the_first)
    assert [text is None for text in texts] == [False, True, False]


def test_a_worker_that_hangs_is_given_up_after_the_limit() -> None:
    reader = TextReader(page_limit=60)
    try:
        assert reader.read([PAGE]) != [None]
        hanging = reader.worker_id
        assert hanging
        os.kill(hanging, signal.SIGSTOP)
        reader._limit = 0.5
        began = time.monotonic()
        assert reader.read([PAGE]) == [None]
        assert time.monotonic() - began < 5
        assert reader.worker_id is None
    finally:
        reader.stop()


def test_a_cancel_ends_the_page_at_work_and_all_after_it(reader: TextReader) -> None:
    assert reader.read([PAGE]) != [None]
    cancelled = threading.Event()
    assert reader.worker_id
    os.kill(reader.worker_id, signal.SIGSTOP)
    threading.Timer(0.3, cancelled.set).start()
    began = time.monotonic()
    assert reader.read([PAGE, PAGE], cancelled=cancelled) == [None, None]
    assert time.monotonic() - began < 5


def test_what_is_no_picture_has_no_text(reader: TextReader) -> None:
    broken = ScannedPage(b"not a picture", Quality(0.5), 10, 10)
    texts = reader.read([broken, PAGE])
    assert texts[0] is None
    assert texts[1] is not None


def test_a_known_field_is_read_in_the_worker(reader: TextReader) -> None:
    card = bytes(cv2.imencode(".jpg", draw_id_card_front().picture)[1])
    found = reader.read_field(card, Place(0.32, 0.84, 0.74, 0.93))
    assert found is not None
    assert found[0] == "37029919920318002X"
    assert found[1] > 0.9
