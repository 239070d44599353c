"""An item an office decides on later (承诺件): accepted, with a day, and no certificate is about to be printed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from contract.cases import CaseAnswer
from contract.codes import CaseState
from kiosk.journey import intents
from kiosk.journey.views import DoneView
from offline_cache import Cache
from tests.journeys.fixtures import OpenTerminal
from tests.journeys.hands import paper, printed_receipts
from tests.journeys.town_hall import TownHall


def test_an_answer_without_a_certificate(hall: TownHall, open_terminal: OpenTerminal, tmp_path: Path) -> None:
    data = hall.enrolled(tmp_path / "terminal")
    citizen = open_terminal(data)
    view = citizen.print_household(1)
    assert view.state == "sending" and paper(view, "certificate")[0] == "waiting"
    # no item of the sample city is of this kind: the platform's answer is put where the agent puts it
    cache = Cache.open(data)
    [entry] = cache.outbox.due()
    answer = CaseAnswer(
        case_id=UUID(entry.id),
        state=CaseState.ACCEPTED,
        case_number="3702-0261121-77777",
        accepted_at=datetime.now(UTC),
        due_at=datetime.now(UTC) + timedelta(days=7),
    )
    cache.outbox.delivered(entry, cache.visits.open(entry.visit), answer)
    cache.close()
    done = citizen.sees(DoneView, lambda v: v.state == "accepted" and paper(v, "receipt")[0] == "printed")
    assert done.number == answer.case_number and "问进度" in done.line
    assert [row.id for row in done.papers] == ["receipt"]
    assert "承诺办结日期" in printed_receipts(hall)[-1]
    citizen.send(intents.Forward())
