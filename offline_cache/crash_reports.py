"""What is said of an exception nobody caught: its kind and where, never its own text, which can quote a citizen."""

from __future__ import annotations

import logging
import sys
import threading
import traceback

log = logging.getLogger(__name__)


def report(what: str, error: BaseException) -> None:
    """Log that `what` crashed, how and where."""
    log.critical("%s crashed: %s", what, _where(error))


def say_only_where() -> None:
    """From now on in this process, whatever thread it happens in: `report`, in place of Python's own traceback."""
    sys.excepthook = lambda kind, error, trace: report("the program", error)
    threading.excepthook = lambda crash: report(
        f"the thread {crash.thread.name if crash.thread else '?'}", crash.exc_value or crash.exc_type()
    )


def _where(error: BaseException) -> str:
    led = error.__cause__ or error.__context__
    lines = f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
    return f"{lines}after {_where(led)}" if led is not None else lines
