"""For technicians: python -m drivers.lamps status|set|test --port PORT [--unit 1] [--light NAME=COIL]… [--json]

    set LIGHT on|off|slow|medium|quick     on and off stay when the command ends; a flash ends with it (--seconds)
    test                                   each light in turn

Without --light the first eight coils are the lights 0 to 7; null in status is a light that cannot be asked.
Exit 0 done, 1 device fault, 2 wrong use.
"""

from __future__ import annotations

import argparse
import sys
import time

from drivers.command_line import DONE, FAULT, WRONG_USE, json_option, parser, say, say_status, seconds
from drivers.errors import BadAnswer, ConfigError, DriverError
from drivers.lamps.board import ANSWER_TIMEOUT, Board, board_status
from drivers.lamps.device import alive
from drivers.lamps.lights import Flash, Lights, lit, until_change
from drivers.status import DeviceState, DeviceStatus

# How the words of technicians differ from XFS4IoT's.
_FLASH = {"on": Flash.CONTINUOUS}


def _arguments() -> argparse.ArgumentParser:
    result = parser("lamps", __doc__)
    commands = result.add_subparsers(dest="command", required=True)
    for name in ("status", "set", "test"):
        command = commands.add_parser(name)
        if name == "set":
            command.add_argument("light")
            command.add_argument("flash", choices=["on", *map(str, Flash)])
            command.add_argument("--colour")
            command.add_argument("--seconds", type=seconds, default=5.0, help="how long a flash lasts")
        command.add_argument("--port", required=True)
        command.add_argument("--unit", type=int, default=1)
        command.add_argument("--light", dest="named", action="append", default=[], metavar="NAME=COIL")
        command.add_argument("--timeout", type=seconds, default=15.0, help="seconds for all of it")
        json_option(command)
    return result


def _lights(named: list[str]) -> Lights:
    table: dict[str, object] = {}
    for text in named:
        name, _, coil = text.partition("=")
        table[name] = int(coil) if coil.isdecimal() else None
    return Lights.named(table or _numbered(8))


def _numbered(count: int) -> dict[str, object]:
    return {str(coil): coil for coil in range(count)}


def _found(board: Board, lights: Lights, named: bool) -> tuple[Lights, dict[int, bool]]:
    """The lights there are and how their coils are: without names a board of four, two or one relays has fewer."""
    while True:
        try:
            return lights, alive(board, lights.all)
        except BadAnswer as error:
            if named or error.code != "no-such-coil" or len(lights.all) == 1:
                raise
            lights = Lights.named(_numbered(len(lights.all) // 2))


class _Clock:
    """Ends a command by its --timeout."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def over(self) -> bool:
        return time.monotonic() > self._end

    def sleep(self, seconds: float) -> None:
        time.sleep(max(0.0, min(seconds, self._end - time.monotonic())))


def _set(board: Board, coil: int, flash: Flash, seconds: float, clock: _Clock) -> bool:
    """Show it; whether the board says that the coil is as it should be."""
    began = time.monotonic()
    try:
        while flash not in (Flash.OFF, Flash.CONTINUOUS) and (gone := time.monotonic() - began) < seconds:
            board.write(coil, lit(flash, gone))
            clock.sleep(min(until_change(flash, gone), seconds - gone))
    finally:  # also where somebody pressed Ctrl-C
        board.write(coil, flash is Flash.CONTINUOUS)
    try:
        return board.read([coil])[coil] is (flash is Flash.CONTINUOUS)
    except BadAnswer as error:
        if error.code == "no-such-function":  # a board that can only be written to
            return True
        raise


def _run(options: argparse.Namespace, lights: Lights) -> int:
    clock = _Clock(options.timeout)
    as_json = options.json
    flash = Flash(_FLASH.get(options.flash, options.flash)) if options.command == "set" else Flash.CONTINUOUS
    coils = lights.all
    if options.command == "set":
        coils = (lights.coil(options.light, options.colour),)
    with Board(options.port, options.unit, clock.over) as board:
        if options.command == "status":
            lights, found = _found(board, lights, bool(options.named))
            names = {
                light: any(found[coil] for coil in colours.values()) if found else None
                for light, colours in lights.coils.items()
            }
            return say_status(DeviceStatus(DeviceState.ONLINE), as_json, lights=names)
        if options.command == "set":
            # time is left to put it out
            done = _set(board, coils[0], flash, min(options.seconds, options.timeout - 2 * ANSWER_TIMEOUT), clock)
            say({"result": "done" if done else "not-switched", "light": options.light, "flash": flash}, as_json)
            return DONE if done else FAULT
        for light, colours in lights.coils.items():
            for colour, coil in colours.items():
                done = _set(board, coil, Flash.CONTINUOUS, 0, clock)
                clock.sleep(0.5)
                done = _set(board, coil, Flash.OFF, 0, clock) and done
                result = "done" if done else "not-switched"
                say({"result": result, "light": light, "colour": colour or None}, as_json)
                if not done:
                    return FAULT
    return DONE


def main() -> int:
    """Run the command line."""
    options = _arguments().parse_args()
    try:
        return _run(options, _lights(options.named))
    except ConfigError as error:
        say({"result": "wrong-use", "detail": f"{error.code}: {error.detail}"}, options.json)
        return WRONG_USE
    except DriverError as error:
        return say_status(board_status(error), options.json, result="failed")
    except KeyboardInterrupt:
        return FAULT


if __name__ == "__main__":
    sys.exit(main())
