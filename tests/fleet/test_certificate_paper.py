"""A finished document from the running platform to the terminal's printer: what is printed, and what is withheld."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract.cases import Case, CaseAnswer
from contract.certificates import Certificate, FinishedDocument
from contract.identity import Person
from contract.releases import Release
from fleet.sample_city.seals.keys import DEPARTMENT, sample_keys
from fleet.sample_city.seals.ofd import page_entries, sealed_ofd
from fleet.sample_city.seals.picture import seal_picture
from fleet.sample_city.seals.ses import make_seal
from kiosk.cases.certificate_paper import Ready, Withheld, finished, laid_out
from kiosk.documents.typesetting import CHINA
from kiosk.words import LANGUAGES, say
from offline_cache.document_service import DocumentService
from offline_cache.platform import Platform
from offline_cache.releases.installed import InstalledRelease
from tests.fleet.city_workbook import COMPANIES, PROOF, with_logins
from tests.fleet.running_platform import RunningPlatform, TestTerminal, running
from tests.fleet.sample_cases import PERSON, proof_case, put_case
from tests.kiosk.documents.sealing import DAY

CONNECTORS = f"""
[identity]
use = "sample_city"
[documents]
use = "sample_documents"
pdf = ["{PROOF}"]
"""
OTHER = Person(name="王示例", number="37029919920318002X", sex="女")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    for platform in running(tmp_path_factory.mktemp("paper city"), CONNECTORS, with_logins):
        platform.command("release", "--approved-by", "甲", "--approved-by", "乙")
        yield platform


class Paper:
    """A terminal of that city with its release, and a document of its case."""

    def __init__(self, city: RunningPlatform, folder: Path) -> None:
        self.city, self.folder = city, folder
        self.terminal = TestTerminal(city, "T-1", folder / "pki")
        shutil.copy(city.ca, folder / "pki" / "ca.crt")
        self.service = DocumentService(Platform(city.url, folder / "pki"))
        self.release = self._install()

    def _install(self) -> InstalledRelease:
        """The newest target of each name, as the agent would have put them."""
        targets, into = self.city.data / "releases" / "targets", self.folder / "release"
        for path in sorted(targets.rglob("*.*"), key=lambda path: path.stat().st_mtime_ns):
            name = path.name.partition(".")[2]
            place = into / path.relative_to(targets).parent / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)
        return InstalledRelease(into)

    def ask(self) -> tuple[Case, FinishedDocument]:
        """A new case and its document."""
        case = proof_case()
        answer = CaseAnswer.model_validate_json(put_case(self.terminal, case).content)
        assert answer.document is not None
        return case, answer.document

    def prepared(self, case: Case, document: FinishedDocument) -> Ready | Withheld:
        return finished(document, case, self.release.items[PROOF], self.release, self.service)

    def instead(self, case: Case, document: FinishedDocument, content: bytes, kind: str) -> FinishedDocument:
        """The platform hands out `content` in the document's place, and says so in its answer."""
        digest = hashlib.sha256(content).hexdigest()
        path = self.city.data / "documents" / digest[:2] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        changed = {"sha256": digest, "size": len(content), "media_type": f"application/{kind}"}
        made = document.model_copy(update=changed)
        with sqlite3.connect(self.city.data / "fleet.db", timeout=20) as database:
            [(text,)] = database.execute("select answer from cases where id = ?", (str(case.case_id),)).fetchall()
            answer = {**json.loads(text), "document": made.model_dump(mode="json")}
            database.execute("update cases set answer = ? where id = ?", (json.dumps(answer), str(case.case_id)))
        return made


@pytest.fixture(scope="module")
def paper(city: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> Paper:
    return Paper(city, tmp_path_factory.mktemp("terminal"))


def test_a_genuine_document_is_ready(paper: Paper) -> None:
    made = paper.prepared(*paper.ask())
    assert isinstance(made, Ready)
    assert made.pdf.startswith(b"%PDF-") and made.preview.startswith(b"\xff\xd8")
    assert (made.signer, made.sealed_on) == (DEPARTMENT, f"{datetime.now(CHINA):%Y-%m-%d}")
    assert "李样本" not in repr(made)


def test_somebody_elses_document_is_withheld(paper: Paper) -> None:
    case, document = paper.ask()
    visit = case.model_copy(update={"applicant": OTHER})
    assert paper.prepared(visit, document) == Withheld("seal.holder")
    # the platform's answer says it is theirs, the page says whose it is
    said = document.model_copy(update={"holder": OTHER.name, "holder_number": OTHER.number})
    assert paper.prepared(visit, said) == Withheld("seal.holder")


def test_a_file_that_is_not_the_one_announced_is_withheld(paper: Paper) -> None:
    case, document = paper.ask()
    path = paper.city.data / "documents" / document.sha256[:2] / document.sha256
    content = path.read_bytes()
    for changed in (content + b"\n", content[:-1], content[:-9] + b"0" + content[-8:]):
        path.write_bytes(changed)
        assert paper.prepared(case, document) == Withheld("seal.not_fetched", not_here=True)
    path.unlink()
    assert paper.prepared(case, document) == Withheld("seal.not_fetched", not_here=True)


def test_a_changed_document_is_withheld_though_the_platform_vouches_for_it(paper: Paper) -> None:
    case, document = paper.ask()
    path = paper.city.data / "documents" / document.sha256[:2] / document.sha256
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    said = paper.instead(case, document, bytes(content), "pdf")
    made = paper.prepared(case, said)
    assert made in (Withheld("seal.changed"), Withheld("seal.not_a_document"))


def test_no_platform_no_document(paper: Paper, tmp_path: Path) -> None:
    case, document = paper.ask()
    away = DocumentService(Platform("https://localhost:9", paper.folder / "pki"))
    assert finished(document, case, paper.release.items[PROOF], paper.release, away) == Withheld(
        "seal.not_fetched", not_here=True
    )


def test_a_release_without_a_trust_list_believes_no_seal(paper: Paper, tmp_path: Path) -> None:
    shutil.copytree(paper.folder / "release", tmp_path / "release")
    about = tmp_path / "release" / "release.json"
    emptied = Release.model_validate_json(about.read_bytes()).model_copy(update={"seal_authorities": []})
    about.write_text(emptied.model_dump_json(), "utf-8")
    case, document = paper.ask()
    made = finished(document, case, paper.release.items[PROOF], InstalledRelease(tmp_path / "release"), paper.service)
    assert made == Withheld("seal.no_trust_list")


@pytest.mark.parametrize("drawn", [True, False])
def test_an_ofd_is_printed_or_goes_to_the_phone(paper: Paper, drawn: bool) -> None:
    case, document = paper.ask()
    now = datetime.now(UTC).replace(microsecond=0)
    keys = sample_keys(paper.city.data / "sample-seals")
    seal = make_seal(DEPARTMENT, seal_picture(), 38, keys.ofd, keys.ofd_authority, now - DAY, now + DAY)
    entries = page_entries([(30, 60, 6, "持有人：李样本")], more="" if drawn else "<ofd:PageBlock/>")
    said = paper.instead(case, document, sealed_ofd(entries, seal, now), "ofd")
    made = paper.prepared(case, said)
    if drawn:
        assert isinstance(made, Ready) and made.pdf.startswith(b"%PDF-")
    else:
        assert made == Withheld("seal.unprintable", phone=True)


def test_a_kind_that_is_not_the_one_announced(paper: Paper) -> None:
    case, document = paper.ask()
    content = (paper.city.data / "documents" / document.sha256[:2] / document.sha256).read_bytes()
    assert paper.prepared(case, paper.instead(case, document, content, "ofd")) == Withheld("seal.not_a_document")


@pytest.fixture(scope="module")
def own(paper: Paper) -> tuple[Case, Certificate]:
    """A certificate the terminal lays out itself, of a company."""
    companies = paper.terminal.call("POST", "identity/companies", json={"number": PERSON.number}).json()["companies"]
    case = Case.model_validate({**proof_case(task_code=COMPANIES).model_dump(), "company": companies[0]})
    answer = CaseAnswer.model_validate_json(put_case(paper.terminal, case).content)
    assert answer.certificate is not None
    return case, answer.certificate


def test_a_certificate_of_ours_is_ready(paper: Paper, own: tuple[Case, Certificate]) -> None:
    case, certificate = own
    made = laid_out(certificate, case, paper.release.items[COMPANIES], paper.release)
    assert isinstance(made, Ready) and made.preview.startswith(b"\xff\xd8") and made.signer == ""


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"holder": "别人有限公司"}, "seal.code"),
        ({"number": "DW-26-999999"}, "seal.code"),
        ({"code": "ABC"}, "seal.code"),
        ({"template": "nothing"}, "paper.reason_template"),
    ],
)
def test_a_certificate_of_ours_that_is_not_right(
    paper: Paper, own: tuple[Case, Certificate], changed: dict[str, str], line: str
) -> None:
    case, certificate = own
    wrong = certificate.model_copy(update=changed)
    assert laid_out(wrong, case, paper.release.items[COMPANIES], paper.release) == Withheld(line)


def test_another_companys_certificate(paper: Paper, own: tuple[Case, Certificate]) -> None:
    case, certificate = own
    visit = case.model_copy(update={"company": None})
    made = laid_out(certificate, visit, paper.release.items[COMPANIES], paper.release)
    assert made == Withheld("seal.holder")
    assert all(say(made.line, language) for language in LANGUAGES)
