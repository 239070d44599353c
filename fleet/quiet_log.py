"""The log says of an exception nobody caught its kind and where, never its own text: that can quote a citizen."""

from __future__ import annotations

import logging
import traceback

#: who logs what left the application
LOGGERS = ("uvicorn.error", "asyncio")


class OnlyWhere(logging.Filter):
    """Takes the place of Python's traceback, for every handler of the logger it is added to."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true."""
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.exc_text = where(error)
        return True


def where(error: BaseException) -> str:
    """Kind and frames of an exception, and of each that led to it."""
    led = error.__cause__ or error.__context__
    lines = f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}"
    return f"{lines}after {where(led)}" if led is not None else lines


def say_only_where() -> None:
    """From now on, in this process."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(OnlyWhere())
