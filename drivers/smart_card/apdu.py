"""Commands to a card and their answers, ISO 7816-4, T=0 and T=1. Pure: the wire is a function handed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from drivers.errors import BadAnswer

# The only commands that may ever reach a card: SELECT, READ RECORD, GET RESPONSE, GET PROCESSING OPTIONS.
# VERIFY, EXTERNAL AUTHENTICATE and everything that writes could lock or change a citizen's card.
SELECT, READ_RECORD, GET_RESPONSE, GET_PROCESSING_OPTIONS = 0xA4, 0xB2, 0xC0, 0xA8
ALLOWED = {(0x00, SELECT), (0x00, READ_RECORD), (0x00, GET_RESPONSE), (0x80, GET_PROCESSING_OPTIONS)}

OK = 0x9000
# The record ended before Le bytes: the data is whole.
END_OF_RECORD = 0x6282
# ISO 7816-4: security status not satisfied, authentication blocked, conditions of use not satisfied.
LOCKED = (0x6982, 0x6983, 0x6985)
BLOCKED = 0x6283
WRONG_LENGTH = 0x6700
# The largest thing read is a certificate-bearing EMV record, 256 bytes; a card that never ends is a fault.
MAX_DATA = 4096
MAX_PARTS = 32


class ForbiddenCommand(Exception):
    """A programming mistake: a command outside ALLOWED was about to be sent."""


@dataclass(frozen=True)
class Command:
    """One command. `le` is how many bytes are expected, 0 for as many as there are, None for none."""

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = b""
    le: int | None = None

    def __post_init__(self) -> None:
        if (self.cla, self.ins) not in ALLOWED:
            raise ForbiddenCommand(f"{self.cla:02X} {self.ins:02X}")

    def __repr__(self) -> str:
        return f"Command({self.cla:02X} {self.ins:02X} …)"

    def encode(self, t0: bool = False) -> bytes:
        """The bytes. With T=0 a command with data has no Le: its answer is fetched with GET RESPONSE."""
        head = bytes((self.cla, self.ins, self.p1, self.p2))
        if self.data:
            head += bytes((len(self.data),)) + self.data
            return head if t0 or self.le is None else head + bytes((self.le,))
        return head + bytes((self.le or 0,))


@dataclass(frozen=True)
class Answer:
    """Status word and data. `data` may hold a person and is not shown."""

    sw: int
    data: bytes

    def __repr__(self) -> str:
        return f"Answer({self.sw:04X}, {len(self.data)} bytes)"

    @property
    def ok(self) -> bool:
        """Whether the data is there and whole."""
        return self.sw in (OK, END_OF_RECORD)


class Chip:
    """A powered card. `transmit` sends bytes and gives the answer's, or raises a DriverError."""

    def __init__(self, transmit: Callable[[bytes], bytes], t0: bool) -> None:
        self._transmit = transmit
        self._t0 = t0

    def _once(self, command: Command, t0: bool) -> Answer:
        raw = self._transmit(command.encode(t0))
        if len(raw) < 2:
            raise BadAnswer("short-answer", f"{len(raw)} bytes")
        if raw[-2] >> 4 not in (0x6, 0x9):  # ISO 7816-3: no other first byte is a status
            raise BadAnswer("bad-status", f"{len(raw)} bytes")
        return Answer(int.from_bytes(raw[-2:], "big"), raw[:-2])

    def ask(self, command: Command) -> Answer:
        """The whole answer: 6Cxx is asked again with Le xx, 61xx fetched until nothing is left, and where the card
        calls the length wrong the other form of it is tried once. Raises BadAnswer where it never ends.
        """
        answer = self._once(command, self._t0)
        if answer.sw == WRONG_LENGTH and command.le is not None:
            if command.data:
                answer = self._once(command, not self._t0)
            elif command.le:
                answer = self._once(replace(command, le=0), self._t0)
        if answer.sw >> 8 == 0x6C:
            command = replace(command, le=answer.sw & 0xFF)
            answer = self._once(command, t0=self._t0)
        data = answer.data
        for _ in range(MAX_PARTS):
            if len(data) > MAX_DATA:
                break
            if answer.sw >> 8 == 0x61:
                answer = self._once(Command(0x00, GET_RESPONSE, 0, 0, le=answer.sw & 0xFF), self._t0)
                if answer.sw >> 8 == 0x6C:
                    answer = self._once(Command(0x00, GET_RESPONSE, 0, 0, le=answer.sw & 0xFF), self._t0)
                data += answer.data
            else:
                return Answer(answer.sw, data)
        raise BadAnswer("endless-answer", f"{len(data)} bytes")

    def select_name(self, name: bytes, le: int | None = None) -> Answer:
        """SELECT an application by its name (AID)."""
        return self.ask(Command(0x00, SELECT, 0x04, 0x00, name, le))
