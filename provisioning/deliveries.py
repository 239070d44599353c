"""What a terminal has to deliver, for staff on site: what waits, what is parked and why, and to try it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from offline_cache import Cache
from offline_cache.errors import CacheError
from provisioning.errors import DeliveryError, ProvisioningError

#: what the sync agent says is in the way -> what a technician does
PROBLEMS = {
    "clock": "the clock of this terminal is wrong, or the platform's certificate has run out: compare with a watch and "
    "set it (timedatectl set-time); nothing is lost meanwhile",
    "unreachable": "the platform does not answer: check cable, address and firewall",
    "not_the_platform": "something else answers at the platform's address: a login page or a proxy is in between",
    "shut_out": "the platform refuses this terminal: its certificate has run out or was revoked; enrol it again",
    "busy": "the platform answers that it cannot at the moment; tell the operator if it lasts",
}
#: seconds after which the agent's word is no longer believed
AGENT_SECONDS = 60.0


def deliveries(data: Path) -> dict[str, Any]:
    """What waits and what is parked, without anything of a person. Raises ProvisioningError."""
    cache = open_memory(data)
    try:
        return {
            "network": cache.facts.ask("network", "unknown", within=AGENT_SECONDS),
            "problem": network_problem(cache),
            "waiting": [
                {"id": identifier, "kind": kind, "since": since, "attempts": attempts}
                for identifier, kind, since, attempts in cache.outbox.waiting()
            ],
            "parked": [entry.model_dump(mode="json") for entry in cache.outbox.parked()],
        }
    finally:
        cache.close()


def retry(data: Path, entry: str) -> int:
    """Have a parked entry, or "all", tried again; how many. `entry` is its id or the beginning of it.

    Raises DeliveryError where it names none or several, ProvisioningError.
    """
    cache = open_memory(data)
    try:
        if entry != "all":
            found = [str(each.id) for each in cache.outbox.parked() if entry and str(each.id).startswith(entry)]
            if len(found) != 1:
                raise DeliveryError(f"{len(found)} parked entries begin with “{entry}”; see kiosk-provision outbox")
            entry = found[0]
        return cache.outbox.retry(entry)
    finally:
        cache.close()


def network_problem(cache: Cache) -> str:
    """One sentence on what is in the way of deliveries, or ""."""
    if cache.facts.ask("network_problem", None, within=AGENT_SECONDS) is None:
        return "the sync agent has not been heard for a minute: start kiosk-sync"
    return PROBLEMS.get(str(cache.facts.ask("network_problem", "")), "")


def open_memory(data: Path) -> Cache:
    """The memory of a terminal, to be closed again. Raises ProvisioningError."""
    if not (data / "store.db").exists():
        raise ProvisioningError(f"{data} is no terminal that has been started")
    try:
        return Cache.open(data)
    except CacheError as error:
        raise ProvisioningError(str(error)) from None
