"""Telling an event to whoever asked for it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

Event = TypeVar("Event")


def tell(handler: Callable[[Event], None], event: Event, log: logging.Logger) -> None:
    """Call the handler. What it raises is the handler's fault and must not end the watch: only its kind is logged, as
    the traceback could hold a card, a code or a key.
    """
    try:
        handler(event)
    except Exception as error:
        log.error("handler of %s failed: %s", type(event).__name__, type(error).__name__)
