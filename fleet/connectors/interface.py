"""What a connector is. It may raise anything: then, or after `LIMIT`, the city's service counts as unavailable."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from contract.cases import Case
from contract.identity import Company, Person
from contract.items import ServiceItem
from contract.logins import CodeCheck, HelperAnswer, IdentityAnswer
from contract.model import Words

#: Seconds a call may take: a citizen stands and waits.
LIMIT = 5.0
#: A connector is made from its table in connectors.toml; relative paths there are relative to the folder given.
Settings = Mapping[str, Any]


class IdentityConnector(Protocol):
    """A city's services about people. None of its methods may log or keep what it is given."""

    def check_code(self, code: CodeCheck) -> IdentityAnswer:
        """Whom the text of a citizen's code stands for, and how surely."""
        ...

    def person(self, number: str, mobile: str) -> Person | None:
        """The person of this ID number, if this mobile number is registered with it."""
        ...

    def companies(self, number: str) -> list[Company]:
        """Whom the person of this ID number may act for."""
        ...

    def helper(self, raw: str) -> HelperAnswer:
        """The helper whose work code or badge says `raw`."""
        ...

    def ready(self) -> None:
        """Return if the service answers, raise if it does not."""
        ...


class SmsGateway(Protocol):
    """A way to send an SMS."""

    def send(self, mobile: str, text: str) -> None:
        """Return once the gateway has taken the message."""
        ...

    def ready(self) -> None:
        """Return if the gateway answers, raise if it does not."""
        ...


@dataclass(frozen=True)
class SealedDocument:
    """A certificate as the city's licence service (电子证照) hands it out; as contract.certificates says."""

    number: str
    name: Words
    holder: str
    holder_number: str
    authority: str
    issued_at: datetime
    media_type: Literal["application/pdf", "application/ofd"]
    content: bytes = field(repr=False)


class DocumentConnector(Protocol):
    """Where finished, sealed certificates come from. It must answer the same case with the same document."""

    def document(self, case: Case, item: ServiceItem) -> SealedDocument | None:
        """The certificate this accepted case yields; None where the terminal lays it out from the item's template."""
        ...

    def ready(self) -> None:
        """Return if the service answers, raise if it does not."""
        ...


@dataclass(frozen=True, repr=False)
class Licence:
    """An electronic licence (电子证照) of somebody, without its file. `kind` is its 证照类型代码.

    `id` is the service's own name of the file, `number` the licence's and `holder_number` its holder's, whole or
    masked with *; `valid_until` the last day, None for good. `sha256` (hex) and `size` are the file's.
    """

    id: str
    kind: str
    name: str
    number: str
    holder: str
    holder_number: str
    authority: str
    issued_on: date
    valid_until: date | None
    media_type: Literal["application/pdf", "application/ofd"]
    sha256: str
    size: int


class LicenceConnector(Protocol):
    """A city's electronic licences. It may neither log nor keep what it is given."""

    def licences(self, number: str, kinds: Collection[str]) -> list[Licence]:
        """Those of these kinds that the person of this ID number has, or the company of this USCC; expired ones too."""
        ...

    def file(self, number: str, licence_id: str) -> bytes:
        """The sealed PDF or OFD of one of theirs."""
        ...

    def ready(self) -> None:
        """Return if the service answers, raise if it does not."""
        ...


class ConnectorFactory(Protocol):
    """What an entry point of the group `bianmin.connectors` names."""

    def __call__(self, settings: Settings, folder: Path) -> Any:
        """The connector. Raises KeyError or ValueError for settings it cannot work with."""
        ...
