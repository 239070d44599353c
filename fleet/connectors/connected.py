"""The connectors of this platform, as connectors.toml names them; every call has a limit."""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
import tomllib
from collections.abc import Callable, Collection
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, TypeVar

from contract.cases import Case
from contract.certificates import LARGEST_DOCUMENT
from contract.identity import Company, Person
from contract.items import ServiceItem
from contract.logins import CodeCheck, HelperAnswer, IdentityAnswer
from fleet.connectors.interface import LIMIT, ConnectorFactory, Licence, SealedDocument
from fleet.errors import ConnectorsBroken, FleetError, ServiceUnavailable

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

GROUP = "bianmin.connectors"
#: Those that come with the platform; a table's `use` names one of them or an entry point.
OWN = {
    "sample_city": "fleet.connectors.sample_city:SampleCity",
    "city_code": "fleet.connectors.city_code:CityCode",
    "sample_documents": "fleet.sample_city.seals.connector:SampleDocuments",
    "sample_licences": "fleet.sample_city.seals.licences:SampleLicences",
    "http": "fleet.connectors.http_sms:HttpSms",
}
#: [identity] answers everything about people; `codes`, `companies` and `helpers` take one question each from it.
TABLES = ("identity", "codes", "companies", "helpers", "sms", "documents", "licences")
_OWN_QUESTION = ("sms", "documents", "licences")
_DOCUMENT_HEADS = {"application/pdf": b"%PDF-", "application/ofd": b"PK\x03\x04"}
#: Calls at the same time. A service that hangs holds its thread for as long as it likes; more are not begun.
MOST_CALLS = 32


class Connected:
    """Every method raises ServiceUnavailable when nothing is connected or it does not answer in time."""

    def __init__(self, connectors: dict[str, Any], names: dict[str, str]) -> None:
        self._connectors, self.names = connectors, names
        self._free = threading.BoundedSemaphore(MOST_CALLS)

    def check_code(self, code: CodeCheck) -> IdentityAnswer:
        """Whom the text of a citizen's code stands for."""
        answer: IdentityAnswer = self._call("codes", "check_code", IdentityAnswer, code)
        if (answer.person is None) == (answer.refused is None):
            raise ServiceUnavailable("the answer must hold a person or a refusal")
        return answer

    def person(self, number: str, mobile: str) -> Person | None:
        """The person of this ID number, if this mobile number is registered with it."""
        return self._call("identity", "person", (Person, type(None)), number, mobile)

    def companies(self, number: str) -> list[Company]:
        """Whom the person of this ID number may act for."""
        companies: list[Company] = self._call("companies", "companies", list, number)
        if not all(isinstance(company, Company) for company in companies):
            raise ServiceUnavailable("the answer holds something else than companies")
        return companies

    def helper(self, raw: str) -> HelperAnswer:
        """The helper whose work code says `raw`."""
        answer: HelperAnswer = self._call("helpers", "helper", HelperAnswer, raw)
        if (answer.helper is None) == (answer.refused is None):
            raise ServiceUnavailable("the answer must hold a helper or a refusal")
        return answer

    def send_sms(self, mobile: str, text: str) -> None:
        """Send a message."""
        self._call("sms", "send", type(None), mobile, text)

    def sms_ready(self) -> None:
        """Return if messages can be sent."""
        self._call("sms", "ready", type(None))

    def document(self, case: Case, item: ServiceItem) -> SealedDocument | None:
        """The finished certificate of this case; None where nothing is connected, or the item has a template."""
        if "documents" not in self._connectors:
            return None
        made: SealedDocument | None = self._call("documents", "document", (SealedDocument, type(None)), case, item)
        if made is None:
            return None
        head = _DOCUMENT_HEADS.get(made.media_type)
        if head is None or not made.content.startswith(head) or len(made.content) > LARGEST_DOCUMENT:
            raise ServiceUnavailable("[documents] answered something that is no PDF or OFD, or too large")
        return made

    def licences(self, number: str, kinds: Collection[str]) -> list[Licence]:
        """The licences of these kinds that a person or company has; none where nothing is connected."""
        if "licences" not in self._connectors:
            return []
        found: list[Licence] = self._call("licences", "licences", list, number, kinds)
        if not all(isinstance(licence, Licence) for licence in found):
            raise ServiceUnavailable("the answer holds something else than licences")
        return found

    def licence_file(self, number: str, licence_id: str, sha256: str) -> bytes:
        """The file of a licence, which has this hash."""
        content: bytes = self._call("licences", "file", bytes, number, licence_id)
        if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), sha256):
            raise ServiceUnavailable("[licences] handed out another file than it said")
        return content

    def ready(self, table: str) -> None:
        """Return if the service of this table answers."""
        self._call(table, "ready", type(None))

    def _call(self, table: str, method: str, kind: type | tuple[type, ...], *arguments: object) -> Any:
        key = table if table in self._connectors or table in _OWN_QUESTION else "identity"
        if key not in self._connectors:
            raise ServiceUnavailable(f"nothing is connected for {table}; see connectors.toml")
        connector = self._connectors[key]
        answer = self._within_limit(
            f"[{key}] {self.names[key]}: {method}", lambda: getattr(connector, method)(*arguments)
        )
        if not isinstance(answer, kind):
            _log.warning("[%s] %s: %s answered a %s", key, self.names[key], method, type(answer).__name__)
            raise ServiceUnavailable(f"[{key}] answered something else than asked")
        return answer

    def _within_limit(self, name: str, call: Callable[[], _T]) -> _T:
        if not self._free.acquire(blocking=False):
            raise ServiceUnavailable(f"{name}: {MOST_CALLS} calls wait for it already")
        outcome: Future[_T] = Future()

        def run() -> None:
            try:
                outcome.set_result(call())
            except Exception as error:
                outcome.set_exception(error)
            except BaseException as error:  # a connector may end itself, not the platform
                outcome.set_exception(RuntimeError(type(error).__name__))
            finally:
                self._free.release()

        threading.Thread(target=run, name="connector", daemon=True).start()
        try:
            return outcome.result(LIMIT)
        except TookTooLong:
            reason = f"no answer within {LIMIT:.0f} s"
        except Exception as error:  # its text may name a person
            reason = str(error) if isinstance(error, ServiceUnavailable) else type(error).__name__
        _log.warning("%s: %s", name, reason)
        raise ServiceUnavailable(f"{name}: {reason}")


def read_connectors(path: Path, folder: Path | None = None) -> Connected:
    """What `path` (connectors.toml) names; no file, no connectors. Raises ConnectorsBroken.

    Paths in it are relative to `folder`, or to where it is.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        tables = {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConnectorsBroken(f"{path}: {error}") from None
    connectors: dict[str, Any] = {}
    for table, settings in tables.items():
        if table not in TABLES or not isinstance(settings, dict) or "use" not in settings:
            raise ConnectorsBroken(f'{path}: [{table}] must be one of {", ".join(TABLES)} and say use = "…"')
        try:
            connectors[table] = _factory(settings["use"])(settings, folder or path.parent)
        except KeyError as error:
            raise ConnectorsBroken(f"{path}: [{table}] needs {error}") from None
        except (ValueError, TypeError, AttributeError, ImportError, FleetError) as error:
            raise ConnectorsBroken(f"{path}: [{table}]: {error}") from None
    return Connected(connectors, {table: settings["use"] for table, settings in tables.items()})


def _factory(name: str) -> ConnectorFactory:
    if name in OWN:
        module, _, attribute = OWN[name].partition(":")
        factory: ConnectorFactory = getattr(import_module(module), attribute)
        return factory
    for entry in entry_points(group=GROUP, name=name):
        loaded: ConnectorFactory = entry.load()
        return loaded
    raise ValueError(f'no connector is called "{name}"; there are {", ".join(sorted(OWN))} and what is installed')
