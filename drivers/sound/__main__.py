"""For technicians: python -m drivers.sound status|play FILE|volume N [--device default] [--volume N] [--json]

play waits until the prompt is over. volume plays a short tone at N percent, so that somebody can set the terminal's
`volume` by ear; nothing is kept. Exit 0 done, 1 device fault, 2 wrong use.
"""

from __future__ import annotations

import argparse
import sys
import time

import numpy as np

from drivers.command_line import DONE, FAULT, WRONG_USE, json_option, parser, say, say_status, seconds
from drivers.errors import ConfigError, DriverError, PromptUnplayable
from drivers.sound.device import Sound, load, sound_status
from drivers.sound.player import play
from drivers.sound.prompt import Prompt

TONE_HZ, TONE_SECONDS = 660, 0.6


def tone() -> Prompt:
    """What `volume` plays."""
    time_line = np.arange(round(48_000 * TONE_SECONDS)) / 48_000
    return Prompt(48_000, (np.sin(2 * np.pi * TONE_HZ * time_line) * 26_000).astype("<i2").reshape(-1, 1))


def _arguments() -> argparse.ArgumentParser:
    result = parser("sound", __doc__)
    commands = result.add_subparsers(dest="command", required=True)
    for name in ("status", "play", "volume"):
        command = commands.add_parser(name)
        if name == "play":
            command.add_argument("file")
            command.add_argument("--volume", type=int, default=80)
        if name == "volume":
            command.add_argument("volume", type=int)
        command.add_argument("--device", default="default", help="as aplay -D takes it")
        command.add_argument("--alsa-config", default="", help="a configuration instead of the system's")
        command.add_argument("--timeout", type=seconds, default=60.0, help="seconds for all of it")
        json_option(command)
    return result


def main() -> int:
    """Run the command line."""
    options = _arguments().parse_args()
    end = time.monotonic() + options.timeout
    if options.command == "status":
        return say_status(Sound(options.device, alsa_config=options.alsa_config).check(), options.json)
    try:
        Sound(volume=options.volume)  # says what a volume is
        prompt = load(options.file) if options.command == "play" else tone()
        whole = play(
            prompt, options.device, options.alsa_config, lambda: options.volume,
            lambda: time.monotonic() > end,
        )  # fmt: skip
    except (ConfigError, PromptUnplayable) as error:
        say({"result": "wrong-use", "reason": error.code, "detail": error.detail}, options.json)
        return WRONG_USE
    except DriverError as error:
        return say_status(sound_status(error), options.json, result="failed")
    result = "played" if whole else "timeout"
    say({"result": result, "seconds": round(prompt.seconds, 3), "volume": options.volume}, options.json)
    return DONE if whole else FAULT


if __name__ == "__main__":
    sys.exit(main())
