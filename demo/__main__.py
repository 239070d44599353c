"""`./run demo` and `./run kiosk`: four whole visits with proof, or the terminal in a window for a person.

    python -m demo visit [--out build/demo] [--seen] [--unplug DEVICE@STEP]
    python -m demo window [--out build/kiosk]

`visit` ends with 0 only if every step and every check of build/demo/report.json is true.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from demo import window
from demo.display import Display
from demo.programs import Failed, until
from demo.proof import Proof
from demo.report import Report
from demo.screen import Screen
from demo.surer_visits import FourthVisit, ThirdVisit
from demo.town import Town, fresh
from demo.visits import FirstVisit, SecondVisit


def visit(out: Path, seen: bool, unplug: str) -> int:
    """All visits and the proof; 0 only if all of it is true."""
    report = Report(fresh(out) / "report.json")
    town = Town(out)
    display: Display | None = None
    try:
        display = Display.for_visit(town.log / "xvfb.log", seen)
        screen = Screen(display.name, town.accessibility)
        prepare(town, report, display)
        FirstVisit(town, screen, report, unplug).run()
        proof = Proof(town, report)
        with report.step("8-delivered the sync agent has delivered the first visit"):
            first = proof.cases(1, rated=1)[0]
        SecondVisit(town, screen, report, unplug).run()
        with report.step("9-delivered the rating arrives by itself"):
            second = proof.cases(2, rated=2)[1]
        ThirdVisit(town, screen, report, unplug).run()
        FourthVisit(town, screen, report, unplug).run()
        with report.step("12-delivered the last two visits are on the platform"):
            third, fourth = proof.cases(4, rated=2)[2:]
        with report.step("12-shredded the terminal has nothing left to deliver"):
            until("the terminal's empty outbox", 90, proof.outbox_empty)
        with report.step("proof everything the visits claim is looked up from outside"):
            proof.first(first)
            proof.second(second)
            proof.surer(third, fourth)
            proof.no_trace()
            proof.papers()
    except Failed as error:
        print(f"failed: {error}", file=sys.stderr)
    finally:
        town.stop()
        if display is not None:
            display.stop()
        report.write()
    print(f"{'all is true' if report.ok else 'NOT all is true'}: see {report.path}", file=sys.stderr)
    return 0 if report.ok else 1


def prepare(town: Town, report: Report, display: Display) -> None:
    """Step 0: operators publish, a technician enrols, the terminal fetches and shows its first page."""
    screen = Screen(display.name, town.accessibility)
    with report.step("0-platform operators import the city's workbook and publish a signed release"):
        town.plug_in_devices()
        town.open_platform()
        town.platform_ready()
    with report.step("0-devices the devices are plugged in"):
        assert town.devices is not None
        town.devices.ready()
    with report.step("0-enrol a technician enrols the terminal with a voucher"):
        town.enrol()
    with report.step("0-release the terminal fetches and verifies the release"):
        town.fetch_release()
    with report.step("0-start agent and terminal start"):
        town.start_agent()
        town.start_terminal(display.name, f"{display.size[0]}x{display.size[1]}")
        until("the terminal's window", 40, lambda: town.accessibility.exists(), every=0.2)
        screen.wait_for("AttractView")


def main() -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="demo", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    visits = commands.add_parser("visit", help="four whole visits, with proof")
    visits.add_argument("--out", type=Path, default=Path("build/demo"))
    visits.add_argument("--seen", action="store_true", help="on your own display, in a window that fits")
    visits.add_argument("--unplug", default="", metavar="DEVICE@STEP", help="kill a simulator just before a step")
    opened = commands.add_parser("window", help="the terminal in a window, with a panel for its devices")
    opened.add_argument("--out", type=Path, default=Path("build/kiosk"))
    opened.add_argument("--size", default="", help="540x960 or 1080x1920; without it, as large as the screen allows")
    options = parser.parse_args()
    out = options.out.resolve()
    if options.command == "visit":
        return visit(out, options.seen, options.unplug)
    return window.open_window(out, options.size)


if __name__ == "__main__":
    sys.exit(main())
