"""SANE's words for its status codes (sane_strstatus), as errors that say what to do."""

from __future__ import annotations

from drivers.errors import (
    BadAnswer,
    Cancelled,
    CoverOpen,
    DeviceBusy,
    DeviceGone,
    DriverError,
    FeederEmpty,
    HardwareFault,
    MediaJammed,
    NotAllowed,
    Refused,
)

# SANE 1.06, 4.2.7 "Status Type"
_ERRORS: dict[str, tuple[type[DriverError], str]] = {
    "Operation not supported": (Refused, "not-supported"),
    "Operation was canceled": (Cancelled, "cancelled"),
    "Operation was cancelled": (Cancelled, "cancelled"),
    "Device busy": (DeviceBusy, "busy"),
    "Invalid argument": (Refused, "invalid"),
    "End of file reached": (BadAnswer, "cut-short"),
    "Document feeder jammed": (MediaJammed, "jam"),
    "Document feeder out of documents": (FeederEmpty, "feeder-empty"),
    "Scanner cover is open": (CoverOpen, "cover-open"),
    "Error during device I/O": (DeviceGone, "io-error"),
    "Out of memory": (HardwareFault, "no-memory"),
    "Access to resource has been denied": (NotAllowed, "not-allowed"),
}


def error_of(says: str) -> DriverError:
    """The error; one that SANE does not know is the driver's own fault."""
    kind, code = _ERRORS.get(says, (HardwareFault, "driver-failed"))
    return kind(code, "" if says in _ERRORS else says)
