"""`./run fuzz [--seconds 30] [CODEC…]`: coverage-guided attack on every codec, each in a process of its own.

A module of this folder is a codec: DECLARED (the errors it may raise), one_input(data) and SEEDS. Anything else that
is raised, an input that takes over 5 s, or more than 700 MB of memory ends the run with the input kept in build/fuzz.
Memory growth: the process must not hold over 40 MB more at the end than after its first tenth.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
KEPT = ROOT / "build" / "fuzz"
AT_ONCE = 2
TIMEOUT = 5
MOST_MEMORY_MB = 700
GROWTH_MB = 40


def codecs() -> list[str]:
    """The names of all codecs."""
    return sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_") and path.stem != "attack")


def start(codec: str, seconds: int) -> subprocess.Popen[str]:
    """The attack on one codec."""
    corpus = KEPT / codec
    corpus.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [
            sys.executable, "-m", "tests.fuzz.attack", codec, f"-max_total_time={seconds}", f"-timeout={TIMEOUT}",
            f"-rss_limit_mb={MOST_MEMORY_MB}", f"-artifact_prefix={corpus}/", "-print_final_stats=1", "-verbosity=0",
            str(corpus),
        ],
        cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )  # fmt: skip


def told(codec: str, output: str, code: int) -> dict[str, object]:
    """What one attack found."""

    def number(pattern: str) -> int:
        found = re.findall(pattern, output)
        return int(found[-1]) if found else 0

    growths = re.findall(r"memory growth: (-?\d+) MB", output)
    growth = int(growths[-1]) if growths else None
    return {
        "codec": codec,
        "inputs": number(r"number_of_executed_units:\s*(\d+)") or number(r"Done (\d+) (?:runs|in)"),
        "peak_mb": number(r"peak_rss_mb:\s*(\d+)"),
        "growth_mb": growth,
        "held": code == 0 and growth is not None and growth <= GROWTH_MB,
    }


def main() -> int:
    """Attack every codec, or those named."""
    parser = argparse.ArgumentParser(prog="./run fuzz", description=__doc__)
    parser.add_argument("codec", nargs="*", choices=[[], *codecs()], metavar="CODEC")
    parser.add_argument("--seconds", type=int, default=30, help="for each codec")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    waiting, total, held = options.codec or codecs(), 0, True
    while waiting:
        now, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        running = [(codec, start(codec, options.seconds)) for codec in now]
        for codec, attack in running:
            output = attack.communicate(timeout=options.seconds * 3 + 120)[0]
            found = told(codec, output, attack.returncode)
            total += int(str(found["inputs"]))
            held = held and bool(found["held"])
            line = "{codec:24} {inputs:>12,} inputs  peak {peak_mb} MB, grew {growth_mb} MB  {0}"
            print(
                json.dumps(found) if options.json else line.format("held" if found["held"] else "BROKEN", **found),
                flush=True,
            )
            if not found["held"]:
                print(output[-4000:], file=sys.stderr)
    if not options.json:
        print(f"{total:,} inputs in all")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
