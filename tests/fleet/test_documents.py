"""Finished documents: made by the licence service, kept for the terminal of the case, a day for a link."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from contract.cases import Case, CaseAnswer
from contract.certificates import FinishedDocument
from contract.codes import CaseState
from contract.identity import Company
from contract.items import ServiceItem
from contract.releases import Release
from fleet.connectors.connected import OWN, Connected, read_connectors
from fleet.data_folder import DataFolder
from fleet.errors import ReleaseRefused, ServiceUnavailable
from fleet.platform import Platform
from fleet.releases.seal_authorities import read_seal_authorities
from kiosk.documents.seals import checking
from kiosk.documents.seals.results import Checked
from kiosk.documents.seals.trust import TrustList
from tests.fleet.city_workbook import COMPANIES, PROOF, with_logins
from tests.fleet.running_platform import LIMIT, RunningPlatform, TestTerminal, running
from tests.fleet.sample_cases import PERSON, proof_case, put_case

CONNECTORS = f"""
[identity]
use = "sample_city"
[documents]
use = "sample_documents"
pdf = ["{PROOF}"]
ofd = ["{COMPANIES}"]
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    """A platform connected to the sample city's licence service, its release naming whose seals are believed."""
    for platform in running(tmp_path_factory.mktemp("city"), CONNECTORS, with_logins):
        answers = platform.command("connectors")
        assert "documents" in json.dumps(answers)
        platform.command("release", "--approved-by", "甲", "--approved-by", "乙")
        yield platform


@pytest.fixture(scope="module")
def here(city: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> TestTerminal:
    return TestTerminal(city, "T-1", tmp_path_factory.mktemp("here"))


@pytest.fixture(scope="module")
def elsewhere(city: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> TestTerminal:
    return TestTerminal(city, "T-6", tmp_path_factory.mktemp("elsewhere"))


def trust(city: RunningPlatform) -> TrustList:
    """Of the newest release, as terminals get it."""
    newest = max((city.data / "releases" / "targets").glob("*.release.json"), key=lambda path: path.stat().st_mtime_ns)
    return TrustList.of(Release.model_validate_json(newest.read_bytes()).seal_authorities)


def finished(terminal: TestTerminal, case: Case) -> FinishedDocument:
    answer = CaseAnswer.model_validate_json(put_case(terminal, case).content)
    assert answer.state is CaseState.CONCLUDED and answer.certificate is None
    assert answer.document is not None
    return answer.document


@pytest.mark.parametrize("kind", ["pdf", "ofd"])
def test_a_sealed_document_comes_from_end_to_end(city: RunningPlatform, here: TestTerminal, kind: str) -> None:
    case = proof_case()
    if kind == "ofd":
        companies = here.call("POST", "identity/companies", json={"number": PERSON.number}).json()["companies"]
        company = Company.model_validate(companies[0])
        case = proof_case(task_code=COMPANIES, company=company)
    document = finished(here, case)
    got = here.call("GET", f"cases/{case.case_id}/document")
    assert got.status_code == 200 and got.headers["Content-Type"] == document.media_type == f"application/{kind}"
    assert len(got.content) == document.size and hashlib.sha256(got.content).hexdigest() == document.sha256
    checked = checking.check(got.content, trust(city), datetime.now(UTC))
    assert isinstance(checked, Checked), checked
    assert document.holder in checked.text and document.holder_number in checked.text
    assert checked.printable.startswith(b"%PDF-")
    assert finished(here, case) == document, "the same answer and number however often it is asked"


def test_only_the_terminal_of_the_case_may_fetch_it(
    city: RunningPlatform, here: TestTerminal, elsewhere: TestTerminal
) -> None:
    case = proof_case()
    finished(here, case)
    path = f"cases/{case.case_id}/document"
    assert elsewhere.call("GET", path).status_code == 404
    assert here.call("GET", f"cases/{proof_case().case_id}/document").status_code == 404
    stranger = requests.get(f"{city.url}/api/v1/{path}", verify=city.ca, timeout=LIMIT)
    assert stranger.status_code == 403


def test_a_phone_may_fetch_it_by_the_link_and_only_so(city: RunningPlatform, here: TestTerminal) -> None:
    case = proof_case()
    document = finished(here, case)

    def fetch(link: str) -> requests.Response:
        return requests.get(city.url + link, verify=city.ca, timeout=LIMIT)

    got = fetch(document.link)
    assert hashlib.sha256(got.content).hexdigest() == document.sha256
    assert got.headers["Cache-Control"] == "no-store" and ".pdf" in got.headers["Content-Disposition"]
    number, until, proof = document.link.removeprefix("/documents/").split(".")
    for forged in (
        f"{number}.{int(until) + 9999}.{proof}",
        f"{proof_case().case_id.hex}.{until}.{proof}",
        f"{number}.{until}.{'0' * 64}",
        number,
        "..%2f..%2ffleet.db",
    ):
        refused = fetch(f"/documents/{forged}")
        assert refused.status_code in (400, 404) and b"%PDF" not in refused.content
    logs = "".join(path.read_text() for path in (city.data / "nginx").glob("*.log"))
    assert proof not in logs


def test_a_link_ends(city: RunningPlatform, here: TestTerminal) -> None:
    document = finished(here, proof_case())
    platform = Platform(DataFolder(city.data))
    token = document.link.removeprefix("/documents/")
    now = datetime.now(UTC)
    assert platform.documents.by_link(token, now) is not None
    assert platform.documents.by_link(token, now + timedelta(days=1, minutes=1)) is None
    platform.close()


def test_documents_are_private_files(city: RunningPlatform, here: TestTerminal) -> None:
    document = finished(here, proof_case())
    path = city.data / "documents" / document.sha256[:2] / document.sha256
    assert path.stat().st_mode & 0o077 == 0


def test_after_two_weeks_the_bytes_are_gone(city: RunningPlatform, here: TestTerminal) -> None:
    document = finished(here, proof_case())
    path = city.data / "documents" / document.sha256[:2] / document.sha256
    platform = Platform(DataFolder(city.data))
    now = datetime.now(UTC)
    assert platform.documents.remove_old(now + timedelta(days=13)) == 0 and path.is_file()
    os.utime(path, (0, 0))
    assert platform.documents.remove_old(now) == 1 and not path.exists()
    token = document.link.removeprefix("/documents/")
    assert platform.documents.by_link(token, now) is None
    platform.close()


def connected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> Connected:
    """Connectors whose licence service answers with `body`."""
    (tmp_path / "licences_of_test.py").write_text(
        textwrap.dedent(f"""
        from datetime import UTC, datetime
        from contract.model import Words
        from fleet.connectors.interface import SealedDocument

        class Service:
            def __init__(self, settings, folder): pass
            def document(self, case, item):
                now = datetime.now(UTC)
                return {body}
        """),
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop("licences_of_test", None)
    monkeypatch.setitem(OWN, "of_test", "licences_of_test:Service")
    (tmp_path / "connectors.toml").write_text('[documents]\nuse = "of_test"\n', encoding="utf-8")
    return read_connectors(tmp_path / "connectors.toml")


ITEM = ServiceItem.model_construct()
MADE = 'SealedDocument("1", Words(zh="证"), "王示例", "3702", "局", now, "{kind}", {content})'


@pytest.mark.parametrize(
    "body",
    [
        "1 / 0",
        "'a text'",
        MADE.format(kind="application/pdf", content="b'<html>'"),
        MADE.format(kind="application/ofd", content="b'%PDF-1.7'"),
        MADE.format(kind="text/html", content="b'%PDF-1.7'"),
        MADE.format(kind="application/pdf", content="b'%PDF-' + bytes(9 * 1024 * 1024)"),
    ],
)
def test_nonsense_of_a_licence_service_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    connectors = connected(tmp_path, monkeypatch, body)
    with pytest.raises(ServiceUnavailable):
        connectors.document(proof_case(), ITEM)


def test_the_trust_list_takes_authorities_only(city: RunningPlatform, tmp_path: Path) -> None:
    kinds = {authority.kind for authority in read_seal_authorities(city.data / "seal-authorities")}
    assert kinds == {"pdf", "ofd"}
    assert read_seal_authorities(tmp_path) == []
    (tmp_path / "a.pem").write_text("nothing", encoding="utf-8")
    with pytest.raises(ReleaseRefused, match=r"a\.pem"):
        read_seal_authorities(tmp_path)
    (tmp_path / "a.pem").write_bytes((city.data / "pki" / "server.crt").read_bytes())
    with pytest.raises(ReleaseRefused, match="not the certificate of an authority"):
        read_seal_authorities(tmp_path)
