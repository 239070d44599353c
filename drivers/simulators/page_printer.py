"""A simulated A4 printer: ippeveprinter (CUPS) as the device, and a private cupsd with the queue A4 before
it.

    python -m drivers.simulators.page_printer --state DIR [--out DIR] [--duplex] [--no-queue] [--slow-job 4]

Pages that were printed stay in --out (else in STATE/printed) as PDF. Commands: fault NAME|none, state, and
supplies PAPER TONER (sheets of 250, percent), release (a slow page is done at once).
Faults: paper-out, near-end (little paper), toner-empty, toner-low, cover-open, gone (the device is off), hung (it
answers nothing), slow (each job takes --slow-job seconds), two that begin with the next job: jam, paper-out-midway; and
those of the line to it (ipp_line.py): silence, drop, garbage, half-frame, busy.
Nothing of the system's own CUPS is touched; all of it ends with this program. Works as root and as a normal
user.
"""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from drivers.simulators.control import WrongCommand
from drivers.simulators.ipp_line import LINE_FAULTS, IppLine
from drivers.simulators.program import Faults, parser, serve

OF_DEVICE = ("paper-out", "near-end", "toner-empty", "toner-low", "cover-open", "gone", "hung", "slow")
FAULTS = Faults((*OF_DEVICE, "jam", "paper-out-midway", *LINE_FAULTS))
MIDWAY = {"jam": "media-jam-error", "paper-out-midway": "media-empty-error"}
QUEUE = "A4"
START_WITHIN = 15.0
# Sheets and percent when all is well, and under which ippeveprinter says media-low and toner-low.
FULL_TRAY, FULL_TONER = 250, 75
LITTLE_PAPER, LITTLE_TONER = 12, 5

# ippeveprinter runs this for each document; "STATE:" lines on stderr change the printer's reasons.
COMMAND = """#!/bin/sh
tell() {{
    [ ! -e '{state}/reason' ] || {{ cat '{state}/reason' >&2; rm -f '{state}/reason'; }}
}}
cancels() {{
    grep -c 'Cancel-Job successful' '{state}/device.log'
}}
tell
[ "$IPP_JOB_NAME" != reason ] || exit 0
before=$(cancels)
# ippeveprinter waits for this command even when the job was cancelled: a printer would drop it
dropped() {{
    [ "$(cancels)" != "$before" ]
}}
if [ -e '{state}/midway' ]; then
    reason=$(cat '{state}/midway')
    echo "STATE: +$reason" >&2
    while [ -e '{state}/midway' ]; do
        sleep 0.1
        ! dropped || exit 1
    done
    echo "STATE: -$reason" >&2
fi
if [ -e '{state}/slow' ]; then
    # before it is said to work: another fault may then take the file away
    left=$(cat '{state}/slow')
    touch '{state}/working'
    trap "rm -f '{state}/working'" EXIT
    while [ $left -gt 0 ] && [ ! -e '{state}/released' ]; do
        sleep 0.1
        tell
        ! dropped || exit 1
        left=$((left - 1))
    done
fi
echo "copies=$IPP_COPIES sides=$IPP_SIDES $IPP_MEDIA_COL" >> '{state}/asked'
echo 'ATTR: job-impressions=1 job-impressions-completed=1' >&2
cp "$1" "{out}/page-$(date +%s%N).pdf"
"""

CUPSD = """Listen localhost:{port}
Browsing No
WebInterface No
DefaultAuthType None
DefaultPaperSize A4
LogLevel warn
PreserveJobFiles No
# Not "No": then a job is gone in the moment it ends, and nobody can tell completed from cancelled.
PreserveJobHistory 60
<Location />
  Order deny,allow
  Allow localhost
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues default
  SubscriptionPrivateAccess default
  SubscriptionPrivateValues default
  <Limit All>
    Order deny,allow
    Allow localhost
  </Limit>
</Policy>
"""

CUPS_FILES = """ServerRoot {root}/etc
RequestRoot {root}/spool
CacheDir {root}/cache
StateDir {root}/run
TempDir {root}/tmp
ServerBin /usr/lib/cups
DataDir /usr/share/cups
AccessLog {root}/access_log
ErrorLog {root}/error_log
PageLog {root}/page_log
FatalErrors none
Sandboxing Relaxed
SyncOnClose No
"""


def free_port() -> int:
    """A TCP port of the loopback that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[Any]) -> None:
    """Return when the process listens; end the program when it does not."""
    deadline = time.monotonic() + START_WITHIN
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("localhost", port), 1).close()
            return
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
    raise SystemExit(f"{process.args!r} did not start")


class Device:
    """ippeveprinter, which can be taken away and put back."""

    def __init__(self, state: Path, out: Path, bus: str, duplex: bool) -> None:
        self.state = state
        self.port = free_port()
        self.options = ["-2"] if duplex else []
        self.line = IppLine(FAULTS, self.port)
        self.uri = f"ipp://localhost:{self.line.port}/ipp/print"
        self.environment = os.environ | {"DBUS_SYSTEM_BUS_ADDRESS": bus}
        self.log = (state / "device.log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None
        out.mkdir(parents=True, exist_ok=True)
        (state / "device").mkdir(exist_ok=True)
        command = state / "command"
        command.write_text(COMMAND.format(state=state, out=out))
        command.chmod(0o755)

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen(
            [
                "ippeveprinter",
                "-v",
                "-r",
                "off",
                "-n",
                "localhost",
                "-p",
                str(self.port),
                "-f",
                "application/pdf",
                *self.options,
                "-d",
                str(self.state / "device"),
                "-c",
                str(self.state / "command"),
                "Simulated",
            ],
            env=self.environment,
            stdout=self.log,
            stderr=self.log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(self.port, self.process)
        self.paper(FULL_TRAY)

    def stop(self) -> None:
        """End it and what it started."""
        if self.process is not None:
            # its session holds the command of the job that is printing, too
            os.killpg(self.process.pid, 9)
            self.process.wait()
            self.process = None
            (self.state / "working").unlink(missing_ok=True)

    def hang(self) -> None:
        """Stop answering without going away."""
        if self.process is not None:
            self.process.send_signal(signal.SIGSTOP)

    def form(self, page: str, **fields: str | int) -> None:
        """Fill in a form of its web page."""
        url = f"http://localhost:{self.port}/{page}?{urllib.parse.urlencode(fields)}"
        with urllib.request.urlopen(url, timeout=5) as answer:
            answer.read()

    def paper(self, sheets: int) -> None:
        """Put this many sheets into its tray."""
        # the by-pass tray must hold something, or the printer says media-empty for it
        envelopes: dict[str, str | int] = {
            "size3": "na_number-10_4.125x9.5in",
            "type3": "envelope",
            "level3": 25,
        }
        self.form("media", size1="iso_a4_210x297mm", type1="stationery", level1=sheets, **envelopes)

    def toner(self, percent: int) -> None:
        """Fill its toner."""
        self.form("supplies", supply0=25, supply1=percent)

    def working(self) -> bool:
        """Whether it prints a slow page now."""
        return (self.state / "working").exists()

    def reason(self, change: str) -> None:
        """Add or remove a printer-state-reason: "+cover-open-error". Only a job's command can, so one is sent."""
        file = self.state / "reason"
        file.write_text(f"STATE: {change}\n")
        request = struct.pack(">BBHIB", 1, 1, 0x0002, 1, 0x01)
        for tag, name, value in (
            (0x47, b"attributes-charset", b"utf-8"),
            (0x48, b"attributes-natural-language", b"en"),
            (0x45, b"printer-uri", f"ipp://localhost:{self.port}/ipp/print".encode()),
            (0x42, b"job-name", b"reason"),
            (0x49, b"document-format", b"application/pdf"),
        ):
            request += struct.pack(">BH", tag, len(name)) + name + struct.pack(">H", len(value)) + value
        asked = urllib.request.Request(
            f"http://localhost:{self.port}/ipp/print", request + b"\x03%PDF-", {"Content-Type": "application/ipp"}
        )
        with urllib.request.urlopen(asked, timeout=5) as answer:
            answer.read()
        deadline = time.monotonic() + 5
        while file.exists() and time.monotonic() < deadline:
            time.sleep(0.02)


class PageSimulator:
    """The device, the queue and the faults."""

    def __init__(self, state: Path, out: Path, duplex: bool, slow_job: float = 4.0) -> None:
        self.state_folder = state
        self.slow_job = slow_job
        self.out = out
        self.children: list[subprocess.Popen[Any]] = []
        self.device = Device(state, out, self.start_bus(), duplex)
        # filters run as lp when cupsd runs as root, and must get at their folders
        self.root = Path(tempfile.mkdtemp(prefix="cups-")) if os.getuid() == 0 else state / "cups"
        self.port = free_port()

    def start_bus(self) -> str:
        """A private bus: ippeveprinter looks for Avahi on it and must not find the system's."""
        bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            text=True,
        )
        self.children.append(bus)
        assert bus.stdout is not None
        return bus.stdout.readline().strip()

    def start(self) -> None:
        """Start the printer and wait until it answers."""
        self.device.start()

    def start_queue(self) -> None:
        """Start a CUPS server with a queue for it."""
        self.root.mkdir(exist_ok=True)
        self.root.chmod(0o755)
        for name in ("etc", "spool", "cache", "run", "tmp"):
            (self.root / name).mkdir(exist_ok=True)
        files = CUPS_FILES.format(root=self.root)
        if os.getuid() == 0:
            files += "User lp\nGroup lp\nSystemGroup root\n"
            os.chown(self.root / "tmp", pwd.getpwnam("lp").pw_uid, -1)
        else:
            files += f"User {pwd.getpwuid(os.getuid()).pw_name}\n"
        (self.root / "cupsd.conf").write_text(CUPSD.format(port=self.port))
        (self.root / "cups-files.conf").write_text(files)
        cupsd = subprocess.Popen(
            [
                "/usr/sbin/cupsd",
                "-f",
                "-c",
                str(self.root / "cupsd.conf"),
                "-s",
                str(self.root / "cups-files.conf"),
            ],
            stdout=self.device.log,
            stderr=self.device.log,
            stdin=subprocess.DEVNULL,
            env=self.device.environment,
        )
        self.children.append(cupsd)
        wait_for(self.port, cupsd)
        subprocess.run(
            [
                "/usr/sbin/lpadmin",
                "-h",
                f"localhost:{self.port}",
                "-p",
                QUEUE,
                "-E",
                "-v",
                self.device.uri,
                "-m",
                "everywhere",
                "-o",
                "printer-error-policy=retry-job",
            ],
            check=True,
            timeout=30,
            stdout=self.device.log,
            stderr=self.device.log,
            env=self.device.environment,
        )

    def stop(self) -> None:
        """End it and what it started."""
        for child in reversed(self.children):
            child.terminate()
        for child in self.children:
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
        self.device.stop()
        if os.getuid() == 0:
            shutil.rmtree(self.root, ignore_errors=True)

    def fault(self, words: list[str]) -> dict[str, Any]:
        """`fault NAME|none`"""
        before = FAULTS.name
        answer = FAULTS.set(words)
        midway = self.state_folder / "midway"
        slow, released = self.state_folder / "slow", self.state_folder / "released"
        # a job that was slow under another fault ends with it
        if FAULTS.name == "none":
            released.touch()
        else:
            released.unlink(missing_ok=True)
        midway.unlink(missing_ok=True)
        slow.unlink(missing_ok=True)
        if before in MIDWAY or before in ("gone", "hung"):
            # the reason stays when its job was cancelled: repairing is switching off and on
            self.device.stop()
            self.device.start()
            self.device.line.plug()
        if before in ("paper-out", "near-end"):
            self.device.paper(FULL_TRAY)
        elif before in ("toner-empty", "toner-low"):
            self.device.toner(FULL_TONER)
        elif before == "cover-open":
            self.device.reason("-cover-open-error")
        if FAULTS.name in ("paper-out", "near-end"):
            self.device.paper(0 if FAULTS.name == "paper-out" else LITTLE_PAPER)
        elif FAULTS.name in ("toner-empty", "toner-low"):
            self.device.toner(0 if FAULTS.name == "toner-empty" else LITTLE_TONER)
        elif FAULTS.name == "cover-open":
            self.device.reason("+cover-open-error")
        elif FAULTS.name in MIDWAY:
            midway.write_text(MIDWAY[FAULTS.name])
        elif FAULTS.name == "gone":
            self.device.line.unplug()
            self.device.stop()
        elif FAULTS.name == "slow":
            slow.write_text(str(round(10 * self.slow_job)))
        elif FAULTS.name == "hung":
            self.device.hang()
        return answer

    def release(self, words: list[str]) -> dict[str, Any]:
        """`release`"""
        if words:
            raise WrongCommand("release takes nothing")
        (self.state_folder / "released").touch()
        return {}

    def supplies(self, words: list[str]) -> dict[str, Any]:
        """`supplies PAPER TONER`"""
        if len(words) != 2 or not all(word.isdecimal() for word in words):
            raise WrongCommand("supplies PAPER TONER, sheets of 250 and percent")
        self.device.paper(int(words[0]))
        self.device.toner(int(words[1]))
        return {"paper": int(words[0]), "toner": int(words[1])}

    def state(self, words: list[str]) -> dict[str, Any]:
        """`state`"""
        if words:
            raise WrongCommand("state takes nothing")
        printed = sorted(path.name for path in self.out.glob("*.pdf"))
        asked = self.state_folder / "asked"
        asked_for = asked.read_text("utf-8").splitlines() if asked.exists() else []
        return {
            "fault": FAULTS.name,
            "printed": len(printed),
            "files": printed,
            "asked": asked_for,
            "working": self.device.working(),
        }


def main() -> None:
    """Run the simulator."""
    options: argparse.ArgumentParser = parser(__doc__ or "", FAULTS)
    options.add_argument("--state", type=Path, required=True, help="a folder for its spool and its logs")
    options.add_argument("--out", type=Path, help="where printed pages are left")
    options.add_argument("--duplex", action="store_true", help="it prints on two sides")
    options.add_argument("--slow-job", type=float, default=4.0, metavar="SECONDS", help="of the fault slow")
    options.add_argument("--no-queue", action="store_true", help="the printer alone, without CUPS")
    chosen = options.parse_args()
    state: Path = chosen.state.resolve()
    state.mkdir(parents=True, exist_ok=True)
    # ended while it starts: what it started must end, too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    simulator = PageSimulator(state, (chosen.out or state / "printed").resolve(), chosen.duplex, chosen.slow_job)
    try:
        simulator.start()
        if not chosen.no_queue:
            simulator.start_queue()
        if chosen.fault != "none":
            simulator.fault([chosen.fault])
        serve(
            "page_printer",
            {
                "fault": simulator.fault,
                "state": simulator.state,
                "supplies": simulator.supplies,
                "release": simulator.release,
            },
            chosen.with_parent,
            port=simulator.device.uri,
            uri=simulator.device.uri,
            server="" if chosen.no_queue else f"localhost:{simulator.port}",
            queue="" if chosen.no_queue else QUEUE,
            printed=str(simulator.out),
            spool=str(simulator.root),
        )
    finally:
        simulator.stop()


if __name__ == "__main__":
    main()
