"""The town of one test worker: platform, devices and an enrolled terminal, up from the first test to the last."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from demo.programs import Program, python, until
from demo.town import Town, fresh

#: waits until pcscd, which looks at a slot every 0.4 s, has seen every slot empty; exit 1 where one is not in 10 s
SLOTS_EMPTY = """
import sys, time
from smartcard import scard
_, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
deadline = time.monotonic() + 10
while time.monotonic() < deadline:
    _, readers = scard.SCardListReaders(context, [])
    _, states = scard.SCardGetStatusChange(context, 0, [(name, 0) for name in readers])
    if not any(state & scard.SCARD_STATE_PRESENT for _, state, _ in states):
        sys.exit()
    time.sleep(0.05)
sys.exit(1)
"""
#: encodings in which a trace of a citizen could lie in a file
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")


class TownHall:
    """The running town, a clean copy of its terminal for each test that wants one, and the operators' view."""

    def __init__(self, out: Path) -> None:
        self.town = town = Town(fresh(out))
        town.plug_in_devices()
        town.open_platform()
        town.platform_ready()
        assert town.devices is not None and town.cable is not None
        town.devices.ready()
        assert town.sms is not None
        self.devices, self.cable, self.sms = town.devices, town.cable, town.sms
        town.enrol()
        town.fetch_release()
        # reading takes seconds a page: only the tests that are about it let a terminal read
        with (town.terminal_data / "terminal.toml").open("a", encoding="utf-8") as file:
            file.write("\n[documents]\nread = false\n")
        self.people = town.people
        #: the terminal as it was enrolled, with its release, before anybody came
        self._pristine = town.out / "pristine"
        shutil.copytree(town.terminal_data, self._pristine, symlinks=True)
        town.start_agent()
        self._agents = 0
        self._session = requests.Session()
        self._session.trust_env = False
        token = Path(str(town.addresses["operator_token_file"])).read_text("ascii").strip()
        self._session.headers["Authorization"] = f"Bearer {token}"

    @property
    def data(self) -> Path:
        """The data folder of the terminal whose sync agent runs all the time."""
        return self.town.terminal_data

    @property
    def port(self) -> int:
        """Where the platform is for everybody whose cable is not cut."""
        return int(str(self.town.addresses["url"]).rpartition(":")[2])

    def enrolled(self, folder: Path) -> Path:
        """A copy of the terminal as it was enrolled, with no agent."""
        shutil.copytree(self._pristine, folder, symlinks=True, dirs_exist_ok=True)
        return folder

    def agent(self, data: Path) -> Program:
        """A sync agent for a copy; whoever starts it stops it."""
        self._agents += 1
        log = self.town.log / f"agent-{self._agents}.log"
        return Program("agent", python("offline_cache.sync", "--data", str(data)), log)

    def repair(self) -> None:
        """Every device works again, nothing lies on or under one, and the cable is plugged in."""
        for device in self.devices.all.values():
            if device.tell("state").get("fault", "none") != "none":
                device.tell("fault none")
        self.devices.id_card.tell("lift")
        self.devices.code_camera.tell("clear")
        self.devices.document_camera.tell("clear")
        self.devices.document_scanner.tell("load 0")
        self.devices.face_camera.tell("clear")
        if self.devices.smart_card is not None:
            self.devices.smart_card.tell("lift")
            self._see_slots_empty()
        self.sms.tell("fault none")
        self.cable.restore()

    def _see_slots_empty(self) -> None:
        """A terminal that starts while pcscd still believes in the last test's card would turn to that card's page."""
        environment = {**os.environ, **self.devices.card_reader.announced["env"]}
        subprocess.run([sys.executable, "-c", SLOTS_EMPTY], env=environment, check=True, timeout=30)

    def platform_database(self, statement: str) -> list[tuple[Any, ...]]:
        """Change or ask the platform's database behind its back."""
        with contextlib.closing(sqlite3.connect(self.town.fleet_data / "fleet.db", timeout=20)) as database:
            rows = database.execute(statement).fetchall()
            database.commit()
        return rows

    # what operators see

    def get(self, path: str) -> requests.Response:
        """An answer of the operators' interface."""
        answer = self._session.get(f"{self.town.addresses['operator_url']}/operator/v1{path}", timeout=20)
        assert answer.status_code == 200, f"{answer.status_code} for {path}"
        return answer

    def case_ids(self) -> set[str]:
        """The ids of all cases the platform has."""
        return {row["case_id"] for row in self.get("/cases?limit=500").json()}

    def case(self, case_id: str) -> dict[str, Any]:
        """One case with everything the platform holds of it."""
        return dict(self.get(f"/cases/{case_id}").json())

    def new_case(self, before: set[str], seconds: float = 30.0) -> dict[str, Any]:
        """The one case that came since `before` was looked at, once it is accepted."""

        def look() -> dict[str, Any] | None:
            new = self.case_ids() - before
            assert len(new) < 2, "more than one case came"
            case = self.case(new.pop()) if new else None
            return case if case and case["answer"] else None

        return dict(until("a new case on the platform", seconds, look, every=0.2))

    def material(self, case: dict[str, Any], digest: str) -> bytes:
        """The bytes of a material."""
        return self.get(f"/cases/{case['case_id']}/materials/{digest}").content


_halls: list[TownHall] = []


def the_hall(config: pytest.Config, folders: pytest.TempPathFactory) -> TownHall:
    """The worker's town; the first who asks starts it, and it ends with the worker."""
    if not _halls:
        _halls.append(TownHall(folders.mktemp("town")))
        config.add_cleanup(_halls[0].town.stop)
    return _halls[0]


def traces(folder: Path, *texts: str) -> Iterator[str]:
    """Files under `folder` whose raw bytes hold one of these texts, in any encoding, or a picture or document."""
    needles = {text.encode(encoding): "a text" for text in texts for encoding in ENCODINGS}
    needles |= {b"%PDF-": "a PDF", b"\xff\xd8\xff\xe0": "a JPEG", b"\x89PNG": "a PNG"}
    for path in folder.rglob("*"):
        # `reserve` is room that is set aside on the disk: nobody writes into it
        if path.is_file() and not path.is_symlink() and path.name != "reserve":
            content = path.read_bytes()
            yield from (f"{path.relative_to(folder)}: {what}" for needle, what in needles.items() if needle in content)
