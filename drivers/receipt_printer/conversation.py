"""Questions and answers over one open wire.

python-escpos has connectors of its own (Network, Serial, Usb, File). They are right for sending and are not used here,
because of what they do when a printer does not behave: Network.open() and _read() wait up to 60 s and then raise bare
socket errors; Serial and Usb read a fixed number of bytes, so that a status block that came by itself is taken for the
answer; with no answer at all paper_status() says 2, plenty; File cannot read. drivers.wire bounds every wait and has
errors that say what happened.
"""

from __future__ import annotations

import time

from drivers.errors import BadAnswer, NoAnswer
from drivers.receipt_printer.status import (
    CLEAR_BUFFER,
    GS_R_PAPER,
    Answer,
    AnswerDecoder,
    Cleared,
    InTurn,
    RealTime,
    Stray,
    Unsolicited,
    dle_eot,
)
from drivers.wire import Wire

# A block that paused for so long in its middle has lost its rest. At 1200 baud a byte takes 8 ms.
_PAUSE = 0.5
# So many bytes no printer sends, in the wait for one answer, are not a disturbance any more.
_MOST_STRAY = 4
# Without whether it is online, and its paper, a printer is not asked at all.
_ALWAYS = (1, 4)
# An able printer whose buffer is empty answers GS r at once; 1 s is 50 times what the slowest serial line needs.
_PROBE = 1.0


class Conversation:
    """An open wire to a printer. Raises DeviceGone, NoAnswer and BadAnswer. One thread at a time."""

    def __init__(self, wire: Wire, timeout: float) -> None:
        self.wire = wire
        self._timeout = timeout
        self._decoder = AnswerDecoder()
        self.block: bytes | None = None  # the last status block that came by itself, until somebody takes it
        self.turned = False  # whether GS r was answered since somebody set this to False

    def listen(self, timeout: float) -> list[Answer]:
        """What comes within this time, as soon as something does."""
        data = self.wire.read(min(timeout, _PAUSE))
        if not data:
            if timeout >= _PAUSE:
                self._decoder.silence()
            return []
        answers = list(self._decoder.feed(data))
        for answer in answers:
            if isinstance(answer, Unsolicited):
                self.block = answer.block
            self.turned = self.turned or isinstance(answer, InTurn)
        return answers

    def wait(self, kind: type[RealTime] | type[InTurn] | type[Cleared], timeout: float) -> RealTime | InTurn | Cleared:
        """The next answer of this kind; what came by itself is passed over."""
        deadline, stray = time.monotonic() + timeout, 0
        while (left := deadline - time.monotonic()) > 0:
            for answer in self.listen(left):
                if isinstance(answer, kind):
                    return answer
                stray += isinstance(answer, Stray)
                if stray > _MOST_STRAY:
                    raise BadAnswer()
        raise NoAnswer()

    def ask(self, numbers: tuple[int, ...]) -> dict[int, int]:
        """DLE EOT, one at a time: the answers do not say which question they belong to. Some printers know only 1 and
        4; of the others those are left out that were not answered, where 1 still is.
        """
        answers = {}
        for number in numbers:
            try:
                answers[number] = self._ask(number)
            except NoAnswer:
                if number in _ALWAYS or 1 not in answers:
                    raise
                self._ask(1)
                self.quiet()  # an answer that was only late is not taken for the next one
        return answers

    def _ask(self, number: int) -> int:
        self.wire.write(dle_eot(number))
        answer = self.wait(RealTime, self._timeout)
        assert isinstance(answer, RealTime)
        return answer.byte

    def answers_in_turn(self) -> bool:
        """Whether it answers GS r. Only asked while it holds nothing: then an able printer answers at once."""
        self.wire.write(GS_R_PAPER)
        try:
            self.wait(InTurn, min(_PROBE, self._timeout))
        except NoAnswer:
            return False
        return True

    def settled(self, timeout: float) -> bool:
        """Whether it answers GS r, as often as it was asked: until no more answers come."""
        patience, answered = timeout, False
        try:
            while True:
                self.wait(InTurn, patience)
                patience, answered = 2 * _PROBE, True  # a cut and some paper may lie between two answers
        except NoAnswer:
            return answered

    def clear(self) -> bool:
        """Tell it to forget what it holds; whether it said that it did."""
        self.wire.write(CLEAR_BUFFER)
        try:
            self.wait(Cleared, min(_PROBE, self._timeout))
        except NoAnswer:
            return False
        return True

    def quiet(self) -> None:
        """Let answers that nobody waits for run out: dots of a picture can look like a question to the printer."""
        deadline = time.monotonic() + self._timeout
        while time.monotonic() < deadline and self.listen(0.1):
            pass
        self._decoder.silence()
