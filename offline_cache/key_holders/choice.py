"""Which holder a terminal's keys are with."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from offline_cache.errors import BadSettings
from offline_cache.key_holders.development import DevelopmentHolder
from offline_cache.key_holders.holder import KeyHolder
from offline_cache.key_holders.systemd_creds import SystemdCredsHolder

_FILES = {
    r"development(?:\.(\d+))?\.kek": DevelopmentHolder.name,
    r"systemd\.(\d+)\.cred": SystemdCredsHolder.name,
    r"tpm\.(\d+)\.json": "tpm",
}
NAMES = ("tpm", "systemd-creds", "development")


def holder_for_new(folder: Path) -> KeyHolder:
    """Who makes the next generation, as `holder.toml` says; a file for development where nobody said. Raises
    BadSettings.
    """
    try:
        said = tomllib.loads((folder / "holder.toml").read_text("utf-8"))
    except FileNotFoundError:
        return DevelopmentHolder(folder)
    except ValueError as error:
        raise BadSettings(f"{folder / 'holder.toml'} is not understood: {error}") from None
    return holder_named(str(said.get("holder")), folder, said)


def holder_named(name: str, folder: Path, said: dict[str, object] | None = None) -> KeyHolder:
    """The holder of that name. Raises BadSettings."""
    if name == DevelopmentHolder.name:
        return DevelopmentHolder(folder)
    if name == SystemdCredsHolder.name:
        return SystemdCredsHolder(folder)
    if name == "tpm":
        # loads libtss2, which a terminal without a TPM need not have
        from offline_cache.key_holders.tpm import KERNEL, TpmHolder

        pcrs = (said or {}).get("pcrs", [])
        if not isinstance(pcrs, list) or not all(isinstance(number, int) and 0 <= number < 24 for number in pcrs):
            raise BadSettings("pcrs in holder.toml must be numbers from 0 to 23")
        return TpmHolder(folder, str((said or {}).get("tcti", KERNEL)), tuple(pcrs))
    raise BadSettings(f"holder in holder.toml must be one of {', '.join(NAMES)}")


def holders_found(folder: Path) -> dict[int, str]:
    """Generations of which something lies in `folder`, and their holders; for when nothing else tells."""
    found = {}
    for path in folder.glob("*"):
        for pattern, name in _FILES.items():
            if said := re.fullmatch(pattern, path.name):
                found[int(said.group(1) or 1)] = name
    return found
