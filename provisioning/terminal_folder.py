"""A terminal's data folder: the files enrolment writes and the check looks at."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from contract.terminals import TerminalProfile


class TerminalFolder:
    """The paths under `--data DIR`; offline_cache and kiosk read the same ones."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.settings = root / "terminal.toml"
        self.devices = root / "devices.toml"
        self.pki = root / "pki"
        self.trust_root = root / "trust" / "root.json"
        self.keys = root / "keys"
        self.releases = root / "releases"

    @property
    def enrolled(self) -> bool:
        """Whether enrolment was finished here: its last step writes terminal.toml."""
        return self.settings.exists()

    def begin(self) -> Path:
        """An empty folder for the new pki; what an interrupted enrolment left there is removed."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.root / "pki.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        return fresh

    def take_pki(self, fresh: Path) -> None:
        """Put the new pki in the old one's place."""
        old = self.root / "pki.old"
        shutil.rmtree(old, ignore_errors=True)
        if self.pki.exists():
            self.pki.rename(old)
        fresh.rename(self.pki)
        shutil.rmtree(old, ignore_errors=True)

    def take_trust(self, root: bytes) -> None:
        """Keep the TUF root; releases of another platform are public, worthless here, and removed."""
        if self.trust_root.exists() and self.trust_root.read_bytes() != root:
            shutil.rmtree(self.releases, ignore_errors=True)
        write_whole(self.trust_root, root)
        self.releases.mkdir(mode=0o755, exist_ok=True)
        self.keys.mkdir(mode=0o700, exist_ok=True)
        self.keys.chmod(0o700)

    def write_settings(self, profile: TerminalProfile, server: str) -> None:
        """terminal.toml: who this terminal is and where its platform is."""
        terminal = {
            "id": profile.terminal_id,
            "label": profile.label,
            "division": profile.division,
            "phone": profile.phone,
            "place": profile.place,
            "hall_zh": profile.hall.zh,
            "hall_en": profile.hall.en,
        }
        lines = ["# Written by kiosk-provision enrol.", "[terminal]"]
        lines += [f"{key} = {_toml(value)}" for key, value in terminal.items()]
        lines += ["", "[fleet]", f"url = {_toml(server)}", ""]
        lines += [
            "# What this place asks of a visit (docs/technicians.md).",
            "[visit]",
            *(f"{key} = {_toml(value)}" for key, value in profile.site),
            "",
        ]
        write_whole(self.settings, "\n".join(lines).encode())


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file that appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    half.rename(path)


def _toml(value: str | bool | int | list[str]) -> str:
    """A TOML string, boolean, number or list of strings; JSON writes them the same way, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
