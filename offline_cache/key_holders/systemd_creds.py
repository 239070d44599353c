"""A key sealed by systemd-creds(1), for machines without a TPM 2.0 (with one, systemd binds it to both).

Only root can seal and open; the service gets the key from systemd:

    LoadCredentialEncrypted=bianmin-kek-1:/var/lib/bianmin/keys/systemd.1.cred

so a new generation is made by a technician (`kiosk-provision keys rotate`), never by the terminal itself.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from offline_cache.durable import remove_overwritten, write_private
from offline_cache.errors import KeyGone, KeyUnavailable
from offline_cache.key_holders.holder import KEY_BYTES

#: seconds for one call of systemd-creds; a TPM takes up to a few
LIMIT = 20


class SystemdCredsHolder:
    """Files `systemd.1.cred`, `systemd.2.cred`, … in `folder`."""

    name = "systemd-creds"
    for_service = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def make(self, generation: int) -> bytes:
        """See KeyHolder. Needs root."""
        key = os.urandom(KEY_BYTES)
        sealed = self._call("encrypt", generation, "-", "-", given=key)
        write_private(self._path(generation), sealed)
        return key

    def load(self, generation: int) -> bytes:
        """See KeyHolder: from systemd's own folder of this service, else (root) by opening the sealed file."""
        given = os.environ.get("CREDENTIALS_DIRECTORY", "")
        if given and (handed := Path(given) / _name(generation)).is_file():
            key = handed.read_bytes()
        elif self._path(generation).is_file():
            key = self._call("decrypt", generation, str(self._path(generation)), "-")
        else:
            raise KeyGone(f"{self._path(generation)} is not there any more")
        if len(key) != KEY_BYTES:
            raise KeyGone(f"the credential {_name(generation)} is no key")
        return key

    def destroy(self, generation: int) -> None:
        """See KeyHolder."""
        remove_overwritten(self._path(generation))

    def _call(self, verb: str, generation: int, source: str, target: str, given: bytes = b"") -> bytes:
        try:
            done = subprocess.run(
                ["systemd-creds", f"--name={_name(generation)}", verb, source, target],
                input=given, capture_output=True, timeout=LIMIT, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise KeyUnavailable(f"systemd-creds does not run ({type(error).__name__})") from None
        if done.returncode:
            raise KeyUnavailable(f"systemd-creds cannot {verb} the key: run as root, on the machine that sealed it")
        return done.stdout

    def _path(self, generation: int) -> Path:
        return self._folder / f"systemd.{generation}.cred"


def _name(generation: int) -> str:
    return f"bianmin-kek-{generation}"
