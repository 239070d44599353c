"""One receipt over an open wire: ask, send, and learn what became of it."""

from __future__ import annotations

import time

from drivers.errors import DeviceGone, DriverError, NoAnswer
from drivers.printing import PrintOutcome
from drivers.receipt_printer.conversation import Conversation
from drivers.receipt_printer.encode import Encoded
from drivers.receipt_printer.profile import Profile
from drivers.receipt_printer.status import GS_R_PAPER, InTurn, RealTime, believed, dle_eot
from drivers.status import DeviceState, DeviceStatus, PaperState

# A printer that is busy with the end of something is waited for so long before it is told as busy.
_BUSY_TIME = 2.0
_ASK_AGAIN = 0.2
# A printer that has not finished is asked so often whether it stopped.
_CHECK = 0.5
# Heating up, and the cut, beside the time for the length of the paper.
_START_AND_CUT = 0.7
_DOTS_MM = 8
# What ends a picture or a code that a broken connection left half: 54 rows of 80 bytes are the largest. Outside of one
# the command reference has no use for zeros, and printers pass over them.
_FILL = b"\0" * 4400
_CUT_OFF = b"\x1b@\n\x1bd\x06\x1dV\x00"


def reason(status: DeviceStatus) -> str:
    """Why a printer in this status does not print."""
    return status.detail or status.device.value


def failed(error: DriverError) -> PrintOutcome:
    """Nothing was sent. For a caller every kind of "gone" is offline."""
    return PrintOutcome("failed", *_words(error))


def _words(error: DriverError) -> tuple[str, str]:
    return ("offline", error.code) if isinstance(error, DeviceGone) and error.code != "offline" else (error.code, "")


class Jobs:
    """The receipts of one printer, one after the other, and what must be known of the one before."""

    def __init__(self, model: Profile, print_time: float, byte_time: float = 0.0, stream: bool = False) -> None:
        """`byte_time` is what a byte takes on the wire, seconds. A `stream` is a wire that an earlier program may have
        left in the middle of something: all but TCP.
        """
        self._model, self._print_time, self._byte_time = model, print_time, byte_time
        self._half_possible = stream
        self._questions = model.dle_eot  # without those that it does not know
        # whether GS r is answered; None: to be asked
        self._in_turn = {"yes": True, "no": False}.get(model.gs_r)
        # whether it may still hold something of an earlier receipt
        self._unclean = False

    def ask(self, talk: Conversation) -> DeviceStatus:
        """What the printer says. Raises DeviceGone, NoAnswer, BadAnswer."""
        if not self._model.dle_eot:  # only that its port opens is known
            return DeviceStatus(DeviceState.ONLINE, "not-reported", paper=PaperState.UNKNOWN)
        try:
            answers = talk.ask(self._questions)
        except NoAnswer:
            self._questions = self._model.dle_eot  # another printer may stand there when it answers again
            if not self._half_possible:
                raise
            # half a picture of a program that was ended may swallow the questions
            self._half_possible, self._unclean = False, True
            talk.wire.write(_FILL)
            answers = talk.ask(self._questions)
        self._half_possible, self._questions = False, tuple(answers)
        return believed(answers, self._model.near_end, self._model.cover)

    def run(self, talk: Conversation, encoded: Encoded) -> PrintOutcome:
        """Print. Raises DriverError only as long as nothing was sent."""
        before = b""
        if self._model.answers:
            status = self._free(talk)
            if not status.usable:
                return PrintOutcome("failed", reason(status))
        if self._unclean:
            before = self._clean(talk)
        if self._model.answers and self._in_turn is None:
            self._in_turn = talk.answers_in_turn()
        outcome = self._send(talk, before + encoded.data, encoded.dots)
        if outcome.result != "confirmed" and self._model.gs_r == "ask":
            self._in_turn = None
        return outcome

    def _free(self, talk: Conversation) -> DeviceStatus:
        """Its status, as soon as it is not busy any more."""
        deadline = time.monotonic() + _BUSY_TIME
        while (status := self.ask(talk)).device is DeviceState.DEVICE_BUSY and time.monotonic() < deadline:
            time.sleep(_ASK_AGAIN)
        return status

    def _clean(self, talk: Conversation) -> bytes:
        """Make it forget; what must be sent first where it does not say that it did."""
        if self._model.clear and talk.clear():
            self._unclean = False
            return b""
        end = _FILL + (_CUT_OFF if self._model.cutter != "none" else _CUT_OFF[:-3])
        if not self._model.answers or self._in_turn is False:
            return end
        # it may still owe the answer to an older GS r, which would be taken for the next receipt's
        talk.wire.write(end + GS_R_PAPER)
        self._in_turn = talk.settled(self._print_time + len(end) * self._byte_time)
        return b""

    def _send(self, talk: Conversation, data: bytes, dots: int) -> PrintOutcome:
        self._unclean = True
        # written is not sent: the kernel holds 4 KB of a serial line, and adapters some more
        patience = self._print_time + min(len(data), 2 * len(_FILL)) * self._byte_time
        try:
            talk.turned = False
            talk.wire.write(data + (GS_R_PAPER if self._in_turn else b""))
            if not self._model.answers:
                self._unclean = False  # it took all of it; more is never known of this model
                return PrintOutcome("uncertain", "not-reported")
            if self._in_turn:
                trouble = self._worked_through(talk, patience)
                self._unclean = trouble is not None
                after, how = trouble or self.ask(talk), ""
            else:
                after, how = self._look_on(talk, dots, patience), "by-status"
            if not after.usable:
                self._forget(talk)
                return PrintOutcome("uncertain", reason(after))
            self._unclean = False
            return PrintOutcome("confirmed", "ok", f"{after.detail} {how}".strip())
        except NoAnswer:
            return PrintOutcome("uncertain", self._forget(talk))
        except DriverError as error:
            return PrintOutcome("uncertain", *_words(error))

    def _worked_through(self, talk: Conversation, patience: float) -> DeviceStatus | None:
        """Wait for the answer in its turn: None. A printer that says meanwhile why it stopped: its status, at once."""
        deadline, asking = time.monotonic() + patience, True
        while not talk.turned:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NoAnswer()
            try:
                talk.wait(InTurn, min(left, _CHECK) if asking else left)
            except NoAnswer:
                if not asking:
                    continue
                try:
                    status = self.ask(talk)
                except NoAnswer:  # some answer nothing while they print
                    asking = False
                    continue
                if not (status.usable or status.device is DeviceState.DEVICE_BUSY or talk.turned):
                    return status
        if not asking:
            talk.quiet()
        return None

    def _look_on(self, talk: Conversation, dots: int, patience: float) -> DeviceStatus:
        """The status over the time this length of paper takes, and after it; what is wrong ends it at once."""
        # answered behind the last byte: it has all of them. Not taken for more: dots of a picture can look like a
        # question to the printer, so what it says first may be no answer to this one.
        talk.wire.write(dle_eot(1))
        talk.wait(RealTime, patience)
        talk.quiet()
        now = time.monotonic()
        printed = now + min(_START_AND_CUT + dots / _DOTS_MM / self._model.speed, self._print_time)
        latest = now + self._print_time
        while True:
            status = self.ask(talk)
            busy = status.device is DeviceState.DEVICE_BUSY and time.monotonic() < latest
            if not busy and (not status.usable or time.monotonic() >= printed):
                return status
            time.sleep(_ASK_AGAIN)

    def _forget(self, talk: Conversation) -> str:
        """The printer stopped in the middle: learn why, and clear what it still holds."""
        try:
            status = self.ask(talk)
            if self._unclean and self._model.clear:
                self._unclean = not talk.clear()
            return "timeout" if status.usable else reason(status)
        except DriverError as error:
            return _words(error)[0]
