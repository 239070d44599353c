"""Everything the platform can refuse, in one tree. A message says what to do next and names no person."""

from __future__ import annotations

from pathlib import Path

from contract.audit import AuditRefusal


class FleetError(Exception):
    """Base of every expected trouble; commands print it and exit 1."""


class NotInitialised(FleetError):
    """The data folder holds no platform yet."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"{data} holds no platform; make one first: kiosk-fleet init --data {data}")


class AlreadyInitialised(FleetError):
    """`init` ran before on this folder; running it again would replace keys that terminals trust."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"{data} holds a platform already; nothing was changed. Choose another folder for a new one")


class ReleaseRefused(FleetError):
    """A release was not made: no draft, or not two different approvers."""


class VoucherRefused(FleetError):
    """No voucher for this terminal, or one that is wrong, used or out of date."""


class EnrolmentRefused(FleetError):
    """The certificate request is not one this platform signs."""


class CodeRefused(FleetError):
    """A code could not be made: nobody of that number."""


class ConnectorsBroken(FleetError):
    """connectors.toml names a connector that is not installed, or leaves out what it needs."""


class ServiceUnavailable(FleetError):
    """A service of the city does not answer, answers too late or answers nonsense. Names no person."""


class ServeFailed(FleetError):
    """nginx or the application did not start, or one of them ended."""


class CaseConflict(FleetError):
    """The same case id came with other content."""


class CaseRefused(FleetError):
    """The case names an item this platform has not released, another terminal, or somebody who may not apply."""


class HoldingRefused(FleetError):
    """What the platform has is not told to who asks: not known surely enough, or not acting for this company."""


class DecisionRefused(FleetError):
    """An outcome that cannot be given to this case, or whose notice would not say what it must."""


class ArchiveRefused(FleetError):
    """A case cannot be archived: it is not there, not whole, or its materials are not what they were."""


class RetryRefused(FleetError):
    """A terminal that is not known, or an entry that it has not parked."""


class RatingConflict(FleetError):
    """The case is rated already (一次一评), or the rating id came with other content."""


class RatingRefused(FleetError):
    """The rating is not one of the list: a reason of another level, or another terminal's case."""


class UploadRefused(FleetError):
    """An upload cannot go on; `status` is the tus answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class TemplateNotWritten(FleetError):
    """The template would replace a file, or cannot be written there."""


class AuditRefused(FleetError):
    """Lines of an audit log that do not go on from those that are known."""

    def __init__(self, refusal: AuditRefusal) -> None:
        super().__init__(f"{refusal.reason} at line {refusal.number}")
        self.refusal = refusal
