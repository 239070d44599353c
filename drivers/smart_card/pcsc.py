"""PC/SC by pyscard's thin layer, its result codes as errors. Any call here may block for ever when pcscd or a chip
hangs: only the worker process makes them (watch.py), and whoever started it ends it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from smartcard import scard

from drivers.errors import CardUnreadable, DeviceGone, DriverError
from drivers.smart_card.apdu import Chip

PNP = "\\\\?PnP?\\Notification"
_PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
PRESENT = scard.SCARD_STATE_PRESENT
# Another program is connected, or keeps all others out.
IN_USE, EXCLUSIVE = scard.SCARD_STATE_INUSE, scard.SCARD_STATE_EXCLUSIVE
# A chip bounces in the slot and fails its first reset; upside down it fails every one.
CONNECT_TRIES = 3
CONNECT_PAUSE = 0.2
# A reader that is listed and unknown at once is being unplugged.
_UNPLUGGED_PAUSE = 0.1

_NO_READER = (
    scard.SCARD_E_READER_UNAVAILABLE,
    scard.SCARD_E_UNKNOWN_READER,
    scard.SCARD_E_NO_READERS_AVAILABLE,
)
_LIFTED = (scard.SCARD_W_REMOVED_CARD, scard.SCARD_E_NO_SMARTCARD)
# No answer to reset, or one that is no processor's: upside down, broken, or another kind of card.
_MUTE = (
    scard.SCARD_W_UNRESPONSIVE_CARD,
    scard.SCARD_W_UNPOWERED_CARD,
    scard.SCARD_W_UNSUPPORTED_CARD,
    scard.SCARD_E_CARD_UNSUPPORTED,
    scard.SCARD_E_PROTO_MISMATCH,
)
# Somebody else holds the reader, or reset the chip under us.
_IN_USE = (scard.SCARD_E_SHARING_VIOLATION, scard.SCARD_W_RESET_CARD)
_SERVICE = (
    scard.SCARD_E_NO_SERVICE,
    scard.SCARD_E_SERVICE_STOPPED,
    scard.SCARD_E_INVALID_HANDLE,
    scard.SCARD_F_INTERNAL_ERROR,
)


class NoService(DeviceGone):
    """pcscd does not run, or ended."""

    code = "no-service"


class NoReader(DeviceGone):
    """The reader was unplugged."""

    code = "no-reader"


class InUse(DriverError):
    """Another program holds the reader."""

    code = "in-use"


def _hex(result: int) -> str:
    return f"{result & 0xFFFFFFFF:08x}"


def _check(result: int) -> None:
    """Raise what a result code of a chip's connection means. The code itself is no secret."""
    if result == scard.SCARD_S_SUCCESS:
        return
    detail = _hex(result)
    if result in _SERVICE:
        raise NoService(detail=detail)
    if result in _NO_READER:
        raise NoReader(detail=detail)
    if result in _IN_USE:
        raise InUse(detail=detail)
    if result in _LIFTED:
        raise CardUnreadable("lifted-early", detail)
    if result in _MUTE:
        raise CardUnreadable("mute", detail)
    raise CardUnreadable(detail=detail)


class Service:
    """A connection to pcscd. Raises NoService anywhere when it ends."""

    def __init__(self) -> None:
        result, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        if result != scard.SCARD_S_SUCCESS:
            raise NoService(detail=_hex(result))
        self._plugged = scard.SCARD_STATE_UNAWARE  # newer pcscd counts the readers in this state

    def __enter__(self) -> Service:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        scard.SCardReleaseContext(self._context)

    def readers(self) -> list[str]:
        """The readers' names, those with a contact before those without (PICC, CL, Contactless)."""
        result, names = scard.SCardListReaders(self._context, [])
        if result in _NO_READER:
            return []
        if result != scard.SCARD_S_SUCCESS:  # a pcscd that ended shows as any of half a dozen codes
            raise NoService(detail=_hex(result))

        def contactless(name: str) -> bool:
            return any(word in name.upper().replace("-", " ").split() for word in ("PICC", "CL", "CONTACTLESS", "NFC"))

        return sorted(names, key=contactless)

    def changes(self, known: Mapping[str, int], seconds: float) -> dict[str, int]:
        """The readers' states once one of them is another than known, or when the time is over."""
        asked: list[Any] = [(PNP, self._plugged), *known.items()]
        result, states = scard.SCardGetStatusChange(self._context, round(seconds * 1000), asked)
        if result in _NO_READER:
            time.sleep(_UNPLUGGED_PAUSE)
        elif result not in (scard.SCARD_S_SUCCESS, scard.SCARD_E_TIMEOUT):
            raise NoService(detail=_hex(result))
        found = {name: state & ~scard.SCARD_STATE_CHANGED for name, state, _ in states}
        self._plugged = found.pop(PNP, scard.SCARD_STATE_UNAWARE)
        return found

    def connect(self, reader: str, reset: bool = False) -> Connection:
        """Power the chip, or reset it, and connect; alone where nobody else is connected. Raises InUse, NoReader,
        CardUnreadable."""
        for left in reversed(range(CONNECT_TRIES)):
            for sharing in (scard.SCARD_SHARE_EXCLUSIVE, scard.SCARD_SHARE_SHARED):
                result, handle, protocol = scard.SCardConnect(self._context, reader, sharing, _PROTOCOLS)
                if result != scard.SCARD_E_SHARING_VIOLATION:
                    break
            if result == scard.SCARD_S_SUCCESS and reset:
                result, protocol = scard.SCardReconnect(handle, sharing, _PROTOCOLS, scard.SCARD_RESET_CARD)
                if result != scard.SCARD_S_SUCCESS:
                    scard.SCardDisconnect(handle, scard.SCARD_LEAVE_CARD)
            if result not in _MUTE or not left:
                break
            time.sleep(CONNECT_PAUSE)
        _check(result)
        return Connection(handle, protocol)


class Connection:
    """A powered chip in a reader."""

    def __init__(self, handle: int, protocol: int) -> None:
        self._handle = handle
        self._protocol = protocol

    def chip(self, before: Callable[[], None]) -> Chip:
        """The chip to talk to; `before` is called before each command."""
        t0 = self._protocol == scard.SCARD_PROTOCOL_T0
        header = scard.SCARD_PCI_T0 if t0 else scard.SCARD_PCI_T1

        def transmit(command: bytes) -> bytes:
            before()
            result, answer = scard.SCardTransmit(self._handle, header, list(command))
            _check(result)
            # pyscard gives signed bytes on some builds
            return bytes(byte & 0xFF for byte in answer)

        return Chip(transmit, t0)

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the reader go. The chip stays as it is: pcscd powers it off by itself, and a reset of one that has just
        left confuses virtual slots."""
        scard.SCardDisconnect(self._handle, scard.SCARD_LEAVE_CARD)
