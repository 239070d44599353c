"""Whole visits and deliveries, cut again and again (kill -9): `python -m tests.chaos.visits [--cuts N] [--seed N]`.

Citizens come one after the other to a terminal without a display, with real wires to simulated devices and a real
platform. The terminal is killed at a random moment of most visits, the sync agent every second or so, the network now
and then; and both once after each of their durable steps. Then the books are audited (`tests/chaos/books.py`).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from demo.programs import ROOT, until
from kiosk.journey import intents
from kiosk.journey.views import AttractView, DoneView, Snapshot
from tests.chaos.books import Books
from tests.faults.station import FarCitizen, FarTerminal
from tests.journeys.town_hall import TownHall

#: seconds a visit takes on a quiet machine: in these, and some after, the terminal is killed
VISIT_SECONDS = 9.0
#: seconds from one kill of the agent to the next, on the average
AGENT_SECONDS = 0.9


class Cut(Exception):
    """The terminal before which somebody stands is gone."""


class Terminal(FarTerminal):
    """Tells when the terminal is gone."""

    gone = False

    def _listen(self) -> None:
        super()._listen()
        self.gone = True


class Visitor(FarCitizen):
    """Notes every number the terminal shows as received; gives up at once when the terminal dies."""

    def __init__(self, terminal: Terminal, hall: TownHall, promised: set[str]) -> None:
        self._promised = promised
        super().__init__(terminal, hall)

    def _show(self, snapshot: Snapshot) -> None:
        if isinstance(snapshot.view, DoneView):
            self._promised.add(snapshot.view.number)
        super()._show(snapshot)

    def shown(self, when: Callable[[Snapshot], bool], what: str = "it", seconds: float = 30.0) -> Snapshot:
        deadline = time.monotonic() + seconds
        while True:
            try:
                return super().shown(when, what, min(0.5, seconds))
            except AssertionError:
                if getattr(self._far, "gone", False):
                    raise Cut from None
                if time.monotonic() > deadline:
                    raise


class Terminals:
    """One terminal's two programs, started and killed as often as wanted."""

    def __init__(self, hall: TownHall, folder: Path) -> None:
        self.hall, self.folder, self.data = hall, folder, hall.enrolled(folder / "data")
        self.work = folder / "work"
        self.work.mkdir()
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env={**os.environ, "RUNTIME_DIRECTORY": ""},
        )  # fmt: skip
        assert self._nursery.stdout is not None and self._nursery.stdout.readline() == "ready\n"
        self._asking = threading.Lock()
        self._sockets = Path(tempfile.mkdtemp(prefix="bianmin-"))
        self._started = 0
        self.running: dict[str, int] = {}
        self.kills = {"terminal": 0, "agent": 0}

    def start(self, what: str, steps: int = 0) -> Path:
        """The program; for a terminal, the socket it will listen on."""
        with self._asking:
            self._started += 1
            socket = self._sockets / str(self._started)
            own = [str(self.data), str(socket), str(self.work)] if what == "terminal" else ["--data", str(self.data)]
            asked = {"what": what, "arguments": own, "log": str(self.folder / f"{what}.log"), "steps": steps}
            assert self._nursery.stdin is not None and self._nursery.stdout is not None
            print(json.dumps(asked), file=self._nursery.stdin, flush=True)
            self.running[what] = int(self._nursery.stdout.readline())
        return socket

    def alive(self, what: str) -> bool:
        """Whether it runs."""
        with contextlib.suppress(ProcessLookupError, KeyError):
            os.kill(self.running[what], 0)
            return True
        return False

    def kill(self, what: str) -> bool:
        """Kill it and its workers; False where it was dead already."""
        if not self.alive(what):
            return False
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.running[what], signal.SIGKILL)
        until("it to be dead", 10, lambda: not self.alive(what), every=0.002)
        self.kills[what] += 1
        return True

    def stop(self, what: str) -> None:
        """As systemd stops it."""
        if self.alive(what):
            os.kill(self.running[what], signal.SIGTERM)
            with contextlib.suppress(Exception):
                until("it to end", 10, lambda: not self.alive(what))
            if self.alive(what):
                os.killpg(self.running[what], signal.SIGKILL)

    def close(self) -> None:
        """End everything."""
        for what in ("terminal", "agent"):
            self.stop(what)
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait(20)


class Chaos:
    """The run."""

    def __init__(self, hall: TownHall, folder: Path, seed: int) -> None:
        self.hall, self.terminals, self.chance = hall, Terminals(hall, folder), random.Random(seed)
        self.books = Books(hall, self.terminals.data)
        self.visits = self.finished = self.cable_cuts = 0
        self._over = threading.Event()

    # one visit

    def visitor(self, steps: int = 0) -> Visitor:
        """Somebody before a terminal that has just started."""
        self.hall.devices.id_card.tell("lift")
        socket = self.terminals.start("terminal", steps)

        def connected() -> Terminal | None:
            with contextlib.suppress(OSError):
                return Terminal(socket)
            if not self.terminals.alive("terminal"):
                raise Cut
            return None

        visitor = Visitor(until("the terminal", 30, connected, every=0.02), self.hall, self.books.promised)
        visitor.sees(AttractView, lambda v: v.open, 40)
        return visitor

    def visit(self, visitor: Visitor) -> None:
        """Come, be served, and go. Raises Cut."""
        self.visits += 1
        place = self.chance.randrange(4)
        with _cuts():
            if self.chance.random() < 0.7:
                visitor.print_household(place)
            else:
                visitor.to_check()
                visitor.send(intents.Forward())
            done = visitor.sees(DoneView, lambda v: v.progress is None or _asks_to_print(v), 60)
            if _asks_to_print(done):
                visitor.send(intents.Forward())
                visitor.sees(DoneView, lambda v: v.progress is None, 60)
            if self.chance.random() < 0.5:
                visitor.send(intents.Rate("5"), intents.SendRating())
                visitor.sees(DoneView, lambda v: v.rated)
            visitor.finish()
        self.finished += 1

    # what is cut meanwhile

    def _kill_agents(self) -> None:
        self.terminals.start("agent")
        while not self._over.wait(self.chance.expovariate(1 / AGENT_SECONDS)):
            if self.chance.random() < 0.06:
                self.hall.cable.cut()
                self.cable_cuts += 1
                self._over.wait(self.chance.uniform(0.1, 3))
                self.hall.cable.restore()
            self.terminals.kill("agent")
            self.terminals.start("agent")

    @contextlib.contextmanager
    def _terminal_killed(self, after: float) -> Iterator[None]:
        timer = threading.Timer(after, lambda: self.terminals.kill("terminal"))
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    # the parts of the run

    def at_random(self, cuts: int) -> None:
        """Visits until this many kills were made."""
        killer = threading.Thread(target=self._kill_agents)
        killer.start()
        try:
            visitor: Visitor | None = None
            while sum(self.terminals.kills.values()) < cuts:
                try:
                    # the start is a time to be killed at, too
                    with self._terminal_killed(self.chance.uniform(0.05, 1.3 * VISIT_SECONDS)):
                        visitor = visitor or self.visitor()
                        self.visit(visitor)
                except Cut:
                    visitor = None
        finally:
            self._over.set()
            killer.join()
        self.hall.cable.restore()
        for what in ("terminal", "agent"):
            self.terminals.kill(what)

    def after_each_step(self, what: str, most: int) -> int:
        """A visit for each of the first durable steps, after which `what` dies; how many there were."""
        for steps in range(1, most + 1):
            other = "agent" if what == "terminal" else "terminal"
            self.terminals.start("agent", steps if what == "agent" else 0)
            died = False
            try:
                visitor = self.visitor(steps if what == "terminal" else 0)
                self.visit(visitor)
            except Cut:
                died = True
            died = died or not self.terminals.alive(what)
            self.terminals.kills[what] += died
            self.terminals.kill(what)
            self.terminals.kill(other)
            if not died:
                return steps - 1
        return most

    def settle(self) -> None:
        """Everything is started once more and left alone until nothing is owed."""
        self.hall.repair()
        self.terminals.start("agent")
        visitor = self.visitor()
        until("everything to be delivered and shredded", 120, self.books.nothing_owed, every=0.3)
        visitor.sees(AttractView)
        for what in ("terminal", "agent"):
            self.terminals.stop(what)

    def close(self) -> None:
        """End everything."""
        self._over.set()
        self.terminals.close()


def _asks_to_print(view: DoneView) -> bool:
    """Whether the certificate is shown before it is printed."""
    return view.certificate is not None and view.certificate.seconds > 0


@contextlib.contextmanager
def _cuts() -> Iterator[None]:
    """A line that breaks is a cut, too."""
    try:
        yield
    except (OSError, EOFError):
        raise Cut from None


def main() -> int:
    """The whole run; what was found."""
    parser = argparse.ArgumentParser(prog="visits", description=__doc__)
    parser.add_argument("--cuts", type=int, default=520)
    parser.add_argument("--steps", type=int, default=60, help="durable steps of each program to die after, at most")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as name:
        hall = TownHall(Path(name) / "town")
        chaos = Chaos(hall, Path(name), options.seed)
        try:
            chaos.at_random(options.cuts)
            steps = {what: chaos.after_each_step(what, options.steps) for what in ("terminal", "agent")}
            chaos.settle()
            found = chaos.books.audit()
        finally:
            chaos.close()
            hall.town.stop()
    kills = chaos.terminals.kills
    print(
        f"visits: {chaos.visits} begun, {chaos.finished} finished; killed: terminal {kills['terminal']}, agent"
        f" {kills['agent']} (after each of {steps['terminal']} and {steps['agent']} durable steps among them);"
        f" network cut {chaos.cable_cuts} times; {time.monotonic() - begun:.0f} s"
    )
    print(f"books: {found}")
    for problem in chaos.books.problems:
        print(f"! {problem}")
    return 1 if chaos.books.problems else 0


if __name__ == "__main__":
    sys.exit(main())
