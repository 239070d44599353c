"""Attack on what a card reader says: frames in pieces, the text of a card, its newest address, HID reports."""

from __future__ import annotations

from drivers.errors import BadAnswer, CardUnreadable
from drivers.id_card.codec import (
    ADDRESS_LENGTH,
    TEXT_LENGTH,
    IdCard,
    decode_base,
    decode_base_fingerprint,
    decode_new_address,
)
from drivers.id_card.frames import MAX_LENGTH, Answer, FrameDecoder, encode_request
from drivers.id_card.sam_number import decode_sam_number
from drivers.id_card.status_words import StatusWordError, check
from drivers.wire.hid_reports import REPORT, Packets

DECLARED = (BadAnswer, CardUnreadable, StatusWordError)
_TEXT = (
    "测试甲".ljust(15) + "2" + "11" + "19900228" + "某省某市某区某路1号".ljust(35) + "110101199002280022"
    + "某市公安局".ljust(15) + "20200101" + "长期".ljust(8) + " " * 18
).encode("utf-16-le")  # fmt: skip
_OF_2023 = (
    "测试".ljust(15) + "1" + "01" + "19900228" + "TEST, PERSON".ljust(35) + "911999199002280016" + " " * 15
    + "20240101" + "20340101" + " " * 11 + "XXX" + "Y" + "018" + "  "
).encode("utf-16-le")  # fmt: skip


def _answer(data: bytes) -> bytes:
    # an answer is built as a request is: two bytes and the rest, all counted and all in the checksum
    return encode_request(0, 0, b"\x90" + data)


SEEDS = [
    _answer(b"\x01\x00\x04\x00" + _TEXT[:TEXT_LENGTH] + bytes(1024)),
    _answer(b"\x01\x00\x04\x00\x02\x00" + _OF_2023[:TEXT_LENGTH] + bytes(1024 + 512)),
    _answer("某市新路2号".ljust(35).encode("utf-16-le")),
    _answer(bytes.fromhex("05000100872D330139300000A6020000")),
    encode_request(0, 0, b"\x80"),
    *Packets(REPORT, 0xB1).cut(encode_request(0x20, 0x01)),
]


def one_input(data: bytes) -> None:
    """Frames survive being cut anywhere; no decoder raises what it does not declare, whatever its order."""
    joined = Packets(REPORT, 0xB1).join(data[:REPORT])
    assert joined is None or len(joined) <= REPORT
    whole = [found for found in FrameDecoder().feed(data) if isinstance(found, Answer)]
    in_pieces = FrameDecoder()
    pieces = [found for at in range(0, len(data), 7) for found in in_pieces.feed(data[at : at + 7])]
    assert [found for found in pieces if isinstance(found, Answer)] == whole
    list(in_pieces.give_up_half())
    assert len(in_pieces._buffer) <= MAX_LENGTH + 7
    refused: BaseException | None = None
    for answer in whole or [Answer(b"\0\0\x90", data)]:
        for decode in (check, _card, _card_with_fingerprint, _address, _sam):
            try:
                decode(answer)
            except DECLARED as error:
                refused = error
    if refused is not None:
        raise refused


def _card(answer: Answer) -> None:
    _whole(decode_base(answer.data))


def _card_with_fingerprint(answer: Answer) -> None:
    _whole(decode_base_fingerprint(answer.data))


def _whole(card: IdCard) -> None:
    assert card.number and (card.name or card.english_name)
    assert card.current_address == card.address and isinstance(card.number_checks, bool)
    assert card.number not in repr(card)


def _address(answer: Answer) -> None:
    assert len(decode_new_address(answer.data)) <= ADDRESS_LENGTH // 2


def _sam(answer: Answer) -> None:
    assert decode_sam_number(answer.data).count("-") == 3
