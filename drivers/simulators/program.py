"""How every simulator starts, names its faults, announces itself and ends."""

from __future__ import annotations

import argparse
import json
import os
import signal
import threading
from collections.abc import Mapping
from typing import Any

from drivers.simulators.control import Control, Handler, WrongCommand


class Faults:
    """The one fault that is switched on, or none. Readable from any thread."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = ("none", *names)
        self.name = "none"

    def set(self, words: list[str]) -> dict[str, Any]:
        """The handler of the command `fault NAME`."""
        if len(words) != 1 or words[0] not in self.names:
            raise WrongCommand(f"fault is one of {', '.join(self.names)}")
        self.name = words[0]
        return {"fault": self.name}


def parser(description: str, faults: Faults) -> argparse.ArgumentParser:
    """The options all simulators have."""
    result = argparse.ArgumentParser(description=description)
    result.add_argument("--fault", choices=faults.names, default="none", help="switched on from the start")
    result.add_argument("--with-parent", action="store_true", help="end when standard input closes")
    return result


def serve(device: str, handlers: Mapping[str, Handler], with_parent: bool, **announced: Any) -> None:
    """Open the control port, announce the simulator on stdout, and return when it shall end."""
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())

    def wait_for_parent() -> None:
        while os.read(0, 4096):
            pass
        end.set()

    control = Control(handlers)
    print(json.dumps({"device": device, **announced, "control": control.address}), flush=True)
    if with_parent:
        threading.Thread(target=wait_for_parent, name="parent", daemon=True).start()
    end.wait()
