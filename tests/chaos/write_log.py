"""What a disk can hold after the power was cut: a recorded log of writes, replayed up to any record.

The rules are the adversary's (POSIX, not ext4's kinder ones): only what was synced (fsync) is there for sure; of later
writes any may be there, in any order, torn at any sector; and a name is there for sure once its folder was synced.
"""

from __future__ import annotations

import os
import random
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 512
_HEAD = struct.Struct("<cqII")


@dataclass(frozen=True)
class Record:
    """One call: see write_log.c for the kinds."""

    kind: str
    path: str
    offset: int
    data: bytes


def recorder(folder: Path) -> Path:
    """The library to preload, compiled into `folder`."""
    library = folder / "write_log.so"
    if not library.exists():
        source = Path(__file__).with_name("write_log.c")
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True, timeout=60)
    return library


def recorded(folder: Path, module: str, *arguments: str) -> list[Record]:
    """What `python -m module DATA PROMISES arguments` wrote to DATA (a folder in `folder`) and promised."""
    data, log, promised = folder / "data", folder / "log", folder / "promised"
    data.mkdir(exist_ok=True)
    environment = os.environ | {
        "LD_PRELOAD": str(recorder(folder)),
        "WRITE_LOG_ROOT": str(data),
        "WRITE_LOG": str(log),
        "WRITE_LOG_MARK": str(promised),
    }
    subprocess.run([sys.executable, "-m", module, data, promised, *arguments], env=environment, check=True, timeout=300)
    return list(_parsed(log.read_bytes(), f"{data}/"))


def _parsed(log: bytes, root: str) -> Iterator[Record]:
    place = 0
    while place < len(log):
        kind, offset, path, data = _HEAD.unpack_from(log, place)
        place += _HEAD.size
        name = log[place : place + path].decode().removeprefix(root).removeprefix(root.rstrip("/"))
        yield Record(kind.decode(), name, offset, log[place + path : place + path + data])
        place += path + data


@dataclass
class File:
    """Bytes that are on the disk for sure, and the writes and cuts since; or where a link leads to."""

    durable: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    link: str = ""

    def content(self, chance: random.Random | None, all_of_it: bool = False) -> bytes:
        """As it may be found: with everything, with nothing pending, or with a chosen part of it."""
        found = bytearray(self.durable)
        for offset, data in self.pending:
            if all_of_it:
                _write(found, offset, data)
            elif chance is not None and chance.random() < 0.5:
                torn = chance.randrange(0, len(data), SECTOR) if data and chance.random() < 0.3 else 0
                if torn and data:
                    # the sectors before it, or those from it on
                    offset, data = (offset, data[:torn]) if chance.random() < 0.5 else (offset + torn, data[torn:])
                _write(found, offset, data)
        return bytes(found)


def _write(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(data)] = data


Change = tuple[str, File | None]


class Disk:
    """The files of one folder, by the names programs see now and by those that are durable."""

    def __init__(self) -> None:
        self._seen: dict[str, File] = {}
        self._durable: dict[str, File] = {}
        self._folders: dict[str, list[list[Change]]] = {}

    @classmethod
    def of(cls, folder: Path) -> Disk:
        """A disk on which the files of `folder` have lain for long."""
        disk = cls()
        for path in folder.rglob("*"):
            if path.is_symlink() or path.is_file():
                link = os.readlink(path) if path.is_symlink() else ""
                file = File(b"" if link else path.read_bytes(), link=link)
                disk._seen[str(path.relative_to(folder))] = disk._durable[str(path.relative_to(folder))] = file
        return disk

    def apply(self, record: Record) -> None:
        """One more call has returned."""
        match record.kind:
            case "C" if record.path not in self._seen:
                self._change(record.path, [(record.path, File())])
            case "W":
                self._seen[record.path].pending.append((record.offset, record.data))
            case "T":
                self._seen[record.path].pending.append((record.offset, None))
            case "S":
                self._sync(record.path)
            case "F":
                for name in list(self._seen):
                    self._sync(name)
                for name in list(self._folders):
                    self._sync(name)
            case "R":
                before = record.data.decode().rpartition("/")[2]
                here = record.path.rpartition("/")[0]
                old = f"{here}/{before}" if here else before
                old = old if old in self._seen else self._found(record.data.decode())
                self._rename(old, record.path)
            case "H":
                self._change(record.path, [(record.path, self._seen[self._found(record.data.decode())])])
            case "L":
                self._change(record.path, [(record.path, File(link=record.data.decode()))])
            case "U":
                self._change(record.path, [(record.path, None)])

    def _found(self, path: str) -> str:
        """The name in this folder of an absolute path: the longest end of it that is here."""
        parts = path.split("/")
        for start in range(len(parts)):
            name = "/".join(parts[start:])
            if name in self._seen or any(seen.startswith(f"{name}/") for seen in self._seen):
                return name
        raise KeyError(path)

    def _rename(self, old: str, new: str) -> None:
        if old in self._seen:
            self._change(new, [(old, None), (new, self._seen[old])])
            return
        moved = [name for name in self._seen if name.startswith(f"{old}/")]
        changes: list[Change] = []
        for name in moved:
            changes += [(name, None), (new + name.removeprefix(old), self._seen[name])]
        self._change(new, changes)

    def _change(self, path: str, changes: list[Change]) -> None:
        for name, file in changes:
            _put(self._seen, name, file)
        self._folders.setdefault(path.rpartition("/")[0], []).append(changes)

    def _sync(self, path: str) -> None:
        if path in self._seen:
            file = self._seen[path]
            file.durable, file.pending = file.content(None, all_of_it=True), []
            return
        for changes in self._folders.pop(path.rstrip("/"), []):
            for name, file_or_none in changes:
                _put(self._durable, name, file_or_none)

    def leave(self, folder: Path, how: str, chance: random.Random) -> None:
        """Write into `folder` what the disk may hold: `synced` only, `all`, or by `chance`."""
        names = dict(self._seen if how == "all" else self._durable)
        if how == "chance":
            for waiting in self._folders.values():
                for changes in waiting[: chance.randint(0, len(waiting))]:
                    for name, file in changes:
                        _put(names, name, file)
        for name, file in names.items():
            path = folder / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if file.link:
                path.symlink_to(file.link)
            else:
                path.write_bytes(file.content(chance if how == "chance" else None, all_of_it=how == "all"))


def _put(names: dict[str, File], name: str, file: File | None) -> None:
    if file is None:
        names.pop(name, None)
    else:
        names[name] = file
