"""`./run chaos [power|visits|network]…`: what was promised to citizens must be true whatever was cut.

power: the power, after every write of a recorded run; visits: terminal and agent, at random and after each durable step
of whole visits; network: a delivery, at every byte. All three take about an hour; each says what it found.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

PARTS = ("power", "visits", "network")


def main() -> int:
    """Run the parts one after the other; 0 when every one found everything in order."""
    parser = argparse.ArgumentParser(prog="./run chaos", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; none is all")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no part is called {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    parts = options.parts or PARTS
    broken = [part for part in parts if subprocess.run([sys.executable, "-m", f"tests.chaos.{part}"]).returncode]
    print(f"chaos: {', '.join(broken)} found something" if broken else "chaos: everything is in order")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
