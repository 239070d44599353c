"""Cases for tests, of invented people, and their materials by tus."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import requests

from contract.cases import Answer, Case, MaterialSent, Signature
from contract.codes import LetterKind, LoginWay
from contract.identity import Person
from fleet.outcomes import later_letter
from fleet.paperwork import paperwork
from kiosk.cases import letters
from kiosk.documents.sealing import DeviceKey
from tests.fleet.city_workbook import PROOF, SUBSIDY
from tests.fleet.running_platform import TestTerminal

PERSON = Person(name="李样本", number="370299198506070018", sex="男")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def proof_case(terminal_id: str = "T-1", **fields: object) -> Case:
    """An instant item without form or materials."""
    case = Case(
        case_id=uuid4(),
        receipt_number="A01-20261121-0001",
        terminal_id=terminal_id,
        task_code=PROOF,
        item_name="参保证明打印",
        release_version=1,
        login=LoginWay.ID_CARD,
        applicant=PERSON,
        submitted_at=datetime.now(UTC),
    )
    return case.model_copy(update=fields)


@dataclass(frozen=True)
class SignedLetter:
    """A letter as a terminal signs it: its record, and the material with its bytes."""

    record: Signature
    material: MaterialSent
    pdf: bytes


def signed_letter(terminal: TestTerminal, kind: LetterKind = LetterKind.COMMITMENT, owed: str = "") -> SignedLetter:
    """The letter of the small city's subsidy, or that of papers which follow, signed with this terminal's key."""
    words = later_letter() if kind is LetterKind.LATER else None
    title = words.title.zh if words else "承诺书"
    paragraphs = tuple(each.zh for each in words.paragraphs) if words else ("所填内容真实。", "愿意承担责任。")
    letter = letters.Letter(kind, title, (("承诺人", "李样本"),), paragraphs, "以后补交", (owed,) if owed else ())
    unsigned = letters.render(letter, paperwork("letter.typ").decode(), "海湾市", "示例局", datetime.now(UTC))
    strokes = [[(0.1, 0.2, 0), (0.5, 0.8, 16)]]
    return SignedLetter(*letters.sign(letter, unsigned, strokes, 3.0, DeviceKey(terminal.folder), "示例大厅"))


def subsidy_case(scan: bytes, signed: SignedLetter | None = None, **fields: object) -> Case:
    """A promised item with a scanned letter and, if there is one, a signed commitment."""
    letter = MaterialSent(
        material_id="letter",
        name="授权委托书",
        media_type="application/pdf",
        sha256=sha256(scan),
        size=len(scan),
        pages=1,
    )
    case = proof_case(
        task_code=SUBSIDY,
        item_name="高龄津贴申领",
        situations={"who": "other"},
        answers=[Answer(path="/data/age", label="年龄", value="81", shown="81")],
        instance="<data><age>81</age></data>",
        materials=[letter, *([signed.material] if signed else [])],
        signatures=[signed.record] if signed else [],
    )
    return case.model_copy(update=fields)


def put_case(terminal: TestTerminal, case: Case) -> requests.Response:
    return terminal.put(f"cases/{case.case_id}", case)


def begin_upload(terminal: TestTerminal, case_id: UUID, digest: str, length: int) -> requests.Response:
    """POST of the creation extension."""
    metadata = {"sha256": digest, "case_id": str(case_id)}
    encoded = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items())
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": str(length), "Upload-Metadata": encoded}
    return terminal.call("POST", "uploads/", headers=headers)


def send_bytes(terminal: TestTerminal, location: str, offset: int, content: bytes) -> requests.Response:
    """PATCH from `offset`."""
    headers = {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
    }
    return terminal.patch(terminal.platform.url + location, data=content, headers=headers, timeout=20)


def offset_of(terminal: TestTerminal, location: str) -> int:
    """HEAD: how far the upload is."""
    answer = terminal.head(terminal.platform.url + location, headers={"Tus-Resumable": "1.0.0"}, timeout=20)
    assert answer.status_code == 200
    return int(answer.headers["Upload-Offset"])


def upload(terminal: TestTerminal, case_id: UUID, content: bytes) -> None:
    """A whole upload."""
    location = begin_upload(terminal, case_id, sha256(content), len(content)).headers["Location"]
    assert send_bytes(terminal, location, 0, content).status_code == 204
