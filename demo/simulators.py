"""The devices of the demonstration: simulators, each a program on its own wire, and their control channels."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

from demo.programs import ROOT, Failed, Program, python

#: turns the photo on a simulated card into a picture, as a licensed decoder would
DECODER = ROOT / "drivers" / "simulators" / "photo_decoder.py"


class Device:
    """A running simulator (of drivers.simulators), or with a whole module's name another stand-in."""

    def __init__(self, name: str, module: str, log: Path, *arguments: str) -> None:
        self.name = name
        module = module if "." in module else f"drivers.simulators.{module}"
        self.program = Program(name, python(module, *arguments), log / f"{name}.log")
        self.announced: dict[str, Any] = {}

    def ready(self) -> Device:
        """Wait until it says that it is ready. Raises Failed."""
        self.announced = self.program.announced()
        return self

    def tell(self, command: str) -> dict[str, Any]:
        """Give it one command. Raises Failed when it does not answer or refuses."""
        host, _, port = str(self.announced["control"]).rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=30) as connection:
                connection.sendall(command.encode() + b"\n")
                with connection.makefile("rb") as answers:
                    answer: dict[str, Any] = json.loads(answers.readline())
        except (OSError, ValueError):
            raise Failed(f"the simulator {self.name} does not answer") from None
        if not answer.get("ok"):
            raise Failed(f"the simulator {self.name} refuses “{command}”: {answer.get('error')}")
        return answer


class Devices:
    """All devices of one terminal."""

    def __init__(self, out: Path, log: Path) -> None:
        self.out, self._log = out, log
        paper, sheets, state = out / "receipts", out / "pages", out / "cups"
        for folder in (paper, sheets, state):
            folder.mkdir(parents=True, exist_ok=True)
        self.id_card = Device("id_card", "id_card", log)
        self.code_camera = Device("code_camera", "camera", log, "--size", "1280x720")
        self.face_camera = Device("face_camera", "camera", log, "--size", "640x480", "--name", "face_camera")
        self.card_reader = Device("card_reader", "card_reader", log)
        #: plugged into the reader's slot as soon as that is there
        self.smart_card: Device | None = None
        self.document_camera = Device("document_camera", "camera", log, "--size", "2048x1536")
        self.sound = Device("sound", "sound", log)
        self.document_scanner = Device("document_scanner", "document_scanner", log)
        self.receipt_printer = Device("receipt_printer", "receipt_printer", log, "--out", str(paper))
        self.page_printer = Device("page_printer", "page_printer", log, "--out", str(sheets), "--state", str(state))

    @property
    def all(self) -> dict[str, Device]:
        """By name."""
        return {name: device for name, device in vars(self).items() if isinstance(device, Device)}

    def ready(self) -> None:
        """Wait for every one."""
        slot = str(self.card_reader.ready().announced["vpcd"])
        self.smart_card = Device("smart_card", "smart_card", self._log, "--vpcd", slot)
        for device in self.all.values():
            if not device.announced:
                device.ready()

    def declaration(self) -> str:
        """The terminal's devices.toml."""
        page = self.page_printer.announced
        return (
            f'[id_card]\nport = "{self.id_card.announced["port"]}"\n'
            f"photo_decoder = {json.dumps(f'{sys.executable} {DECODER}')}\n\n"
            f'[smart_card]\nsocket = "{self.card_reader.announced["socket"]}"\n\n'
            f'[face_camera]\nurl = "{self.face_camera.announced["url"]}"\n\n'
            f'[code_scanner]\nurl = "{self.code_camera.announced["url"]}"\n\n'
            f'[document_camera]\nurl = "{self.document_camera.announced["url"]}"\n\n'
            f'[sound]\ndevice = "{self.sound.announced["port"]}"\n'
            f'alsa_config = "{self.sound.announced["alsa_config"]}"\n\n'
            f'[document_scanner]\ndevice = "{self.document_scanner.announced["port"]}"\n\n'
            f'[receipt_printer]\naddress = "{self.receipt_printer.announced["port"]}"\n\n'
            f'[page_printer]\nqueue = "{page["queue"]}"\nserver = "{page["server"]}"\nuri = "{page["uri"]}"\n'
        )

    def stop(self) -> None:
        """End them all, what is plugged in before what it is plugged into."""
        for device in reversed(self.all.values()):
            device.program.stop()
