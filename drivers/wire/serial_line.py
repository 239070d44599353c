"""A serial line, also one that a USB adapter or a pty makes."""

from __future__ import annotations

import contextlib
import errno
import termios

import serial

from drivers.errors import DeviceGone, NoAnswer
from drivers.wire.address import Address

DEFAULT_BAUDRATE = 115200
# An unplugged port gives SerialException, EIO or termios.error.
_GONE = (OSError, termios.error, TypeError)


class SerialLine:
    """8N1 without flow control, opened for us alone: a second program would steal the answers."""

    def __init__(self, address: Address, write_timeout: float) -> None:
        baudrate = address.number("baudrate", DEFAULT_BAUDRATE)
        try:
            self._serial = serial.Serial(address.path, baudrate, timeout=0, write_timeout=write_timeout, exclusive=True)
        except (OSError, ValueError, termios.error) as error:
            raise DeviceGone(_why(error), type(error).__name__) from error

    def write(self, data: bytes) -> None:
        """See Wire."""
        try:
            self._serial.write(data)
        except serial.SerialTimeoutException as error:
            raise NoAnswer() from error
        except _GONE as error:
            raise DeviceGone(detail=type(error).__name__) from error

    def read(self, timeout: float) -> bytes:
        """See Wire."""
        try:
            self._serial.timeout = timeout
            first: bytes = self._serial.read(1)
            if not first:
                return b""
            self._serial.timeout = 0
            return first + bytes(self._serial.read(self._serial.in_waiting or 1))
        except _GONE as error:  # pyserial gives TypeError when it is closed by another thread
            raise DeviceGone(detail=type(error).__name__) from error

    def drain(self) -> None:
        """See Wire."""
        try:
            self._serial.reset_input_buffer()
        except _GONE as error:
            raise DeviceGone(detail=type(error).__name__) from error

    def close(self) -> None:
        """See Wire."""
        with contextlib.suppress(OSError, termios.error):
            self._serial.close()


def _why(error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number in (errno.EAGAIN, errno.EBUSY):
        return "in-use"
    return "not-allowed" if number in (errno.EACCES, errno.EPERM) else "gone"
