"""Certificates (证照, 证明): their numbers, what they say and the signed code that proves them offline."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Literal

import base45
import cbor2

from contract.cases import Case
from contract.certificates import Certificate
from contract.holders import holder_of
from contract.items import Result, ServiceItem
from contract.releases import CertificateKey
from fleet.cose import SigningKey, named_key, signed_payload

#: More lines would not fit the printed half page.
MOST_FIELDS = 8


@dataclass(frozen=True)
class CodeContent:
    """What a genuine code says."""

    number: str
    task_code: str
    holder: str
    masked_number: str
    issued_at: datetime
    authority: str


def write_code(content: CodeContent, key: SigningKey) -> str:
    """The text of the certificate's QR: base45 of COSE_Sign1."""
    payload = cbor2.dumps(
        {
            1: content.number,
            2: content.task_code,
            3: content.holder,
            4: content.masked_number,
            5: int(content.issued_at.timestamp()),
            6: content.authority,
        }
    )
    return base45.b45encode(key.sign(payload)).decode()


def read_code(code: str, keys: list[CertificateKey]) -> CodeContent | None:
    """What `code` says if one of `keys` signed it; None for anything else, however it is broken."""
    try:
        payload = signed_payload(base45.b45decode(code), keys)
        if payload is None:
            return None
        said = cbor2.loads(payload)
        issued_at = datetime.fromtimestamp(said[5], UTC)
        return CodeContent(said[1], said[2], said[3], said[4], issued_at, said[6])
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, OSError, cbor2.CBORError):
        return None


def judge_code(code: str, keys: list[CertificateKey]) -> CodeContent | Literal["not-a-code", "unknown", "changed"]:
    """What `code` says if one of `keys` signed it, or why not: no code at all, another's, or one of ours changed."""
    content = read_code(code, keys)
    if content is not None:
        return content
    try:
        signer = named_key(base45.b45decode(code))
    except ValueError:
        return "not-a-code"
    if signer is None:
        return "not-a-code"
    return "changed" if signer in {key.id for key in keys} else "unknown"


def issue(case: Case, item: ServiceItem, number: int, key: SigningKey, now: datetime) -> Certificate:
    """The certificate `item` yields for `case`; `number` is the running number of the series this year."""
    assert item.result is not None
    holder, shown_number = shown_holder(case, item.result)
    content = CodeContent(
        number=f"{item.result.series}-{now:%y}-{number:06d}",
        task_code=item.task_code,
        holder=holder,
        masked_number=shown_number,
        issued_at=now.replace(microsecond=0),
        authority=item.dept_name.zh,
    )
    return Certificate(
        number=content.number,
        name=item.result.name,
        template=item.result.template,
        holder=content.holder,
        fields=_fields(case, content, item.result),
        authority=content.authority,
        issued_at=content.issued_at,
        code=write_code(content, key),
    )


def masked(number: str) -> str:
    """An ID number with its first four and last four characters: 3702**********0026."""
    return number[:4] + "*" * (len(number) - 8) + number[-4:] if len(number) > 8 else "*" * len(number)


def _answers(case: Case) -> dict[str, str]:
    """What was answered, by the question's name."""
    return {answer.path.rpartition("/")[2]: answer.shown for answer in case.answers}


def shown_holder(case: Case, result: Result) -> tuple[str, str]:
    """Whom the certificate is for, as it is printed: people's numbers masked.

    A company's code is public (企业信息公示), so it is printed whole.
    """
    name, number = holder_of(case, result)
    return name, number if case.company is not None else masked(number)


def lines_of(case: Case, result: Result) -> list[tuple[str, str]]:
    """The lines after name and number, as the item says."""
    answers = _answers(case)
    lines = [(field.label, answers[field.question]) for field in result.fields if answers.get(field.question)]
    return lines if result.fields else _sample_lines(result.template)


def _fields(case: Case, content: CodeContent, result: Result) -> list[tuple[str, str]]:
    lines = lines_of(case, result)
    labels = ("单位名称", "统一社会信用代码") if case.company else ("姓名", "身份证号")
    return [(labels[0], content.holder), (labels[1], content.masked_number), *lines][:MOST_FIELDS]


@cache
def _sample_lines(template: str) -> list[tuple[str, str]]:
    """Lines for certificates whose facts a city's registers would state; each says that it is a sample."""
    text = files("fleet").joinpath("sample_lines.toml").read_text(encoding="utf-8")
    by_template = tomllib.loads(text)
    return [(line["label"], line["shown"]) for line in by_template.get(template, by_template["default"])]
