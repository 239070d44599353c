"""The key citizens' data is sealed with: where it is held, and moving it there; and databases that were set aside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from offline_cache import Cache
from offline_cache.audit import Event
from offline_cache.durable import write_private
from offline_cache.errors import CacheError
from provisioning.errors import KeyRefused, NotEnrolled, ProvisioningError


def status(data: Path) -> dict[str, Any]:
    """Who holds the key, its generation, and the set-aside databases. Raises ProvisioningError."""
    cache = _open(data)
    try:
        return _status(cache)
    finally:
        cache.close()


def rotate(data: Path, holder: str | None, tcti: str | None, pcrs: list[int]) -> dict[str, Any]:
    """Exchange the key, with `holder` (tpm, systemd-creds, development) from now on where it is given.

    Where that holder does not answer, everything stays as it was. Raises KeyRefused, ProvisioningError.
    """
    cache = _open(data)
    choice = data / "keys" / "holder.toml"
    before = choice.read_bytes() if choice.exists() else None
    try:
        if holder:
            write_private(choice, _choice(holder, tcti, pcrs).encode())
        try:
            cache.vault.rotate()
            cache.audit.note(Event.TECHNICIAN_MOVED_KEY, holder=cache.vault.holder)
        except CacheError as error:
            if holder and before is None:
                choice.unlink()
            elif holder and before is not None:
                write_private(choice, before)
            raise KeyRefused(str(error)) from None
        return _status(cache)
    finally:
        cache.close()


def remove_set_aside(data: Path, name: str) -> dict[str, Any]:
    """Remove a set-aside database with its keys: nobody reads it any more. Raises KeyRefused, ProvisioningError."""
    cache = _open(data)
    try:
        if name not in {folder.name for folder in cache.set_aside.folders()}:
            raise KeyRefused(f"no database was set aside as {name}; see kiosk-provision keys")
        cache.set_aside.remove(name)
        return _status(cache)
    except CacheError as error:
        raise ProvisioningError(str(error)) from None
    finally:
        cache.close()


def _open(data: Path) -> Cache:
    """Also before the first start: the key can be held well from the first citizen on."""
    if not (data / "terminal.toml").is_file():
        raise NotEnrolled(data)
    try:
        return Cache.open(data)
    except CacheError as error:
        raise ProvisioningError(str(error)) from None


def _status(cache: Cache) -> dict[str, Any]:
    last = cache.set_aside.last()
    return {
        "holder": cache.vault.holder,
        "for_service": cache.vault.for_service,
        "generation": cache.vault.generation(cache.store.db),
        "set_aside": [folder.name for folder in cache.set_aside.folders()],
        "last_rescue": last.model_dump(mode="json") if last else None,
    }


def _choice(holder: str, tcti: str | None, pcrs: list[int]) -> str:
    lines = [f'holder = "{holder}"']
    if tcti:
        lines.append(f'tcti = "{tcti}"')
    if pcrs:
        lines.append(f"pcrs = {sorted(set(pcrs))}")
    return "\n".join(lines) + "\n"
