"""What the platform has of a material: licences of the city, what was given earlier, and whom it is told to."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from contract.cases import CaseAnswer, MaterialSent
from contract.codes import Assurance, LoginWay, MaterialOrigin, PaperDoubt
from contract.holdings import Holdings, HoldingsAsked
from contract.identity import Company, CompanyRole, Person
from fleet.api.holdings import ASKED
from fleet.connectors.interface import LIMIT, Licence
from fleet.earlier_materials import months_before
from tests.fleet.city_workbook import COMPANIES, PROOF, SUBSIDY
from tests.fleet.held import (
    CARD,
    CHEN,
    NOT_WANGS,
    USCC,
    WANG,
    ask,
    connectors,
    fetch,
    forget_cases,
    hanging,
    held,
    with_holdings,
)
from tests.fleet.logins import CHEN_NUMBER, LI_NUMBER, WANG_NUMBER
from tests.fleet.running_platform import RunningPlatform, TestTerminal, running
from tests.fleet.sample_cases import PERSON, proof_case, put_case, sha256, upload


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    folder = tmp_path_factory.mktemp("holding city")
    yield from running(folder, connectors(folder), with_holdings)


@pytest.fixture(scope="module")
def terminal(city: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> TestTerminal:
    return TestTerminal(city, "T-1", tmp_path_factory.mktemp("T-1"))


@pytest.fixture(scope="module")
def second(city: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> TestTerminal:
    return TestTerminal(city, "T-6", tmp_path_factory.mktemp("T-6"))


@pytest.fixture(autouse=True)
def fresh(city: RunningPlatform) -> None:
    forget_cases(city)


def change(city: RunningPlatform, statement: str, *values: str) -> None:
    with sqlite3.connect(city.data / "fleet.db", timeout=20) as database:
        database.execute(statement, values)


def give(terminal: TestTerminal, content: bytes, who: Person = PERSON, **changed: object) -> CaseAnswer:
    """An accepted case with this material."""
    sent: dict[str, object] = {
        "material_id": "lease", "name": "房屋租赁合同", "media_type": "application/pdf", "sha256": sha256(content),
        "size": len(content), "pages": 2, "origins": [MaterialOrigin.SCAN],
    }  # fmt: skip
    book = MaterialSent.model_validate(sent | {"material_id": "card_book", "name": "就业创业证"})
    material = MaterialSent.model_validate(sent | changed)
    case = proof_case(terminal.terminal_id, applicant=who, materials=[material, book], case_id=uuid4())
    upload(terminal, case.case_id, content)
    said = put_case(terminal, case)
    assert said.status_code == 200, said.text
    return CaseAnswer.model_validate_json(said.content)


# licences


def test_the_newest_valid_licence_is_offered_and_its_file_is_the_one_announced(terminal: TestTerminal) -> None:
    [found] = held(terminal, "card_book", "photo", number=WANG_NUMBER)
    assert (found.material_id, found.origin, found.number) == ("card_book", MaterialOrigin.LICENCE, "JY-0002")
    assert (found.issued_on, found.valid_until) == (date(2023, 1, 9), date(2099, 1, 8))
    assert (found.holder, found.holder_number) == ("王示例", "3702**********002X")
    content = fetch(terminal, found.handle)
    assert content.status_code == 200 and content.content.startswith(b"%PDF-")
    assert (sha256(content.content), len(content.content)) == (found.sha256, found.size)
    assert "no-store" in content.headers["cache-control"]
    again = held(terminal, "card_book", number=WANG_NUMBER)[0]
    assert again.sha256 == found.sha256, "a licence is sealed once"
    assert "王示例" not in repr(found) and WANG_NUMBER not in str(found)


def test_an_expired_licence_is_offered_as_what_it_is(terminal: TestTerminal) -> None:
    [found] = held(terminal, "card_book", number=CHEN_NUMBER)
    assert (found.number, found.valid_until) == ("JY-0004", date(2024, 12, 31))


def test_only_materials_of_the_item_that_may_be_held_are_asked_for(terminal: TestTerminal) -> None:
    assert held(terminal, "photo", number=WANG_NUMBER) == [], "no licence answers it and it is not used again"
    assert held(terminal, "no-such", number=WANG_NUMBER) == []
    assert held(terminal, "card_book", number=WANG_NUMBER, task_code=SUBSIDY) == [], "of another item"
    assert ask(terminal, "card_book", release_version=99).status_code == 403
    assert ask(terminal, "card_book", task_code="370299AA0009-none").status_code == 403


# earlier materials


def test_what_was_given_is_offered_again_for_a_while(city: RunningPlatform, terminal: TestTerminal) -> None:
    assert held(terminal, "lease") == []
    content = b"%PDF-1.7 lease " + uuid4().bytes
    answer = give(terminal, content)
    [found] = held(terminal, "lease")
    assert (found.origin, found.number, found.source) == (MaterialOrigin.EARLIER, answer.case_number, "参保证明打印")
    assert (found.name, found.valid_until, found.holder) == ("房屋租赁合同", None, "李样本")
    assert fetch(terminal, found.handle).content == content
    assert held(terminal, "home", task_code=SUBSIDY)[0].sha256 == found.sha256, "another item asks for the same paper"
    assert held(terminal, "photo") == [], "reuse_months of it is 0"
    # older than a month, and then than a year
    for days, left in ((40, [True, False]), (400, [False, False])):
        then = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        change(city, "update cases set answer = json_set(answer, '$.accepted_at', ?)", then)
        assert [bool(held(terminal, "lease")), bool(held(terminal, "home", task_code=SUBSIDY))] == left


def test_what_was_doubted_or_not_accepted_or_came_from_the_platform_is_not_offered_again(
    city: RunningPlatform, terminal: TestTerminal
) -> None:
    content = b"%PDF-1.7 " + uuid4().bytes
    give(terminal, content, origins=[MaterialOrigin.EARLIER])
    assert held(terminal, "lease") == [], "its age would begin anew with every case"
    give(terminal, content, doubts=[PaperDoubt.NAME_DIFFERS])
    assert held(terminal, "lease") == [], "an officer looks at it first"
    give(terminal, content)
    assert held(terminal, "lease")
    change(city, "update cases set answer = json_set(answer, '$.accepted_at', null)")
    assert held(terminal, "lease") == []


def test_a_valid_licence_comes_before_what_was_given_and_that_before_an_expired_one(
    city: RunningPlatform, terminal: TestTerminal
) -> None:
    for who, origin in ((WANG, MaterialOrigin.LICENCE), (CHEN, MaterialOrigin.EARLIER)):
        give(terminal, b"%PDF-1.7 " + uuid4().bytes, who)
        [found] = held(terminal, "card_book", number=who.number)
        assert found.origin is origin


# who may ask


def test_nobody_fetches_what_is_anothers(city: RunningPlatform, terminal: TestTerminal, second: TestTerminal) -> None:
    content = b"%PDF-1.7 of Li " + uuid4().bytes
    give(terminal, content)
    given, licence = held(terminal, "lease")[0], held(terminal, "card_book", number=WANG_NUMBER)[0]
    assert held(second, "lease", number=CHEN_NUMBER) == [], "another person is told nothing of it"
    assert all(found.holder == "陈假设" for found in held(second, "card_book", number=CHEN_NUMBER))
    for found in (given, licence):
        assert fetch(second, found.handle).status_code == 404, "a handle is good for the terminal that asked"
        turned = found.handle[:-2] + ("AA" if found.handle[-2:] != "AA" else "BB")
        assert fetch(terminal, turned).status_code == 404
    for guess in ("", "A" * 60, "ä" * 50, f"earlier:{given.sha256}", given.sha256):
        assert fetch(terminal, guess).status_code in (404, 422)


def test_a_handle_ends(city: RunningPlatform, terminal: TestTerminal, monkeypatch: pytest.MonkeyPatch) -> None:
    from fleet import holdings
    from fleet.data_folder import DataFolder
    from fleet.platform import Platform

    platform = Platform(DataFolder(city.data))
    try:
        monkeypatch.setattr(holdings, "LIFETIME", -1)
        asked = HoldingsAsked(
            task_code=PROOF, release_version=1, material_ids=["card_book"], number=WANG_NUMBER,
            login=LoginWay.ID_CARD, assurance=Assurance.SUBSTANTIAL,
        )  # fmt: skip
        [found] = holdings.held(platform, "T-1", asked).held
        assert holdings.content(platform, "T-1", found.handle) is None
    finally:
        platform.close()


@pytest.mark.parametrize(
    ("login", "assurance"),
    [
        (LoginWay.SMS, Assurance.LOW),
        (LoginWay.CITIZEN_CODE, Assurance.LOW),
        # a terminal that states more than its way reaches
        (LoginWay.SOCIAL_SECURITY_CARD, Assurance.SUBSTANTIAL),
        (LoginWay.OFFLINE_CODE, Assurance.HIGH),
    ],
)
def test_who_is_not_known_surely_is_told_nothing(terminal: TestTerminal, login: LoginWay, assurance: Assurance) -> None:
    said = ask(terminal, "card_book", number=WANG_NUMBER, login=login, assurance=assurance)
    assert said.status_code == 403 and "王示例" not in said.text


def test_a_companys_licence_is_for_who_may_act_for_it(terminal: TestTerminal) -> None:
    company = {"task_code": COMPANIES, "number": WANG_NUMBER}
    [found] = held(terminal, "trade", uscc=USCC, **company)
    assert (found.name, found.holder_number, found.media_type) == ("营业执照", USCC, "application/ofd")
    assert fetch(terminal, found.handle).content.startswith(b"PK")
    assert ask(terminal, "trade", uscc=NOT_WANGS, **company).status_code == 403
    assert held(terminal, "trade", **company) == [], "the person has none"


def test_what_was_given_for_a_company_is_the_companys(city: RunningPlatform, terminal: TestTerminal) -> None:
    content = b"%PDF-1.7 " + uuid4().bytes
    sent = MaterialSent(
        material_id="trade", name="营业执照", media_type="application/pdf", sha256=sha256(content), size=len(content),
        pages=1,
    )  # fmt: skip
    company = Company(name="海湾占位软件有限公司（示例）", uscc=USCC, role=CompanyRole.HANDLER)
    case = proof_case("T-1", task_code=COMPANIES, applicant=WANG, company=company, materials=[sent], case_id=uuid4())
    upload(terminal, case.case_id, content)
    assert put_case(terminal, case).json()["accepted_at"]
    with sqlite3.connect(city.data / "fleet.db", timeout=20) as database:
        holders = {holder for (holder,) in database.execute("select holder from cases where holder != ''")}
    assert len(holders) == 1 and USCC not in holders and WANG_NUMBER not in holders
    assert held(terminal, "lease", number=WANG_NUMBER) == []


def test_a_terminal_that_asks_for_one_after_the_other_has_to_wait(terminal: TestTerminal) -> None:
    for _ in range(ASKED.free + 1):
        ask(terminal, "photo")
    assert ask(terminal, "photo").status_code == 429


def test_no_terminal_no_answer(city: RunningPlatform, terminal: TestTerminal) -> None:
    stranger = TestTerminal(city, "T-2", terminal.folder.parent / "T-2")
    city.command("revoke", "--terminal", "T-2")
    assert ask(stranger, "card_book").status_code == 403


# the city's faults


def test_a_city_that_hangs_is_not_waited_for(city: RunningPlatform, terminal: TestTerminal) -> None:
    content = b"%PDF-1.7 " + uuid4().bytes
    give(terminal, content, WANG)
    with hanging(city.data, "JY-0002"):
        began = time.monotonic()
        said = Holdings.model_validate_json(ask(terminal, "card_book", "lease", number=WANG_NUMBER).content)
        assert time.monotonic() - began < LIMIT + 5
    assert not said.complete
    assert {found.origin for found in said.held} == {MaterialOrigin.EARLIER}, "what it has itself is offered"
    [found] = held(terminal, "card_book", number=WANG_NUMBER)
    path = city.data / "sample-seals" / "licences" / "JY-0002.pdf"
    right = path.read_bytes()
    for wrong in (right + b"\n", b"%PDF-1.7 another"):
        path.write_bytes(wrong)
        assert fetch(terminal, found.handle).status_code == 503
    path.write_bytes(right)
    assert fetch(terminal, found.handle).status_code == 200


class MixedUp:
    """A city's service that answers with other people's licences, and with what nobody asked for."""

    def __init__(self, number: str) -> None:
        self._number = number

    def licences(self, number: str, kinds: object) -> list[Licence]:
        def one(kind: str, holder_number: str, size: int = 9) -> Licence:
            issued = date(2020, 1, 1)
            return Licence(
                "1", kind, "证", "1", "某", holder_number, "局", issued, None, "application/pdf", "0" * 64, size
            )

        return [
            one(CARD, self._number), one("other", number), one(CARD, number, 0), one(CARD, number, 99_000_000),
            one(CARD, "3702**************"), one(CARD, "3702**********0018"),
        ]  # fmt: skip


def test_what_a_city_mixes_up_goes_nowhere(city: RunningPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    from fleet.connectors.connected import Connected
    from fleet.data_folder import DataFolder
    from fleet.holdings import held as answered
    from fleet.platform import Platform

    platform = Platform(DataFolder(city.data))
    try:
        platform.__dict__["connectors"] = Connected({"licences": MixedUp(WANG_NUMBER)}, {"licences": "mixed"})
        asked = HoldingsAsked(
            task_code=PROOF, release_version=1, material_ids=["card_book"], number=LI_NUMBER,
            login=LoginWay.ID_CARD, assurance=Assurance.SUBSTANTIAL,
        )  # fmt: skip
        found = answered(platform, "T-1", asked)
        assert [each.holder_number for each in found.held] == ["3702**********0018"] and found.complete
    finally:
        platform.close()


def test_connectors_tells_of_licences(city: RunningPlatform) -> None:
    content = json.loads(json.dumps(city.command("connectors")))
    assert {each["table"]: each["answers"] for each in content["connectors"]} == {"identity": True, "licences": True}


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 28), 12, date(2025, 11, 28)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 1), 12, date(2025, 12, 1)),
        (date(2026, 6, 30), 0, date(2026, 6, 30)),
    ],
)
def test_months(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
