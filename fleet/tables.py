"""The tables of the platform. Times are UTC; messages are kept as the JSON both sides spoke."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    ForeignKey,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What every table inherits: constraints have stable names, so that migrations can change them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )


class Draft(Base):
    """A workbook that passed every check: what the next release will say."""

    __tablename__ = "drafts"
    id: Mapped[int] = mapped_column(primary_key=True)
    imported_at: Mapped[datetime] = mapped_column(UtcTime)
    workbook: Mapped[str] = mapped_column(String(200))
    catalogue: Mapped[dict[str, Any]] = mapped_column(JSON)


class PublishedRelease(Base):
    """A release as published, with the two who approved it (联合审核)."""

    __tablename__ = "releases"
    version: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id"))
    published_at: Mapped[datetime] = mapped_column(UtcTime)
    approved_by: Mapped[list[str]] = mapped_column(JSON)


class Terminal(Base):
    """A terminal of the operator's workbook, and how it last said it was."""

    __tablename__ = "terminals"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    profile: Mapped[dict[str, Any]] = mapped_column(JSON)
    heartbeat: Mapped[dict[str, Any] | None] = mapped_column(JSON, nullable=True)
    heard_at: Mapped[datetime | None] = mapped_column(UtcTime, nullable=True)


class RetryRecord(Base):
    """An operator's order to a terminal: try a parked entry, or "all", again. Done once the terminal says so."""

    __tablename__ = "retry_orders"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.id"), index=True)
    entry: Mapped[str] = mapped_column(String(36))
    ordered_at: Mapped[datetime] = mapped_column(UtcTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcTime, nullable=True)


class Voucher(Base):
    """A one-time right to enrol; only the hash of its secret is kept."""

    __tablename__ = "vouchers"
    secret_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime, nullable=True)


class DeviceCertificate(Base):
    """A client certificate given to a terminal; one that is revoked opens nothing."""

    __tablename__ = "device_certificates"
    serial: Mapped[str] = mapped_column(String(40), primary_key=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.id"))
    issued_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime, nullable=True)


class OneUseCode(Base):
    """A code that is good once, of a citizen or a helper; only the hash of its text is kept.

    `content`, sealed, is whom it stands for, and is forgotten when the code is used or runs out.
    """

    __tablename__ = "one_use_codes"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, nullable=True)
    terminal_id: Mapped[str | None] = mapped_column(String(40), nullable=True)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime, nullable=True)


class SmsChallenge(Base):
    """A code sent by SMS, as keyed hash. `person` (sealed) is None where the numbers do not belong together."""

    __tablename__ = "sms_challenges"
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked_by: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64))
    person: Mapped[bytes | None] = mapped_column(LargeBinary, nullable=True)
    tries: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime, nullable=True)


class DeviceGrant(Base):
    """The terminal's code for a phone (RFC 8628). `identity` (sealed) stands from the approval to its delivery."""

    __tablename__ = "device_grants"
    device_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_hash: Mapped[str] = mapped_column(String(64), unique=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.id"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    interval: Mapped[int]
    polled_at: Mapped[datetime | None] = mapped_column(UtcTime, nullable=True)
    state: Mapped[str] = mapped_column(String(10))
    identity: Mapped[bytes | None] = mapped_column(LargeBinary, nullable=True)
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True, nullable=True)
    token_expires_at: Mapped[datetime | None] = mapped_column(UtcTime, nullable=True)


class PhoneSession(Base):
    """A phone on its way through the pages of /device or /saved; `content` is sealed."""

    __tablename__ = "phone_sessions"
    id_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)


class SavedRecord(Base):
    """An application to be finished later. `sealed` opens with the citizen's code only; None: ran out, or submitted."""

    __tablename__ = "saved_applications"
    lookup_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, nullable=True)
    saved_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcTime, nullable=True)


class PhoneUpload(Base):
    """A terminal's ticket for pages from a citizen's phone (contract/phone_uploads.py)."""

    __tablename__ = "phone_uploads"
    lookup_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    terminal_id: Mapped[str] = mapped_column(String(40), index=True)
    ticket: Mapped[dict[str, Any]] = mapped_column(JSON)
    stage: Mapped[str] = mapped_column(String(16))
    expires_at: Mapped[datetime] = mapped_column(UtcTime)


class PhoneFile(Base):
    """One file of a ticket, sealed under the key in the terminal's QR code."""

    __tablename__ = "phone_files"
    lookup_sha256: Mapped[str] = mapped_column(
        ForeignKey("phone_uploads.lookup_sha256", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Wait(Base):
    """How often something was done lately, by keyed hash of who or what; and until when it has to wait."""

    __tablename__ = "waits"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    until: Mapped[datetime] = mapped_column(UtcTime)
    forget_at: Mapped[datetime] = mapped_column(UtcTime)


class CaseRecord(Base):
    """办件: the case as the terminal sent it and, once everything is here, the platform's answer."""

    __tablename__ = "cases"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.id"))
    task_code: Mapped[str] = mapped_column(String(36))
    content: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcTime)
    #: the register of companies said, when the case came, that the applicant may not act for the company
    stranger: Mapped[bool] = mapped_column(default=False)
    #: keyed hash of the applicant's ID number or the company's USCC; "" of cases from before it was noted
    holder: Mapped[str] = mapped_column(String(64), default="", index=True)
    case_number: Mapped[str | None] = mapped_column(String(50), unique=True, nullable=True)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON, nullable=True)


class NoticeRecord(Base):
    """文书: the numbered document of an outcome, as issued; a case has one for each decision."""

    __tablename__ = "notices"
    number: Mapped[str] = mapped_column(String(60), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class CaseEvent(Base):
    """What happened to a case: `kind` received or decided, by whom (a terminal, the rule, a name), about what."""

    __tablename__ = "case_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
    kind: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(100))


class Upload(Base):
    """A tus upload on its way; its bytes so far are a file of the same id."""

    __tablename__ = "uploads"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.id"))
    case_id: Mapped[str] = mapped_column(String(36))
    sha256: Mapped[str] = mapped_column(String(64))
    length: Mapped[int]
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime, nullable=True)


class MaterialHeld(Base):
    """Bytes that are here for a case, addressed by their hash."""

    __tablename__ = "materials"
    case_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.id"))
    size: Mapped[int]


class RatingRecord(Base):
    """好差评: one for each case."""

    __tablename__ = "ratings"
    __table_args__ = (UniqueConstraint("case_id"),)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(36))
    content: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcTime)


class IssuedCertificate(Base):
    """A certificate (证照) as issued; its code can be checked by anyone."""

    __tablename__ = "certificates"
    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: 作废: from then on its code is no proof, whatever it says
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime, nullable=True)


class Sequence(Base):
    """Running numbers: of cases a day, of certificates a series and year."""

    __tablename__ = "sequences"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[int]


class AuditChain(Base):
    """An audit log of a terminal: one for each database it has had."""

    __tablename__ = "audit_chains"
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    terminal_id: Mapped[str] = mapped_column(ForeignKey("terminals.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(UtcTime)
    heard_at: Mapped[datetime] = mapped_column(UtcTime)
    #: its last line, and what the device signed last
    number: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    signed: Mapped[dict[str, Any] | None] = mapped_column(JSON, nullable=True)
    #: what was refused last; "" for nothing
    problem: Mapped[str] = mapped_column(String(200))


class AuditRecord(Base):
    """A line of an audit log."""

    __tablename__ = "audit_lines"
    chain: Mapped[str] = mapped_column(ForeignKey("audit_chains.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(25))
    event: Mapped[str] = mapped_column(String(40))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    hash: Mapped[str] = mapped_column(String(64))
