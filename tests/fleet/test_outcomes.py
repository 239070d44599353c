"""The five outcomes: what the rule decides, what a person decides, and what each numbered notice says."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from contract.cases import Case, CaseAnswer, MaterialSent
from contract.codes import CaseState, LetterKind, MaterialNeed, Outcome, PaperDoubt, TaskType
from contract.items import Printing
from fleet.catalogue.catalogue import Catalogue
from fleet.data_folder import DataFolder
from fleet.outcomes import decide
from fleet.platform import Platform
from tests.fleet.city_workbook import PROOF, SUBSIDY, Rows, write_city
from tests.fleet.running_platform import LIMIT, RunningPlatform, TestTerminal, run_command, running
from tests.fleet.sample_cases import proof_case, put_case, sha256, signed_letter, subsidy_case, upload

SCAN = b"%PDF-1.7 a scanned letter"


def may_follow(rows: Rows) -> None:
    """The proof asks for a scan that may follow later; the subsidy's letter must be there."""
    material = dict(rows["materials"][1])
    next(item for item in rows["items"] if item["task_code"] == PROOF).update(print_pages=2, print_attempts=1)
    rows["materials"].append(
        material | {"task_code": PROOF, "material_id": "photo", "name_zh": "近期照片", "need": "容缺后补", "when": None}
    )


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    yield from running(tmp_path_factory.mktemp("city"), "", may_follow)


@pytest.fixture(scope="module")
def kiosk(city: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> TestTerminal:
    return TestTerminal(city, "T-1", tmp_path_factory.mktemp("T-1"))


def settled(terminal: TestTerminal, case: Case, *materials: bytes) -> CaseAnswer:
    put_case(terminal, case)
    for part in materials:
        upload(terminal, case.case_id, part)
    answer = put_case(terminal, case)
    assert answer.status_code == 200, answer.text
    return CaseAnswer.model_validate_json(answer.content)


def test_everything_there_is_accepted_with_a_numbered_notice(kiosk: TestTerminal) -> None:
    signed = signed_letter(kiosk)
    answer = settled(kiosk, subsidy_case(SCAN, signed), SCAN, signed.pdf)
    notice = answer.notice
    assert notice is not None and (notice.outcome, answer.state) == (Outcome.ACCEPTED, CaseState.ACCEPTED)
    assert re.fullmatch(r"受字〔\d{4}〕\d{6}号", notice.number) and notice.title == "受理通知书"
    assert "参照《中华人民共和国行政许可法》第三十二条第一款第五项，现予受理" in notice.paragraphs[0]
    assert (notice.addressee, notice.masked_number) == ("李样本", "3702**********0018")


def test_everything_missing_is_told_at_once_and_by_when(kiosk: TestTerminal) -> None:
    case = subsidy_case(SCAN).model_copy(update={"materials": []})
    answer = settled(kiosk, case)
    notice = answer.notice
    assert notice is not None and (notice.outcome, answer.state) == (Outcome.TO_SUPPLEMENT, CaseState.TO_SUPPLEMENT)
    assert [(paper.name, paper.reason) for paper in notice.owed] == [("授权委托书", "没有提交"), ("承诺书", "没有签名")]
    assert notice.owed_by is not None and notice.owed_by == answer.due_at and answer.accepted_at is None
    day = f"{notice.owed_by.year} 年 {notice.owed_by.month} 月 {notice.owed_by.day} 日"
    assert "一次告知" in notice.paragraphs[0] and f"请在{day}前补齐" in notice.paragraphs[1]
    # asked again, the same answer under the same number
    assert settled(kiosk, case) == answer


def test_a_paper_that_may_follow_needs_the_signed_promise(kiosk: TestTerminal) -> None:
    without = settled(kiosk, proof_case(owed=["photo"]))
    assert without.notice is not None and without.notice.outcome is Outcome.TO_SUPPLEMENT
    signed = signed_letter(kiosk, LetterKind.LATER, "近期照片")
    case = proof_case(owed=["photo"], materials=[signed.material], signatures=[signed.record])
    answer = settled(kiosk, case, signed.pdf)
    notice = answer.notice
    assert notice is not None and (notice.outcome, answer.state) == (Outcome.ACCEPTED_OWING, CaseState.ACCEPTED)
    # an instant item, but nothing is given before the paper has come
    assert answer.certificate is None and [paper.material_id for paper in notice.owed] == ["photo"]
    assert notice.owed_by == answer.due_at and "容缺受理" in notice.paragraphs[0]


def test_a_promise_that_does_not_name_the_paper_is_refused(kiosk: TestTerminal) -> None:
    signed = signed_letter(kiosk, LetterKind.LATER, "别的材料")
    case = proof_case(owed=["photo"], materials=[signed.material], signatures=[signed.record])
    answer = put_case(kiosk, case)
    assert answer.status_code == 422 and "does not name the papers" in answer.json()["detail"]


def test_the_letter_of_papers_that_follow_comes_with_the_release(city: RunningPlatform) -> None:
    platform = Platform(DataFolder(city.data))
    catalogue = platform.release(1)
    platform.close()
    assert isinstance(catalogue, Catalogue)
    proof, subsidy = catalogue.item(PROOF), catalogue.item(SUBSIDY)
    assert proof is not None and proof.later_letter is not None and proof.later_letter.title.zh == "容缺受理承诺书"
    assert subsidy is not None and subsidy.later_letter is None and subsidy.later_days == 5
    assert proof.printing == Printing(most_pages=2, attempts=1) and subsidy.printing == Printing()
    # a licence is decided under the law itself, and optional papers are never owed
    licence = subsidy.model_copy(update={"task_type": TaskType.LICENCE, "commitment": None})
    optional = [each.model_copy(update={"need": MaterialNeed.OPTIONAL}) for each in licence.materials]
    case = subsidy_case(SCAN).model_copy(update={"materials": []})
    assert decide(case, licence).outcome is Outcome.TO_SUPPLEMENT
    assert decide(case, licence.model_copy(update={"materials": optional})).outcome is Outcome.ACCEPTED


def test_a_citys_own_layout_takes_the_place_of_ours(tmp_path: Path) -> None:
    workbook = write_city(tmp_path / "city")
    (workbook.parent / "letter.typ").write_text("#let own = true", "utf-8")
    data = tmp_path / "platform"
    for command in (("init",), ("import", str(workbook)), ("release", "--approved-by", "甲", "--approved-by", "乙")):
        code, said = run_command(*command, "--data", str(data))
        assert code == 0, said
    targets = {path.name.split(".", 1)[1]: path.read_text("utf-8") for path in data.rglob("*.typ")}
    assert targets["letter.typ"] == "#let own = true" and "补齐补正告知书" in targets["notice.typ"]


def decided(city: RunningPlatform, case: str, outcome: str, *more: str) -> tuple[int, dict[str, object]]:
    return run_command("decide", case, "--outcome", outcome, "--by", "周经办", "--data", str(city.data), *more)


def test_a_person_decides_and_the_record_says_so(city: RunningPlatform, kiosk: TestTerminal, tmp_path: Path) -> None:
    case = subsidy_case(SCAN).model_copy(update={"materials": []})
    first = settled(kiosk, case)
    assert decided(city, first.case_number, "not_accepted")[0] == 1
    assert decided(city, first.case_number, "corrected")[0] == 1
    assert decided(city, first.case_number, "to_supplement")[0] == 1
    assert decided(city, first.case_number, "to_supplement", "--owe", "nothing=缺")[0] == 1
    assert decided(city, first.case_number, "accepted_owing", "--owe", "letter=没有提交")[0] == 1
    assert decided(city, "no such case", "accepted")[0] == 1
    code, said = decided(city, str(case.case_id), "to_supplement", "--owe", "letter=没有盖章")
    assert code == 0 and str(said["notice"]).startswith("补字")
    out = tmp_path / "notice.json"
    code, said = decided(city, first.case_number, "corrected", "--reason", "出生日期写错，已改正。", "--out", str(out))
    notice = json.loads(out.read_text("utf-8"))
    assert (code, notice["title"]) == (0, "当场更正受理通知书") and "出生日期写错" in notice["paragraphs"][0]
    assert notice["number"] == said["notice"] and said["state"] == "05"
    # what was accepted is not turned away afterwards
    assert decided(city, first.case_number, "not_accepted", "--reason", "x", "--where", "y")[0] == 1
    # the terminal, asking again, hears the newest
    assert settled(kiosk, case).notice.number == said["notice"]  # type: ignore[union-attr]


def test_not_accepted_says_why_and_where_to_go(city: RunningPlatform, kiosk: TestTerminal) -> None:
    first = settled(kiosk, subsidy_case(SCAN).model_copy(update={"materials": []}))
    reason, where = "户籍不在本市，不属于本机关职权范围。", "户籍所在地民政部门"
    code, said = decided(city, first.case_number, "not_accepted", "--reason", reason, "--where", where)
    assert code == 0 and said["state"] == "07"
    shown = city.operator(f"cases/{first.case_id}").json()["answer"]["notice"]
    text = "\n".join(shown["paragraphs"])
    assert reason in text and where in text and "决定不予受理" in text and "行政复议" in text
    assert decided(city, first.case_number, "accepted")[0] == 1


def test_numbers_run_without_a_gap(city: RunningPlatform, kiosk: TestTerminal) -> None:
    numbers = [settled(kiosk, subsidy_case(SCAN).model_copy(update={"materials": []})).notice.number for _ in range(3)]  # type: ignore[union-attr]
    running_numbers = [int(re.findall(r"\d+", number)[1]) for number in numbers]
    assert running_numbers == list(range(running_numbers[0], running_numbers[0] + 3))


def test_an_owed_paper_counts_only_if_it_did_not_come(kiosk: TestTerminal) -> None:
    photo = b"%PDF-1.7 a photo"

    sent = MaterialSent(
        material_id="photo", name="近期照片", media_type="application/pdf",
        sha256=hashlib.sha256(photo).hexdigest(), size=len(photo), pages=1,
    )  # fmt: skip
    answer = settled(kiosk, proof_case(materials=[sent]), photo)
    assert answer.certificate is not None and answer.notice is not None and answer.notice.owed == []


def test_the_receipt_is_on_the_phone_for_a_day_and_for_nobody_else(city: RunningPlatform, kiosk: TestTerminal) -> None:
    answer = settled(kiosk, proof_case())
    assert answer.receipt_link.startswith("/receipts/")

    def shown(link: str) -> tuple[int, str]:
        page = requests.get(city.url + link, verify=city.ca, timeout=LIMIT)
        assert page.headers["Cache-Control"] == "no-store"
        return page.status_code, page.text

    status, text = shown(answer.receipt_link)
    assert status == 200 and answer.case_number in text and "3702**********" in text and "截图" in text
    # another case's, a later time, the key of another kind of link: nothing is said
    case, until, seal = answer.receipt_link.removeprefix("/receipts/").split(".")
    other = settled(kiosk, proof_case()).receipt_link.removeprefix("/receipts/").split(".")
    for token in (f"{other[0]}.{until}.{seal}", f"{case}.{int(until) + 1}.{seal}", f"{case}.{until}.{'0' * 64}", "x"):
        assert shown(f"/receipts/{token}")[0] == 404
    assert shown(answer.receipt_link.replace("receipts", "documents"))[0] == 404
    platform = Platform(DataFolder(city.data))
    try:
        links, now = platform.receipt_links, datetime.now(UTC)
        assert links.case(".".join((case, until, seal)), now) == answer.case_id
        assert links.case(".".join((case, until, seal)), now + timedelta(days=1, minutes=1)) is None
    finally:
        platform.close()


def photo(**more: object) -> MaterialSent:
    """The paper the proof asks for."""
    scan = {"media_type": "application/pdf", "sha256": sha256(SCAN), "size": len(SCAN), "pages": 1}
    return MaterialSent.model_validate({"material_id": "photo", "name": "近期照片", **scan, **more})


def test_a_doubted_paper_is_looked_at_by_a_person_before_an_instant_item_is_done(
    city: RunningPlatform, kiosk: TestTerminal
) -> None:
    case = proof_case(materials=[photo(doubts=[PaperDoubt.NAME_DIFFERS])])
    answer = settled(kiosk, case, SCAN)
    assert (answer.state, answer.certificate) == (CaseState.ACCEPTED, None)
    assert answer.due_at is not None and answer.due_at.date() > datetime.now(UTC).date()
    code, said = decided(city, answer.case_number, "accepted")
    assert code == 0 and said["state"] == CaseState.CONCLUDED
    concluded = settled(kiosk, case)
    assert concluded.state is CaseState.CONCLUDED and concluded.certificate is not None


def test_a_paper_put_right_at_the_terminal_is_corrected_on_the_spot(kiosk: TestTerminal) -> None:
    answer = settled(kiosk, proof_case(materials=[photo(corrected=True)]), SCAN)
    assert answer.notice is not None and answer.notice.outcome is Outcome.CORRECTED
    assert answer.notice.number.startswith("更字") and "近期照片先前交的不对" in answer.notice.paragraphs[0]
    assert answer.state is CaseState.CONCLUDED and answer.certificate is not None
    both = proof_case(materials=[photo(corrected=True, doubts=[PaperDoubt.NO_TEXT])])
    assert settled(kiosk, both, SCAN).state is CaseState.ACCEPTED
