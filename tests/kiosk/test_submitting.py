"""Submitting: all of it or nothing, once however often, and at the right time whatever the clock shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.cases import Case, MaterialSent
from drivers.id_card.events import CardRead
from kiosk.journey import intents
from kiosk.journey.views import DoneView, TroubleView
from offline_cache.clock import since_boot
from tests.kiosk.headless import WANG, Headless, card

PAPER = b"a paper"


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Headless]:
    """Somebody at the item "low", with one paper given."""
    made = Headless(tmp_path)
    made.does(intents.Start(), CardRead(card(WANG)))
    made.finish_jobs()
    assert made.page == "home"
    made.journey.state.begin_item("low")
    made.journey.state.materials["paper"] = MaterialSent(
        material_id="paper", name="材料", media_type="application/pdf", sha256=hashlib.sha256(PAPER).hexdigest(),
        size=len(PAPER), pages=1,
    )  # fmt: skip
    yield made
    made.close()


def submit(terminal: Headless) -> object:
    terminal.journey.go(terminal.journey.make("done"))
    return terminal.journey.snapshot().view


def sent(terminal: Headless) -> list[Case]:
    visit, outbox = terminal.journey.visit, terminal.cache.outbox
    assert visit is not None
    return [Case.model_validate_json(visit.key.open(entry.sealed, entry.id)) for entry in outbox.due()]


def keep(terminal: Headless) -> None:
    assert terminal.journey.visit is not None
    terminal.cache.visits.keep_material(terminal.journey.visit, PAPER)


def test_a_case_whose_paper_is_not_in_the_store_is_not_said_to_be_received(terminal: Headless) -> None:
    view = submit(terminal)
    assert isinstance(view, TroubleView) and view.title == "有一份材料没有存好"
    assert terminal.cache.outbox.counts() == (0, 0)
    assert terminal.cache.store.db.table("counters").count == 0
    terminal.does(intents.Forward())
    assert terminal.page == "home"


def test_submitted_twice_it_is_one_case_with_one_number(terminal: Headless) -> None:
    keep(terminal)
    views = [submit(terminal) for _ in range(2)]
    assert all(isinstance(view, DoneView) for view in views)
    (case,) = sent(terminal)
    assert {view.number for view in views if isinstance(view, DoneView)} == {case.receipt_number}
    # the next one of this citizen is another
    terminal.journey.state.begin_item("low")
    submit(terminal)
    assert len({case.case_id for case in sent(terminal)}) == 2


def test_the_case_has_its_id_in_the_savepoint_before_it_is_submitted(terminal: Headless) -> None:
    keep(terminal)
    terminal.journey.save()
    assert terminal.journey.visit is not None
    saved = json.loads(terminal.cache.visits.saved(terminal.journey.visit) or b"")
    submit(terminal)
    assert saved["case_id"] == str(sent(terminal)[0].case_id)


@pytest.mark.parametrize("wall", [0.0, 946_684_800.0, 4_000_000_000.0])
def test_its_time_is_the_platforms_whatever_the_clock_of_the_terminal_shows(
    terminal: Headless, wall: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(terminal)
    platform = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    terminal.cache.clock.learn(platform, since_boot(), since_boot())
    monkeypatch.setattr("time.time", lambda: wall)
    submit(terminal)
    (case,) = sent(terminal)
    assert abs((case.submitted_at - platform).total_seconds()) < 30
    assert case.receipt_number.split("-")[1] == f"{platform.astimezone():%m%d}"
