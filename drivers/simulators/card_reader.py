"""A simulated PC/SC reader: a pcscd of its own with a virtual slot, beside whatever the machine has.

    python -m drivers.simulators.card_reader --name "Virtual Reader"

It announces "vpcd" (where smart_card.py plugs its card in), "reader" (the slot's PC/SC name) and "env" (what a PC/SC
program needs in its environment to find this pcscd). pcscd binds its socket under /run/pcscd whatever one says, so it
runs in a mount namespace of its own: a plain user needs user namespaces for that, root does not.

Commands: die (end pcscd), return (start it again), swap NAME (the same slot under another reader's name), freeze and
thaw (stop and continue the process), hold and release (another program has a transaction), fault NAME|none,
state. Faults: drop (pcscd runs and has no reader), gone (pcscd does not run), frozen, busy.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from drivers.simulators.control import WrongCommand
from drivers.simulators.program import Faults, parser, serve

FAULTS = Faults(("drop", "gone", "frozen", "busy"))
DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
START_WITHIN = 20.0
# The folder becomes /run/pcscd in this namespace only, and real readers on USB are left to the machine's own pcscd.
IN_NAMESPACE = (
    "if [ -d /dev/bus/usb ]; then mount -t tmpfs tmpfs /dev/bus/usb; fi;"
    " mount -t tmpfs tmpfs /run && mkdir /run/pcscd && mount --bind {folder}/run /run/pcscd"
    " && exec {pcscd} --foreground --config {folder}/readers"
)
# A program that holds a reader until its standard input closes.
HOLD = """
import sys
from smartcard import scard
_, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
result, card, _ = scard.SCardConnect(context, sys.argv[1], scard.SCARD_SHARE_DIRECT, 0)
print(result or scard.SCardBeginTransaction(card), flush=True)
sys.stdin.read()
"""


def free_ports() -> int:
    """The first of two free ports: the virtual driver has two slots, on neighbouring ports."""
    while True:
        # below the ports that the kernel gives to connections: it must still be free after `die` and `return`
        port = random.randrange(20000, 32000, 2)
        with socket.socket() as first, socket.socket() as second, contextlib.suppress(OSError):
            first.bind(("", port))
            second.bind(("", port + 1))
            return port


class Service:
    """pcscd and its configuration."""

    def __init__(self, folder: Path, name: str, port: int) -> None:
        self.folder, self.name, self.port = folder, name, port
        self.process: subprocess.Popen[bytes] | None = None
        self.holder: subprocess.Popen[bytes] | None = None
        self.reader_there = True
        (folder / "run").mkdir()
        (folder / "readers").mkdir()
        self.env = {"PCSCLITE_CSOCK_NAME": str(folder / "run" / "pcscd.comm")}

    def start(self) -> None:
        """Start pcscd and wait until it answers. Raises WrongCommand where it does not."""
        configuration = (
            f'FRIENDLYNAME "{self.name}"\nDEVICENAME /dev/null:0x{self.port:04X}\n'
            f"LIBPATH {DRIVER}\nCHANNELID 0x{self.port:04X}\n"
        )
        (self.folder / "readers" / "vpcd").write_text(configuration if self.reader_there else "")
        pcscd = shutil.which("pcscd", path=os.environ.get("PATH", "") + ":/usr/sbin") or "pcscd"
        script = IN_NAMESPACE.format(folder=self.folder, pcscd=pcscd)
        ways = [["unshare", "-m"], ["unshare", "-Urm"]] if os.geteuid() == 0 else [["unshare", "-Urm"]]
        for way in ways:
            self.process = subprocess.Popen(
                [*way, "sh", "-c", script], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=(self.folder / "log").open("wb"),
            )  # fmt: skip
            deadline = time.monotonic() + START_WITHIN
            while self.process.poll() is None and time.monotonic() < deadline:
                if self.answers():
                    return
                time.sleep(0.02)
            self.end()
        raise WrongCommand(f"pcscd does not run: {(self.folder / 'log').read_text(errors='replace')[-300:]}")

    def answers(self) -> bool:
        """Whether its socket takes connections and its slot listens."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(self.env["PCSCLITE_CSOCK_NAME"])
        except OSError:
            return False
        return not self.reader_there or self.listens()

    def listens(self) -> bool:
        """Whether the slot's port is open; looked up, as a connection would be a card."""
        wanted = f":{self.port:04X} 00000000:0000 0A"
        return wanted in Path("/proc/net/tcp").read_text()

    def end(self) -> None:
        """End pcscd; it leaves its socket behind, as one that crashed does."""
        if self.process is not None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
            self.process = None

    # commands

    def die(self, words: list[str]) -> dict[str, Any]:
        """`die`"""
        self.end()
        return {"running": False}

    def come_back(self, words: list[str]) -> dict[str, Any]:
        """`return`"""
        self.end()
        self.start()
        return {"running": True, "reader": self.reader}

    def swap(self, words: list[str]) -> dict[str, Any]:
        """`swap NAME`"""
        if len(words) != 1:
            raise WrongCommand("swap NAME")
        self.name = words[0]
        return self.come_back([])

    def freeze(self, words: list[str]) -> dict[str, Any]:
        """`freeze`"""
        self._signal(signal.SIGSTOP)
        return {"frozen": True}

    def thaw(self, words: list[str]) -> dict[str, Any]:
        """`thaw`"""
        self._signal(signal.SIGCONT)
        return {"frozen": False}

    def _signal(self, number: int) -> None:
        if self.process is None:
            raise WrongCommand("pcscd does not run")
        self.process.send_signal(number)

    def hold(self, words: list[str]) -> dict[str, Any]:
        """`hold`"""
        self.release([])
        self.holder = subprocess.Popen(
            [sys.executable, "-c", HOLD, self.reader], env=os.environ | self.env,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self.holder.stdout is not None
        if self.holder.stdout.readline().strip() != b"0":
            raise WrongCommand("the reader could not be held")
        return {"held": True}

    def release(self, words: list[str]) -> dict[str, Any]:
        """`release`"""
        if self.holder is not None:
            self.holder.kill()
            self.holder.communicate()
            self.holder = None
        return {"held": False}

    def fault(self, words: list[str]) -> dict[str, Any]:
        """`fault NAME|none`"""
        before, answer = FAULTS.name, FAULTS.set(words)
        if before == "frozen":
            self.thaw([])
        elif before == "busy":
            self.release([])
        elif before in ("drop", "gone"):
            self.reader_there = True
            self.come_back([])
        if FAULTS.name == "frozen":
            self.freeze([])
        elif FAULTS.name == "busy":
            self.hold([])
        elif FAULTS.name == "gone":
            self.end()
        elif FAULTS.name == "drop":
            self.reader_there = False
            self.come_back([])
        return answer

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`"""
        return {"running": self.process is not None, "reader": self.reader, "fault": FAULTS.name}

    @property
    def reader(self) -> str:
        """The slot's name in PC/SC."""
        return f"{self.name} 00 00"


def main() -> None:
    """Run the simulator."""
    options = parser(__doc__ or "", FAULTS)
    options.add_argument("--name", default="Virtual Reader", help="the reader's name in PC/SC")
    options.add_argument("--port", type=lambda text: int(text, 0), default=0, help="of the slot; 0 takes a free one")
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="card-reader-"))
    folder.chmod(0o755)
    service = Service(folder, chosen.name, chosen.port or free_ports())
    handlers = {
        "die": service.die, "return": service.come_back, "swap": service.swap, "freeze": service.freeze,
        "thaw": service.thaw, "hold": service.hold, "release": service.release, "fault": service.fault,
        "state": service.state,
    }  # fmt: skip
    try:
        service.start()
        if chosen.fault != "none":
            service.fault([chosen.fault])
        serve(
            "card_reader", handlers, chosen.with_parent, vpcd=f"127.0.0.1:{service.port}", reader=service.reader,
            env=service.env, socket=service.env["PCSCLITE_CSOCK_NAME"],
        )  # fmt: skip
    except WrongCommand as error:
        sys.exit(str(error))
    finally:
        service.release([])
        service.end()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
