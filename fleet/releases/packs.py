"""What saves terminals bytes and requests: a bundle of the whole release, and patches from the last ones.

One pack for all files, not one a file: a release has thousands of small files, and each would be a request.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from backports.zstd import CompressionParameter, ZstdDict, compress

from contract.releases import BUNDLE, LARGEST_PACK, changed, laid_out, patch_name
from fleet.data_folder import write_public

log = logging.getLogger(__name__)

#: releases a patch is made from; a terminal that was off for longer takes the bundle
PATCHED_FROM = 4
#: releases whose packs are kept: a terminal may be fetching the one before
KEPT = 2
#: zstd: half a second for 20 MB of prefix, twice as small as at 3
LEVEL = 12
#: zstd: 2 to this is the longest window, as far as LARGEST_PACK
WINDOW = 28


class Packs:
    """Makes packs, and remembers in `records` what was published and packed, a file a release."""

    def __init__(self, records: Path, targets: Path) -> None:
        self._records = records
        self._targets = targets

    def make(self, version: int, files: Mapping[str, bytes]) -> dict[str, bytes]:
        """The packs of release `version` by target path; none for a release that is too large."""
        new = {name: sha256(content).hexdigest() for name, content in files.items()}
        packs = {}
        if sum(map(len, files.values())) <= LARGEST_PACK:
            packs[BUNDLE] = _pack(new, files, {}, b"")
            for older in self._versions():
                if version - PATCHED_FROM <= older < version and (patch := self._patch(new, files, older)):
                    packs[patch_name(older)] = patch
        record = {"files": new, "packs": {name: sha256(content).hexdigest() for name, content in packs.items()}}
        write_public(self._records / f"{version}.json", json.dumps(record).encode())
        return packs

    def clean(self) -> None:
        """Remove the packs of older releases, and records no patch will be made from. What fails is done next time."""
        versions = self._versions()
        for version in versions[PATCHED_FROM + 1 :]:
            (self._records / f"{version}.json").unlink(missing_ok=True)
        useful = {digest for version in versions[:KEPT] for digest in self._record(version)["packs"].values()}
        for path in [*self._targets.glob(f"*.{BUNDLE}"), *(self._targets / "patches").glob("*.zst")]:
            if path.name.partition(".")[0] not in useful:
                path.unlink(missing_ok=True)

    def _versions(self) -> list[int]:
        """Of the releases that are remembered, newest first."""
        return sorted((int(path.stem) for path in self._records.glob("*.json")), reverse=True)

    def _record(self, version: int) -> dict[str, dict[str, str]]:
        record: dict[str, dict[str, str]] = json.loads((self._records / f"{version}.json").read_bytes())
        return record

    def _patch(self, new: Mapping[str, str], files: Mapping[str, bytes], older: int) -> bytes | None:
        old = self._record(older)["files"]
        try:
            base = b"".join(self._content(name, old[name]) for name in laid_out(old))
        except (OSError, ValueError):
            log.warning("no patch is made from release %d: its files are not all there", older)
            return None
        if len(base) + sum(map(len, files.values())) > LARGEST_PACK:
            return None
        return _pack(new, files, old, base)

    def _content(self, name: str, digest: str) -> bytes:
        folder, _, last = name.rpartition("/")
        content = (self._targets / folder / f"{digest}.{last}").read_bytes()
        if sha256(content).hexdigest() != digest:
            raise ValueError(name)
        return content


def _pack(new: Mapping[str, str], files: Mapping[str, bytes], old: Mapping[str, str], base: bytes) -> bytes:
    content = b"".join(files[name] for name in changed(new, old))
    options: dict[int, int] = {
        CompressionParameter.compression_level: LEVEL,
        CompressionParameter.enable_long_distance_matching: 1,
        CompressionParameter.window_log: min(WINDOW, max(10, (len(base) + len(content)).bit_length())),
    }
    prefix = ZstdDict(base, is_raw=True).as_prefix if len(base) >= 8 else None
    return compress(content, options=options, zstd_dict=prefix)
