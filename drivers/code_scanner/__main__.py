"""For technicians: python -m drivers.code_scanner decode IMAGE... | read|watch|status --source ADDRESS [--json]

decode  a line for each picture: {"path", "text" (null: no code), "milliseconds", "codes": [{"text", "kind"}]}, and
        "error" for one that cannot be looked at
read    waits for one code; watch tells each until it is ended or --timeout is over; status looks at the device
ADDRESS is a camera (http://…, /dev/video0), serial:/dev/ttyACM0?baudrate=9600, tcp://host:port, or evdev:…
Exit 0 done, 1 device fault, no code in time or an unreadable picture, 2 wrong use.
"""

from __future__ import annotations

import argparse
import contextlib
import queue
import sys
import time

from drivers.code_scanner import CodeEvent, CodeRead, CodeScanner
from drivers.code_scanner.framing import ENDS, LONGEST
from drivers.code_scanner.source import PAUSE
from drivers.code_scanner.worker import Worker
from drivers.command_line import DONE, FAULT, WRONG_USE, json_option, parser, say, say_status, seconds
from drivers.errors import ConfigError


def _decode(paths: list[str], as_json: bool) -> int:
    result = DONE
    with Worker() as worker:
        for path in paths:
            answer = worker.decode(path)
            if "error" in answer:
                result = FAULT
            if as_json:
                say(answer, True)
            else:
                print(f"{path}\t{answer['text'] or answer.get('error', '-')}\t{answer['milliseconds']} ms", flush=True)
    return result


def _follow(scanner: CodeScanner, one: bool, timeout: float, as_json: bool) -> int:
    """read (one code) and watch (all of them)."""
    events: queue.Queue[CodeEvent] = queue.Queue()
    scanner.start(events.put)
    deadline, seen = time.monotonic() + timeout, False
    try:
        while (left := deadline - time.monotonic()) > 0:
            try:
                event = events.get(timeout=min(left, 3600))
            except queue.Empty:
                continue
            if isinstance(event, CodeRead):
                seen = True
                say({"result": "read", "text": event.text} if one else {"event": "code", "text": event.text}, as_json)
                if one:
                    break
            elif not one:
                say({"event": "status", "device": event.status.device.value, "detail": event.status.detail}, as_json)
        if not seen:
            status = scanner.status
            say({"result": "no-code", "device": status.device.value, "detail": status.detail}, as_json)
        return DONE if seen else FAULT
    finally:
        scanner.stop()


def _options() -> argparse.ArgumentParser:
    options = parser("code_scanner", __doc__)
    commands = options.add_subparsers(dest="command", required=True)
    commands.add_parser("decode").add_argument("image", nargs="+")
    for name, timeout in (("read", 30.0), ("watch", float("inf")), ("status", 20.0)):
        command = commands.add_parser(name)
        command.add_argument("--source", "--url", dest="source", required=True, help="address of the scanner")
        command.add_argument("--timeout", type=seconds, default=timeout, help="seconds to wait for a code")
        command.add_argument("--end", choices=ENDS, default="auto", help="what ends a code on a line")
        command.add_argument("--pause", type=seconds, default=PAUSE, help="seconds of silence that end a code")
        command.add_argument("--longest", type=int, default=LONGEST, help="bytes or keys of the longest code")
    for command in commands.choices.values():
        json_option(command)
    return options


def main() -> int:
    """Run the command line."""
    chosen = _options().parse_args()
    with contextlib.suppress(AttributeError):
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a path need not be UTF-8
    with contextlib.suppress(KeyboardInterrupt, BrokenPipeError):
        if chosen.command == "decode":
            return _decode(chosen.image, chosen.json)
        try:
            scanner = CodeScanner(chosen.source, chosen.end, chosen.pause, chosen.longest)
        except ConfigError as error:
            say({"result": "failed", "reason": error.code, "detail": error.detail}, chosen.json)
            return WRONG_USE
        if chosen.command == "status":
            return say_status(scanner.check(fresh=True), chosen.json)
        return _follow(scanner, chosen.command == "read", chosen.timeout, chosen.json)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
