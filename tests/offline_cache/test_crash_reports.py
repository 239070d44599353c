"""An exception nobody caught is told by kind and place; its own text, which can quote a citizen, is not."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import logging, threading
from offline_cache.crash_reports import say_only_where
logging.basicConfig()
say_only_where()
def look_up(name):
    try:
        {}[name]
    except KeyError as error:
        raise ValueError("nobody is called " + name) from error
name = "\\u738b\\u793a\\u4f8b"
thread = threading.Thread(target=look_up, args=(name,), name="reader")
thread.start()
thread.join()
look_up(name)
"""


def test_kind_and_place_and_no_text() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1 and ended.stdout == ""
    assert "王示例" not in ended.stderr and "nobody" not in ended.stderr and "u738b" not in ended.stderr
    assert "the thread reader crashed: ValueError" in ended.stderr and "the program crashed: ValueError" in ended.stderr
    assert ended.stderr.count("after KeyError") == 2 and "in look_up" in ended.stderr
