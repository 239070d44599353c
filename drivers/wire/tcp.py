"""A device on the network that takes bytes on a port (9100, "raw", is the printers')."""

from __future__ import annotations

import contextlib
import select
import socket

from drivers.errors import DeviceGone, NoAnswer
from drivers.wire.address import Address


class TcpLine:
    """One connection; many devices take only one at a time."""

    def __init__(self, address: Address, write_timeout: float) -> None:
        self._write_timeout = write_timeout
        try:
            self._socket = socket.create_connection(address.host_port, timeout=write_timeout)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except (OSError, UnicodeError) as error:  # UnicodeError: a name that can be no host's
            raise DeviceGone("offline", type(error).__name__) from error

    def write(self, data: bytes) -> None:
        """See Wire."""
        left = memoryview(data)
        try:
            self._socket.settimeout(self._write_timeout)  # for each piece: a slow printer that goes on is not stuck
            while left:
                left = left[self._socket.send(left) :]
        except TimeoutError as error:
            raise NoAnswer() from error
        except OSError as error:
            raise DeviceGone("offline", type(error).__name__) from error

    def read(self, timeout: float) -> bytes:
        """See Wire."""
        try:
            self._socket.settimeout(max(timeout, 0.000_1))  # 0 would mean "do not wait" and raise
            data = self._socket.recv(65536)
        except TimeoutError:
            return b""
        except OSError as error:
            raise DeviceGone("offline", type(error).__name__) from error
        if not data:
            raise DeviceGone("offline", "closed")
        return data

    def drain(self) -> None:
        """See Wire."""
        while select.select([self._socket], [], [], 0)[0]:
            self.read(0)

    def close(self) -> None:
        """See Wire."""
        with contextlib.suppress(OSError):  # closed with something unread, TCP would take back what is on its way
            self._socket.shutdown(socket.SHUT_WR)
            self._socket.setblocking(False)
            self._socket.recv(65536)
        with contextlib.suppress(OSError):
            self._socket.close()
