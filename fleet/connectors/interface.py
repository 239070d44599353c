"""What a connector is. It may raise anything: then, or after `LIMIT`, the city's service counts as unavailable."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from contract.identity import Company, Person
from contract.logins import CodeCheck, HelperAnswer, IdentityAnswer

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


class ConnectorFactory(Protocol):
    """What an entry point of the group `bianmin.connectors` names."""

    def __call__(self, settings: Settings, folder: Path) -> Any:
        """The connector. Raises KeyError or ValueError for settings it cannot work with."""
        ...
