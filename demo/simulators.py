"""The devices of the demonstration: simulators, each a program on its own wire, and their control channels."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

from demo.programs import Failed, Program, python


class Device:
    """A running simulator."""

    def __init__(self, name: str, module: str, log: Path, *arguments: str) -> None:
        self.name = name
        self.program = Program(name, python(f"drivers.simulators.{module}", *arguments), log / f"{name}.log")
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
        self.out = out
        paper, sheets, state = out / "receipts", out / "pages", out / "cups"
        for folder in (paper, sheets, state):
            folder.mkdir(parents=True, exist_ok=True)
        self.id_card = Device("id_card", "id_card", log)
        self.code_camera = Device("code_camera", "camera", log, "--size", "1280x720")
        self.document_camera = Device("document_camera", "camera", log, "--size", "2048x1536")
        self.receipt_printer = Device("receipt_printer", "receipt_printer", log, "--out", str(paper))
        self.page_printer = Device("page_printer", "page_printer", log, "--out", str(sheets), "--state", str(state))

    @property
    def all(self) -> dict[str, Device]:
        """By name."""
        return {name: device for name, device in vars(self).items() if isinstance(device, Device)}

    def ready(self) -> None:
        """Wait for every one."""
        for device in self.all.values():
            device.ready()

    def declaration(self) -> str:
        """The terminal's devices.toml."""
        page = self.page_printer.announced
        return (
            f'[id_card]\nport = "{self.id_card.announced["port"]}"\n\n'
            f'[code_scanner]\nurl = "{self.code_camera.announced["url"]}"\n\n'
            f'[document_camera]\nurl = "{self.document_camera.announced["url"]}"\n\n'
            f'[receipt_printer]\naddress = "{self.receipt_printer.announced["port"]}"\n\n'
            f'[page_printer]\nqueue = "{page["queue"]}"\nserver = "{page["server"]}"\nuri = "{page["uri"]}"\n'
        )

    def stop(self) -> None:
        """End them all."""
        for device in self.all.values():
            device.program.stop()
