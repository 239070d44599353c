"""Modbus RTU, the two functions a lamp needs: bytes <-> values. Pure.

A frame is unit, function, data, CRC-16 (polynomial A001 reversed, start FFFF, low byte first).
"""

from __future__ import annotations

from collections.abc import Iterator

from drivers.errors import BadAnswer, ConfigError

READ_COILS = 0x01
WRITE_COIL = 0x05
# The highest coil a board may have, and the most a read may ask for (Application Protocol, 6.1).
MOST_COILS = 2000
HIGHEST_COIL = 0xFFFF
# A unit's own address; 0 is a broadcast that nobody answers (Serial Line, 2.2).
UNITS = range(1, 248)

_REFUSED = 0x80
# Exception code -> the code of BadAnswer (Application Protocol, 7).
_EXCEPTIONS = {1: "no-such-function", 2: "no-such-coil", 3: "bad-value", 4: "board-failed", 5: "busy", 6: "busy"}


def _entry(value: int) -> int:
    for _ in range(8):
        value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
    return value


_TABLE = tuple(_entry(value) for value in range(256))


def crc16(data: bytes) -> bytes:
    """The two bytes at a frame's end."""
    crc = 0xFFFF
    for byte in data:
        crc = crc >> 8 ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc.to_bytes(2, "little")


def _frame(unit: int, function: int, first: int, second: int) -> bytes:
    if unit not in UNITS or not 0 <= first <= HIGHEST_COIL:
        raise ConfigError(detail=f"a unit is 1 to {UNITS[-1]}, a coil 0 to {HIGHEST_COIL}")
    body = bytes([unit, function]) + first.to_bytes(2, "big") + second.to_bytes(2, "big")
    return body + crc16(body)


def write_coil(unit: int, coil: int, on: bool) -> bytes:
    """Switch one coil. Raises ConfigError."""
    return _frame(unit, WRITE_COIL, coil, 0xFF00 if on else 0x0000)


def read_coils(unit: int, first: int, count: int) -> bytes:
    """Ask `count` coils from `first` on. Raises ConfigError."""
    if not 1 <= count <= MOST_COILS:
        raise ConfigError(detail=f"the lights' coils lie more than {MOST_COILS} apart")
    return _frame(unit, READ_COILS, first, count)


def answer_to(request: bytes, heard: bytes) -> bytes | None:
    """The data of the answer to our own request, once it is whole somewhere in what was heard; else None.

    What belongs to nobody is skipped: noise, our own request echoed by a two-wire adapter, other units, an answer
    to something asked before. Raises BadAnswer when the board refuses ("busy" where trying again helps).
    """
    unit, function = request[0], request[1]
    size = -(-int.from_bytes(request[4:6], "big") // 8)
    for start in _places(heard, request[:2]):
        if function == WRITE_COIL:  # the answer is the request again
            body = request[:6]
        else:
            body = bytes([unit, function, size]) + heard[start + 3 : start + 3 + size]
        if _whole(heard, start, body):
            return body[2:] if function == WRITE_COIL else body[3:]
    for start in _places(heard, bytes([unit, function | _REFUSED])):
        body = heard[start : start + 3]
        if len(body) == 3 and _whole(heard, start, body):
            raise BadAnswer(_EXCEPTIONS.get(body[2], "refused"), f"exception {body[2]}")
    return None


def _places(heard: bytes, head: bytes) -> Iterator[int]:
    start = heard.find(head)
    while start >= 0:
        yield start
        start = heard.find(head, start + 1)


def _whole(heard: bytes, start: int, body: bytes) -> bool:
    return heard.startswith(body, start) and heard.startswith(crc16(body), start + len(body))


def damage(request: bytes, heard: bytes) -> BadAnswer | None:
    """Why there is no answer in what was heard; None where nothing was heard but our own request."""
    heard = heard.replace(request, b"")
    if not heard:
        return None
    return BadAnswer("bad-checksum" if heard.startswith(request[:2]) else "garbage")


def coils(data: bytes, first: int, count: int) -> dict[int, bool]:
    """The coils in the data of a read's answer. Raises BadAnswer where the data are too short."""
    if len(data) * 8 < count:
        raise BadAnswer("short")
    return {first + at: bool(data[at // 8] >> at % 8 & 1) for at in range(count)}
