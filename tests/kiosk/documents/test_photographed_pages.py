"""Scanning held to its figures on a part of benchmarks.photographed_pages; `./run bench` measures the whole of it."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.page_set import PageSet, measured
from benchmarks.photographed_pages import FAULTS, GOOD, TUNED, Photograph, photographed

#: Of the mean corner error in pixels at 8 megapixels and in parts of the diagonal; measured 1.08 and 0.00047.
MOST_PIXELS, MOST_PART = 1.6, 0.0007


@pytest.fixture(scope="module")
def seen() -> PageSet:
    """Every fifth photograph: eight good ones, and five with faults."""
    return measured(photographed(TUNED, every=5))


def test_pages_are_found_and_their_corners_placed(seen: PageSet) -> None:
    assert seen.found_rate == 1, seen.wrong
    assert np.mean(seen.pixels) < MOST_PIXELS
    assert np.mean(seen.parts) < MOST_PART


def test_good_pages_are_taken_and_faulty_ones_refused_with_their_reason(seen: PageSet) -> None:
    assert seen.taken == seen.good, seen.wrong
    assert seen.refused_rightly == seen.faulty, seen.wrong


def test_a_seed_gives_the_same_photographs_every_time() -> None:
    def first(seed: int) -> Photograph:
        return next(photographed(seed))

    assert np.array_equal(first(5).picture, first(5).picture)
    assert not np.array_equal(first(5).picture, first(6).picture)


def test_the_set_has_every_fault() -> None:
    assert GOOD + 4 * len(FAULTS) == 64
