"""The audit logs of terminals: chains that only go on. What does not fit is refused, and the operator sees it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.audit import (
    AuditAnswer,
    AuditBatch,
    AuditLine,
    AuditRefusal,
    Broken,
    HeadSignature,
    first_broken,
    first_hash,
    signed_head,
)
from fleet.database import Database
from fleet.errors import AuditRefused
from fleet.tables import AuditChain, AuditRecord

log = logging.getLogger(__name__)


def receive(database: Database, terminal_id: str, batch: AuditBatch, authority: x509.Certificate) -> AuditAnswer:
    """Keep the lines that are new; the same ones again change nothing.

    Raises AuditRefused where they do not go on from what is known; that is noted with the chain.
    """
    with database.writing() as session:
        chain = _chain(session, terminal_id, batch.chain)
        if chain.terminal_id != terminal_id:
            raise AuditRefused(AuditRefusal(reason="fork", number=1))
        refusal = _refusal(session, chain, batch)
        if refusal is None:
            _keep(session, chain, batch, authority)
        else:
            chain.problem = f"{refusal.reason} at line {refusal.number}"
            log.error("the audit log of %s does not go on: %s", terminal_id, chain.problem)
        number = chain.number
    if refusal is not None:
        raise AuditRefused(refusal)
    return AuditAnswer(number=number)


def _chain(session: Session, terminal_id: str, identifier: UUID) -> AuditChain:
    chain = session.get(AuditChain, str(identifier))
    if chain is not None:
        return chain
    earlier = session.scalars(select(AuditChain).where(AuditChain.terminal_id == terminal_id)).first()
    if earlier is not None:
        log.warning("%s begins a new audit log: its database was lost or made anew", terminal_id)
    now = datetime.now(UTC)
    chain = AuditChain(
        id=str(identifier), terminal_id=terminal_id, began_at=now, heard_at=now, number=0,
        hash=first_hash(str(identifier)), signed=None, problem="",
    )  # fmt: skip
    session.add(chain)
    session.flush()
    return chain


def _refusal(session: Session, chain: AuditChain, batch: AuditBatch) -> AuditRefusal | None:
    if batch.after > chain.number:
        return AuditRefusal(reason="gap", number=chain.number)
    known = {record.number: record.hash for record in _records(session, chain.id, batch.after)}
    for line in batch.lines:
        if known.get(line.number, line.hash) != line.hash:
            return AuditRefusal(reason="fork", number=line.number)
    broken = first_broken(batch.lines, batch.after, _hash_at(session, chain, batch.after))
    return AuditRefusal(reason="broken", number=broken.number) if broken else None


def _keep(session: Session, chain: AuditChain, batch: AuditBatch, authority: x509.Certificate) -> None:
    for line in batch.lines:
        if line.number > chain.number:
            fields = {"chain": chain.id, **line.model_dump()}
            session.add(AuditRecord(**fields))
            chain.number, chain.hash = line.number, line.hash
    chain.heard_at = datetime.now(UTC)
    if chain.problem.startswith("gap"):  # and is filled now
        chain.problem = ""
    last = batch.lines[-1]
    if batch.signed is not None and last.number == chain.number:
        if _signed_by(chain.terminal_id, batch.signed, signed_head(batch.chain, last.number, last.hash), authority):
            chain.signed = {"number": last.number, **batch.signed.model_dump()}
        else:
            chain.problem = f"the signature of line {last.number} is not the terminal's"
            log.error("the audit log of %s: %s", chain.terminal_id, chain.problem)


def _signed_by(terminal_id: str, signed: HeadSignature, content: bytes, authority: x509.Certificate) -> bool:
    """Whether a certificate this platform gave the terminal signed it; it may have run out since."""
    try:
        certificate = x509.load_pem_x509_certificate(signed.certificate.encode())
        certificate.verify_directly_issued_by(authority)
        key = certificate.public_key()
        if certificate.subject.rfc4514_string() != f"CN={terminal_id}":
            return False
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(bytes.fromhex(signed.signature), content, ec.ECDSA(hashes.SHA256()))
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _hash_at(session: Session, chain: AuditChain, number: int) -> str:
    if number == 0:
        return first_hash(chain.id)
    return session.get_one(AuditRecord, (chain.id, number)).hash


def _records(session: Session, chain: str, after: int = 0) -> Iterator[AuditRecord]:
    query = select(AuditRecord).where(AuditRecord.chain == chain, AuditRecord.number > after)
    yield from session.scalars(query.order_by(AuditRecord.number))


@dataclass(frozen=True)
class Checked:
    """A chain as the platform keeps it, checked line by line."""

    chain: str
    began_at: datetime
    heard_at: datetime
    number: int
    hash: str
    #: the last line whose head the device signed, rightly; 0 for none
    signed: int
    #: what was refused, or is wrong; "" for nothing
    problem: str
    lines: list[AuditLine]


def checked(database: Database, terminal_id: str, authority: x509.Certificate) -> list[Checked]:
    """Every chain of a terminal, the oldest first, verified again with its signature."""
    with database.reading() as session:
        query = select(AuditChain).where(AuditChain.terminal_id == terminal_id).order_by(AuditChain.began_at)
        return [_checked(session, chain, authority) for chain in session.scalars(query)]


def _checked(session: Session, chain: AuditChain, authority: x509.Certificate) -> Checked:
    lines, wrong = [], None
    for record in _records(session, chain.id):
        try:
            lines.append(
                AuditLine(
                    number=record.number, at=record.at, event=record.event, fields=record.fields, hash=record.hash
                )
            )
        except ValueError:
            wrong = Broken(record.number, "it is no line of an audit log")
            break
    wrong = first_broken(lines, 0, first_hash(chain.id)) or wrong
    if wrong is None and (len(lines), lines[-1].hash if lines else chain.hash) != (chain.number, chain.hash):
        wrong = Broken(len(lines) + 1, "the end is cut off")
    signed = 0
    if chain.signed is not None:
        about = dict(chain.signed)
        signed = about.pop("number")
        head = signed_head(UUID(chain.id), signed, {line.number: line.hash for line in lines}.get(signed, ""))
        if not _signed_by(chain.terminal_id, HeadSignature.model_validate(about), head, authority):
            wrong = wrong or Broken(signed, "the device signed another head")
            signed = 0
    problem = f"line {wrong.number}: {wrong.what}" if wrong else chain.problem
    return Checked(chain.id, chain.began_at, chain.heard_at, chain.number, chain.hash, signed, problem, lines)
