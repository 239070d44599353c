"""A device that the kernel gives as a file, as usblp does for printers (/dev/usb/lp0)."""

from __future__ import annotations

import contextlib
import errno
import os
import select
import stat
import termios
import time
import tty

from drivers.errors import DeviceGone, NoAnswer
from drivers.wire.address import Address


class DeviceFile:
    """Opened for reading too where the device can answer. A pipe and a plain file only take: opened for reading, they
    would give back what was written, as if the device said it.
    """

    def __init__(self, address: Address, write_timeout: float) -> None:
        self._write_timeout = write_timeout
        self._handle = -1
        self._readable = True
        try:
            kind = os.stat(address.path).st_mode
            self._readable = not (stat.S_ISFIFO(kind) or stat.S_ISREG(kind))
            self._handle = self._open(address.path)
            if os.isatty(self._handle):  # a terminal would echo, and change line feeds
                tty.setraw(self._handle)
        except (OSError, ValueError, termios.error) as error:  # ValueError: a name with a zero byte
            self.close()
            why = {errno.EBUSY: "in-use", errno.EACCES: "not-allowed", errno.EPERM: "not-allowed"}
            raise DeviceGone(why.get(getattr(error, "errno", 0), "gone"), type(error).__name__) from error

    def _open(self, path: str) -> int:
        flags = os.O_NONBLOCK | os.O_NOCTTY
        if self._readable:
            try:
                return os.open(path, os.O_RDWR | flags)
            except PermissionError:
                self._readable = False
        return os.open(path, os.O_WRONLY | os.O_APPEND | flags)

    def write(self, data: bytes) -> None:
        """See Wire."""
        left, deadline = memoryview(data), time.monotonic() + self._write_timeout
        while left:
            wait = deadline - time.monotonic()
            if wait <= 0:
                raise NoAnswer()
            try:
                if select.select([], [self._handle], [], wait)[1]:
                    written = os.write(self._handle, left)
                    left = left[written:]
                    deadline = time.monotonic() + self._write_timeout
            except BlockingIOError:
                time.sleep(0.01)  # usblp says writable while its one buffer is still on the way
            except (OSError, ValueError) as error:
                raise DeviceGone(detail=type(error).__name__) from error

    def read(self, timeout: float) -> bytes:
        """See Wire."""
        if not self._readable:
            time.sleep(timeout)
            return b""
        try:
            if not select.select([self._handle], [], [], timeout)[0]:
                return b""
            data = os.read(self._handle, 65536)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise DeviceGone(detail=type(error).__name__) from error
        if not data:  # usblp gives an empty read where the printer has nothing to say
            time.sleep(min(timeout, 0.05))
        return data

    def drain(self) -> None:
        """See Wire."""
        while self.read(0):
            pass

    def close(self) -> None:
        """See Wire."""
        with contextlib.suppress(OSError):
            if self._handle >= 0:
                os.close(self._handle)
        self._handle = -1
