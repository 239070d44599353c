"""The pinyin engine as a process: `python -m screens.keyboards.rime_worker --data DIR`.

One JSON line in, one JSON line out. In: {"key": "a"}, {"backspace": true}, {"choose": 2}, {"page": 1} or
{"page": -1}, {"finish": true} (take the best of all that is composed), {"clear": true}. Out: {"composing":
"she b", "candidates": ["社保", …], "page": 0, "has_more": true, "commit": ""}, or {"error": "…"} for a line
that makes no sense. The first line out, before any question, is {"ready": true}. It ends when its standard
input ends. Nothing typed is written anywhere: no user dictionary, no log above fatal, no core dump.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from screens.keyboards import dictionary
from screens.keyboards.rime_engine import Composition, RimeEngine


def answer(engine: RimeEngine, line: str) -> dict[str, object]:
    """What the engine says to one line."""
    commands: dict[str, Callable[..., Composition]] = {
        "key": engine.key,
        "choose": engine.choose,
        "page": engine.page,
    }
    plain: dict[str, Callable[[], Composition]] = {
        "backspace": engine.backspace,
        "finish": engine.finish,
        "clear": engine.clear,
    }
    try:
        [(name, value)] = json.loads(line).items()
        state = plain[name]() if name in plain else commands[name](value)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return {"error": type(error).__name__}
    return asdict(state)


def main() -> int:
    """The command line."""
    options = argparse.ArgumentParser(description="Pinyin in, characters out, as JSON lines.")
    options.add_argument("--data", type=Path, default=dictionary.default_folder(), help="the dictionary's folder")
    data: Path = options.parse_args().data.absolute()
    resource.setrlimit(resource.RLIMIT_CORE, (1, 1))  # core(5): unlike 0 this stops a dump to a program, too
    try:
        dictionary.ensure(data)
        engine = RimeEngine(data)
    except (dictionary.DictionaryError, OSError, RuntimeError) as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return 1
    print('{"ready": true}', flush=True)
    try:
        for line in sys.stdin:
            print(json.dumps(answer(engine, line), ensure_ascii=False), flush=True)
    except (KeyboardInterrupt, BrokenPipeError):
        pass
    finally:
        engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
