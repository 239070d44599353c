"""A terminal and its sync agent, each a program of its own, with everything they may write to in one folder."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any, cast

from demo.programs import ROOT, Program, python, until
from drivers.status import MediaState
from kiosk.journey.intents import Intent
from kiosk.journey.views import AttractView, Preview, Snapshot
from kiosk.terminal import Terminal
from tests.faults.terminal_program import CARD
from tests.journeys.hands import PATIENCE, Citizen
from tests.journeys.town_hall import TownHall

#: the programs themselves: a module that is just being loaded may name the first bytes of a PNG
PACKAGES = [path.parent for path in ROOT.glob("*/__init__.py")]
PROGRAMS = tuple(f"{path}/" for path in (sys.prefix, sys.base_prefix, ROOT / "tests", *PACKAGES))


class FarTerminal:
    """The other end of a terminal's line: what Hands need of a terminal."""

    def __init__(self, socket: Path) -> None:
        self._line = Client(str(socket), "AF_UNIX")
        self._media: queue.Queue[MediaState | None] = queue.Queue()
        self._show: Callable[[Snapshot], None] = lambda snapshot: None

    def subscribe(self, on_snapshot: Callable[[Snapshot], None], on_preview: Callable[[Preview], None]) -> None:
        self._show = on_snapshot
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                said = self._line.recv()
                if isinstance(said, Snapshot):
                    self._show(said)
                else:
                    self._media.put(said)

    def send(self, intent: Intent) -> None:
        self._line.send(intent)

    def media(self) -> MediaState | None:
        """What lies on the ID card reader."""
        self._line.send(CARD)
        return self._media.get(timeout=PATIENCE)


class FarCitizen(Citizen):
    """Somebody before a terminal that is a program of its own."""

    def __init__(self, terminal: FarTerminal, hall: TownHall) -> None:
        super().__init__(cast(Terminal, terminal), hall)
        self._far = terminal

    def _see_it_lifted(self) -> None:
        if self._lifted:
            gone = (MediaState.PRESENT, MediaState.ENTERING)
            until("the reader to see the card go", PATIENCE, lambda: self._far.media() not in gone, every=0.02)
        self._lifted = False


class Station:
    """Started, crashed and killed as often as wanted; what is on its disk stays."""

    def __init__(self, hall: TownHall, folder: Path) -> None:
        self.hall, self.folder = hall, folder
        self.data = hall.enrolled(folder / "data")
        self.settings = (self.data / "terminal.toml").read_text("utf-8")
        self._sockets = Path(tempfile.mkdtemp(prefix="bianmin-"))  # a Unix socket's path is short
        self.terminal: Program | None = None
        self.agent: Program | None = None
        self._starts = 0

    def start(self, rules: str = "", *, card_stays: bool = False) -> FarCitizen:
        """Terminal and agent, with these tables of the site's in terminal.toml; somebody stands before them."""
        self._starts += 1
        settings = self.settings
        if card_stays:
            settings = re.sub(r"(?m)^card_stays = .*$", "card_stays = true", settings)
        (self.data / "terminal.toml").write_text(f"{settings}\n{rules}\n", "utf-8")
        socket = self._sockets / str(self._starts)
        work = self._made("terminal", "work")
        command = python("tests.faults.terminal_program", str(self.data), str(socket), str(work))
        self.terminal = self._program("terminal", command)
        self.agent = self._program("agent", python("offline_cache.sync", "--data", str(self.data)))
        assert self.terminal.announced()
        citizen = FarCitizen(FarTerminal(socket), self.hall)
        citizen.sees(AttractView, lambda v: v.open)
        return citizen

    def _made(self, *names: str) -> Path:
        path = self.folder.joinpath(*names)
        path.mkdir(parents=True, exist_ok=True)
        return path

    def _program(self, name: str, command: list[str]) -> Program:
        """With a home and temporary files of its own, and a log for each start."""
        environment = {"PYTHONPATH": str(ROOT), "TMPDIR": str(self._made(name, "tmp"))}
        environment["HOME"] = environment["XDG_CACHE_HOME"] = str(self._made(name, "home"))
        log = self._made(name, "log") / f"{self._starts}.log"
        return Program(name, command, log, environment)

    # the ways to end

    @property
    def _program_there(self) -> Program:
        assert self.terminal is not None
        return self.terminal

    def ended(self, seconds: float = 30.0) -> int:
        """The terminal's exit status, once it has ended by itself; and its workers with it."""
        group = self._program_there.process.pid
        status = self._program_there.process.wait(seconds)
        until("its workers to end", 20, lambda: not list(processes(group)))
        self.stop()
        return status

    def signal(self, number: signal.Signals) -> None:
        """To the terminal alone, as a bug in a library does it."""
        os.kill(self._program_there.process.pid, number)

    def cut_power(self) -> None:
        """Everything ends at once, workers too."""
        for program in (self.terminal, self.agent):
            if program is not None:
                program.kill()
        self.terminal = self.agent = None

    def stop(self) -> None:
        """As systemd stops them."""
        for program in (self.agent, self.terminal):
            if program is not None:
                program.stop()
        self.terminal = self.agent = None

    # what is there

    def files(self) -> Iterator[Path]:
        """Every file the terminal and its agent can have written: data, temporary files, homes, logs, working folder,
        shared memory; what their processes have open, deleted or not; and the platform's logs."""
        # `reserve` is room that is set aside on the disk: nobody writes into it
        kept = (path for path in self.folder.rglob("*") if path.name != "reserve")
        yield from (path for path in kept if path.is_file() and not path.is_symlink())
        # shared memory, and the terminal's temporary files; folders of other names are other people's
        yield from (path for path in Path("/dev/shm").glob("*") if path.is_file())
        yield from (path for path in Path("/dev/shm").glob("bianmin-*/**/*") if path.is_file())
        for program in (self.terminal, self.agent):
            for process in processes(program.process.pid) if program else ():
                yield from opened(process, self.folder)
        yield self.hall.town.log / "fleet.log"
        yield from (self.hall.town.fleet_data / "nginx").rglob("*.log")

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Look into the store without touching it."""
        with contextlib.closing(sqlite3.connect(f"file:{self.data}/store.db?mode=ro", uri=True, timeout=20)) as store:
            store.row_factory = sqlite3.Row
            return [dict(row) for row in store.execute(sql)]

    def nothing_owed(self) -> None:
        """Wait until everything is delivered, every visit ended, and its key shredded."""

        def look() -> bool:
            kept = self.query("select id from visits where ended_at is null or wrapped_key is not null")
            return not kept and not self.query("select id from outbox where state != 'delivered'")

        until("the visits to be shredded", 40, look)


def processes(group: int) -> Iterator[Path]:
    """The /proc folders of a process group's members that still run."""
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            state, _, process_group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(process_group) == group and state not in "ZX":
                yield process


def opened(process: Path, folder: Path) -> Iterator[Path]:
    """What the process has open and no folder shows: deleted files and memory files; and its command line."""
    with contextlib.suppress(OSError):
        yield process / "cmdline"
        for handle in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                target = os.readlink(handle)
                deleted = target.endswith(" (deleted)")
                if handle.is_file() and (deleted or not target.startswith((str(folder), *PROGRAMS))):
                    yield handle
