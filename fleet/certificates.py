"""Certificates (证照, 证明): their numbers, what they say and the signed code that proves them offline."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files

import base45
import cbor2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from contract.cases import Case
from contract.certificates import Certificate
from contract.items import Result, ServiceItem
from contract.releases import CertificateKey
from fleet.data_folder import DataFolder, write_private

#: COSE (RFC 9052, RFC 9053): header labels alg and kid, EdDSA, and the CBOR tag of COSE_Sign1.
_ALG, _KID, _EDDSA, _SIGN1 = 1, 4, -8, 18
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


class CertificateSigner:
    """The platform's Ed25519 key for certificate codes."""

    def __init__(self, folder: DataFolder) -> None:
        path = folder.keys / "certificates.pem"
        if not path.exists():
            write_private(path, _pem(Ed25519PrivateKey.generate()))
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        assert isinstance(key, Ed25519PrivateKey)
        self._key = key

    @property
    def public_key(self) -> CertificateKey:
        """The key a terminal or anybody checks codes with; its id is the start of its own SHA-256."""
        public = self._key.public_key().public_bytes_raw()
        return CertificateKey(id=hashlib.sha256(public).hexdigest()[:16], public=public.hex())

    def code(self, content: CodeContent) -> str:
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
        protected = cbor2.dumps({_ALG: _EDDSA, _KID: self.public_key.id.encode()})
        signature = self._key.sign(_to_be_signed(protected, payload))
        message = cbor2.dumps(cbor2.CBORTag(_SIGN1, [protected, {}, payload, signature]))
        return base45.b45encode(message).decode()


def read_code(code: str, keys: list[CertificateKey]) -> CodeContent | None:
    """What `code` says if one of `keys` signed it; None for anything else, however it is broken."""
    try:
        message = cbor2.loads(base45.b45decode(code))
        if not isinstance(message, cbor2.CBORTag) or message.tag != _SIGN1:
            return None
        protected, _unprotected, payload, signature = message.value
        header = cbor2.loads(protected)
        if header[_ALG] != _EDDSA:
            return None
        public = next(bytes.fromhex(key.public) for key in keys if key.id.encode() == header[_KID])
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _to_be_signed(protected, payload))
        said = cbor2.loads(payload)
        issued_at = datetime.fromtimestamp(said[5], UTC)
        return CodeContent(said[1], said[2], said[3], said[4], issued_at, said[6])
    except (ValueError, TypeError, KeyError, IndexError, StopIteration, InvalidSignature, cbor2.CBORError):
        return None
    except (AttributeError, OverflowError, OSError, RecursionError):
        return None


def issue(case: Case, item: ServiceItem, number: int, signer: CertificateSigner, now: datetime) -> Certificate:
    """The certificate `item` yields for `case`; `number` is the running number of the series this year."""
    assert item.result is not None
    holder, id_number = _holder(case, item.result)
    content = CodeContent(
        number=f"{item.result.series}-{now:%y}-{number:06d}",
        task_code=item.task_code,
        holder=holder,
        masked_number=masked(id_number),
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
        code=signer.code(content),
    )


def masked(number: str) -> str:
    """An ID number with its first four and last four characters: 3702**********0026."""
    return number[:4] + "*" * (len(number) - 8) + number[-4:] if len(number) > 8 else "*" * len(number)


def _answers(case: Case) -> dict[str, str]:
    """What was answered, by the question's name."""
    return {answer.path.rpartition("/")[2]: answer.shown for answer in case.answers}


def _holder(case: Case, result: Result) -> tuple[str, str]:
    """Name and ID number of whom the certificate is for: the one the form names, or the applicant."""
    answers = _answers(case)
    named = [answers.get(question, "") for question in result.holder]
    return (named[0], named[1]) if len(named) == 2 and all(named) else (case.applicant.name, case.applicant.number)


def _fields(case: Case, content: CodeContent, result: Result) -> list[tuple[str, str]]:
    answers = _answers(case)
    lines = [(field.label, answers[field.question]) for field in result.fields if answers.get(field.question)]
    if not result.fields:
        lines = _sample_lines(result.template)
    return [("姓名", content.holder), ("身份证号", content.masked_number), *lines][:MOST_FIELDS]


@cache
def _sample_lines(template: str) -> list[tuple[str, str]]:
    """Lines for certificates whose facts a city's registers would state; each says that it is a sample."""
    text = files("fleet").joinpath("sample_lines.toml").read_text(encoding="utf-8")
    by_template = tomllib.loads(text)
    return [(line["label"], line["shown"]) for line in by_template.get(template, by_template["default"])]


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, b"", payload])


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
