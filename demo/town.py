"""The town: platform, network, devices, sync agent and terminal, brought up as operators and technicians would."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from demo.cable import Cable
from demo.programs import ROOT, Program, python, run
from demo.simulators import Device, Devices

CITY = ROOT / "fleet" / "sample_city"
TERMINAL = "HW-0001"
#: whose drawn face (drivers/simulators/faces) the sample city's people have, in their order
FACES = ("wang", "li", "zhao", "chen")


class Town:
    """Everything of the demonstration, under `out`. Each part is a program of its own."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.log = out / "logs"
        self.fleet_data = out / "fleet"
        self.terminal_data = out / "terminal"
        self.temporary = out / "terminal-tmp"
        for folder in (self.log, self.temporary):
            folder.mkdir(parents=True, exist_ok=True)
        # a Unix socket's path may hold 107 bytes at most
        self._sockets = Path(tempfile.mkdtemp(prefix="bianmin-"))
        self.accessibility = self._sockets / "screen"
        self.sms: Device | None = None
        self.people: list[dict[str, str]] = json.loads((CITY / "people.json").read_text("utf-8"))
        self.commands = self.log / "commands.log"
        self.devices: Devices | None = None
        self.fleet: Program | None = None
        self.agent: Program | None = None
        self.terminal: Program | None = None
        self.addresses: dict[str, Any] = {}
        self.cable: Cable | None = None

    # what citizens carry

    def id_card(self, place: int, **changed: str) -> Path:
        """The ID card of the sample city's person, as a file for the reader's simulator."""
        return self._card(f"id-card-{place}", {**self.people[place], "photo": FACES[place], **changed})

    def social_security_card(self, place: int, **changed: Any) -> Path:
        """The chip of that person's social security card, as a file for its simulator."""
        person = self.people[place]
        sex = "1" if person["sex"] == "男" else "2"
        card = {"kind": "social-security", "number": person["number"], "name": person["name"], "sex": sex}
        return self._card(f"social-security-card-{place}", {**card, **changed})

    def _card(self, name: str, content: dict[str, Any]) -> Path:
        path = self.out / f"{name}.json"
        path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        return path

    # what operators do

    def open_platform(self) -> None:
        """A platform of its own, and the sample city's items in a signed release."""
        self.sms = Device("sms", "fleet.stand_ins.sms_gateway", self.log).ready()
        connectors = self.out / "connectors.toml"
        url = self.sms.announced["url"]
        gateway = f'\n[sms]\nuse = "http"\nurl = "{url}/messages"\nhealth = "{url}/health"\n'
        connectors.write_text((CITY / "connectors.toml").read_text("utf-8") + gateway, "utf-8")
        data = ["--data", str(self.fleet_data)]
        run("fleet", "init", *data, "--connectors", str(connectors), log=self.commands)
        run("fleet", "import", *data, str(CITY / "city.xlsx"), log=self.commands)
        approvals = ["--approved-by", "示例科室甲", "--approved-by", "示例管理办乙"]
        run("fleet", "release", *data, *approvals, log=self.commands)
        self.fleet = Program("fleet", python("fleet", "serve", *data, "--port", "0"), self.log / "fleet.log")

    def platform_ready(self) -> None:
        """Wait for the platform, then lay the cable to it."""
        assert self.fleet is not None
        self.addresses = self.fleet.announced()
        self.cable = Cable(int(str(self.addresses["url"]).rpartition(":")[2]))

    def citizen_code(self, number: str, lifetime: float = 60, *options: str) -> str:
        """What the citizen's phone shows: a one-use code for the person with this ID number."""
        people = ["--people", str(CITY / "people.json")]
        return self._code("citizen-code", *people, "--number", number, "--lifetime", str(lifetime), *options)

    def offline_code(self, number: str, *options: str) -> str:
        """What the phone shows without a network: a signed code; `options` are those of the command."""
        return self._code("offline-code", "--people", str(CITY / "people.json"), "--number", number, *options)

    def helper_code(self, identifier: str) -> str:
        """The work code of a helper (帮办员)."""
        return self._code("helper-code", "--helpers", str(CITY / "helpers.json"), "--id", identifier)

    def _code(self, command: str, *options: str) -> str:
        said = run("fleet", command, "--data", str(self.fleet_data), *options, log=self.commands)
        return said.strip().splitlines()[-1]

    # what technicians do

    def plug_in_devices(self) -> None:
        """Start the simulators; `Devices.ready` waits for them."""
        self.devices = Devices(self.out, self.log)

    def enrol(self) -> None:
        """Bring the terminal into service with a one-time voucher and a key made on it."""
        assert self.devices is not None and self.cable is not None
        declared = self.out / "devices.toml"
        declared.write_text(self.devices.declaration(), "utf-8")
        data = ["--data", str(self.fleet_data), "--terminal", TERMINAL]
        voucher = run("fleet", "voucher", *data, log=self.commands).strip().splitlines()[-1]
        server = f"https://localhost:{self.cable.port}"
        run(
            "provisioning", "enrol", "--data", str(self.terminal_data), "--server", server, "--voucher", voucher,
            "--devices", str(declared), log=self.commands,
        )  # fmt: skip
        # the demonstration cannot wait a minute to see that the network is gone
        with (self.terminal_data / "terminal.toml").open("a", encoding="utf-8") as file:
            file.write("\n[sync]\nheartbeat = 1.0\n")

    def fetch_release(self) -> str:
        """The terminal fetches and verifies the release; what it says."""
        return run("offline_cache.sync", "--data", str(self.terminal_data), "--once", log=self.commands).strip()

    def start_agent(self) -> None:
        """The sync agent, a process of its own."""
        environment = {"TMPDIR": str(self.temporary)}
        command = python("offline_cache.sync", "--data", str(self.terminal_data))
        self.agent = Program("agent", command, self.log / "agent.log", environment)

    def start_terminal(self, display: str, size: str) -> None:
        """The touch screen."""
        environment = {"DISPLAY": display, "SDL_VIDEODRIVER": "x11", "TMPDIR": str(self.temporary), "TZ": "CST-8"}
        arguments = ["--data", str(self.terminal_data), "--size", size, "--accessibility", str(self.accessibility)]
        self.terminal = Program("terminal", python("screens", *arguments), self.log / "terminal.log", environment)

    # the end

    def stop(self) -> None:
        """End every program that was started, the terminal first."""
        for program in (self.terminal, self.agent):
            if program is not None:
                program.stop()
        if self.cable is not None:
            self.cable.cut()
        if self.fleet is not None:
            self.fleet.stop(20)
        if self.sms is not None:
            self.sms.program.stop()
        if self.devices is not None:
            self.devices.stop()
        shutil.rmtree(self._sockets, ignore_errors=True)


def fresh(folder: Path) -> Path:
    """`folder`, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.chmod(folder, 0o755)
    return folder
