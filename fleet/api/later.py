"""Messages that are sent after the answer, so that the time an answer takes says nothing."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from fastapi import BackgroundTasks

from fleet.errors import ServiceUnavailable
from fleet.identity.sms import SmsOrder


def send_later(tasks: BackgroundTasks, order: SmsOrder) -> None:
    """Do what the order left to be done; a gateway that fails then is in the log, and the citizen asks again."""
    if order.send is not None:
        tasks.add_task(_send, order.send)


def _send(send: Callable[[], None]) -> None:
    with contextlib.suppress(ServiceUnavailable):
        send()
