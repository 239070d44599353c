"""Talking to a SAM over any wire: one request, its own answer, each wait with a limit."""

from __future__ import annotations

import contextlib
import threading
import time

from drivers.errors import BadAnswer, NoAnswer
from drivers.id_card import codec, frames
from drivers.id_card.codec import IdCard
from drivers.id_card.frames import Answer, Damaged, FrameDecoder
from drivers.id_card.sam_number import decode_sam_number
from drivers.id_card.status_words import ERRORS, SUCCESS, CommandRefused, StatusWordError, Sw, check
from drivers.wire import Wire

# find, select and status answer within 100 ms on hardware; 1 s leaves room for a USB hub waking up.
ANSWER_TIMEOUT = 1.0
# text and photo take 0.8-1.2 s on hardware.
READ_TIMEOUT = 3.0
# A reset runs the self test again.
RESET_TIMEOUT = 1.5
# Behind a damaged frame a good one may follow at once (noise, two frames glued); longer is no use waiting.
DAMAGE_GRACE = 0.2
# A frame that comes in pieces is not late while they come: 1300 bytes take 7 s over some adapters. Both in seconds.
FRAME_PAUSE = 0.5
FRAME_MOST = 15.0
# So often a wait looks whether stop() was called, and whether a half frame will ever end.
_SLICE = 0.05


class Stopped(NoAnswer):
    """stop() ended the wait."""

    code = "stopped"


# A reader that does not know the command of a fingerprint.
_NOT_SUPPORTED = (Sw.BAD_COMMAND, Sw.UNKNOWN, Sw.BAD_LENGTH, Sw.NO_SUCH_ITEM)
# What SAM_STATUS never answers: words about a card.
_OF_A_CARD = (Sw.CARD_FOUND, Sw.NO_CARD, Sw.SELECT_FAILED, Sw.NO_SUCH_ITEM, Sw.READ_FAILED)
# What FIND_CARD says when the reader itself is in trouble; any other failure means that no card was found.
_OF_THE_READER = (
    Sw.BAD_CHECKSUM, Sw.BAD_LENGTH, Sw.BAD_COMMAND, Sw.UNKNOWN, Sw.SELF_TEST_FAILED, Sw.NOT_AUTHORISED,
)  # fmt: skip


def _fits(request: bytes, answer: Answer) -> bool:
    """Whether an answer can belong to this request. The frames do not say; their words and lengths differ."""
    size = len(answer.data)
    if request in (frames.SAM_STATUS, frames.RESET_SAM):
        return size == 0 and answer.sw3 not in _OF_A_CARD
    if answer.sw3 not in SUCCESS:
        return True
    if request == frames.FIND_CARD or answer.sw3 == Sw.CARD_FOUND:
        return request == frames.FIND_CARD and answer.sw3 == Sw.CARD_FOUND
    match request:
        case frames.SAM_ID:
            return 16 <= size < 64
        case frames.SELECT_CARD:
            return size < 16
        case frames.READ_BASE | frames.READ_BASE_FINGERPRINT:
            return size > 256
        case frames.READ_NEW_ADDRESS:
            return 8 < size < 1024
        case _:
            return True


class Sam:
    """A SAM behind an open wire. Every method raises DeviceGone, NoAnswer, BadAnswer or a StatusWordError."""

    def __init__(self, wire: Wire, stopping: threading.Event) -> None:
        self._wire = wire
        self._stopping = stopping
        self._decoder = FrameDecoder()
        self._reads_fingerprints = self._reads_addresses = True  # until it says that it does not know the command
        self._tells_status = True
        self._owed = False  # a request timed out: its answer may still come

    def ask(self, request: bytes, timeout: float = ANSWER_TIMEOUT) -> Answer:
        """The answer to this request, whatever its status word. What came for an earlier one is thrown away."""
        if self._owed and self._tells_status:
            # A reader answers in order, and nothing else looks like the answer of SAM_STATUS: once that is here, an
            # answer that is late cannot be taken for that of the next request, or one card for another.
            self._exchange(frames.SAM_STATUS, ANSWER_TIMEOUT)
        try:
            answer = self._exchange(request, timeout)
            if answer.sw3 != Sw.BAD_CHECKSUM or request == frames.FIND_CARD:  # find is asked again anyway, not so soon
                return answer
        except BadAnswer as error:
            if error.code not in ("bad-checksum", "bad-length") or request == frames.FIND_CARD:
                raise
        return self._exchange(request, timeout)  # the line damaged what one of both said: no fault of the card

    def _exchange(self, request: bytes, timeout: float) -> Answer:
        self._decoder.clear()
        self._wire.drain()
        self._owed = True
        self._wire.write(request)
        answer = self._await(request, timeout)
        self._owed = False
        return answer

    def _await(self, request: bytes, timeout: float) -> Answer:
        deadline = time.monotonic() + timeout
        latest = deadline + FRAME_MOST
        trouble = ""
        while (left := deadline - time.monotonic()) > 0:
            if self._stopping.is_set():
                raise Stopped()
            data = self._wire.read(min(left, _SLICE))
            trouble = trouble or ("garbage" if data else "")
            for answer in self._decoder.feed(data) if data else self._decoder.give_up_half():
                if isinstance(answer, Damaged):
                    trouble = answer.reason
                    deadline = min(deadline, time.monotonic() + DAMAGE_GRACE)
                elif _fits(request, answer):
                    return answer
                else:
                    trouble = ""  # an earlier request's: late, not garbled
            if data and self._decoder.begun:
                deadline = min(latest, max(deadline, time.monotonic() + FRAME_PAUSE))
        if trouble:
            raise BadAnswer(trouble)
        raise NoAnswer()

    def status(self) -> None:
        """Returns when the SAM says that it can work. Raises SelfTestFailed, NotAuthorised, …"""
        try:
            with contextlib.suppress(CommandRefused):  # one that does not know the command took it, and so works
                check(self.ask(frames.SAM_STATUS))
        except Stopped:
            raise
        except NoAnswer:
            # A reader may know no more than find, select and read. Select tells that it is there: without a find
            # before it does nothing, while a find would use up the one time that some readers tell of a card.
            self._tells_status = False
            with contextlib.suppress(StatusWordError):
                if not self.select():  # that was the answer to SAM_STATUS, too late
                    raise

    def number(self) -> str:
        """See sam_number.py; "" of a reader that does not even tell its status."""
        return decode_sam_number(check(self.ask(frames.SAM_ID)).data) if self._tells_status else ""

    def reset(self) -> None:
        """Begin anew. The SAM runs its self test."""
        check(self.ask(frames.RESET_SAM, RESET_TIMEOUT))

    def limit_rf_bytes(self, count: int) -> None:
        """Limit a radio frame to so many bytes."""
        check(self.ask(frames.max_rf_bytes(count)))

    def find(self) -> bool:
        """Whether a card lies there that this reader still tells of; some tell only once for each placing."""
        answer = self.ask(frames.FIND_CARD)
        known = answer.sw3 in SUCCESS or answer.sw3 in ERRORS
        if answer.sw3 in _OF_THE_READER or not known:
            check(answer)
        return answer.sw3 == Sw.CARD_FOUND

    def select(self) -> bytes:
        """Select the card that was found; its serial number, which many cards give as zeros."""
        return check(self.ask(frames.SELECT_CARD)).data

    def read_base(self, fingerprint: bool = False) -> IdCard:
        """Text and photo of the selected card, and the fingerprint where the reader can. Raises CardUnreadable too."""
        if fingerprint and self._reads_fingerprints:
            answer = self.ask(frames.READ_BASE_FINGERPRINT, READ_TIMEOUT)
            if answer.sw3 not in _NOT_SUPPORTED:
                return codec.decode_base_fingerprint(check(answer).data)
            self._reads_fingerprints = False
        return codec.decode_base(check(self.ask(frames.READ_BASE, READ_TIMEOUT)).data)

    def new_address(self) -> str | None:
        """The newest appended address, "" where the card has none, None where the reader does not know the command.
        Raises CardUnreadable too.
        """
        if not self._reads_addresses:
            return None
        answer = self.ask(frames.READ_NEW_ADDRESS)
        if answer.sw3 in (Sw.BAD_COMMAND, Sw.UNKNOWN):
            self._reads_addresses = False
            return None
        return "" if answer.sw3 == Sw.NO_SUCH_ITEM else codec.decode_new_address(check(answer).data)

    def still_readable(self) -> bool:
        """Whether the card that was selected still answers, as far as asking for an address can tell."""
        return self.ask(frames.READ_NEW_ADDRESS).sw3 in (Sw.OK, Sw.NO_SUCH_ITEM)
