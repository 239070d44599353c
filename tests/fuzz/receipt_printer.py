"""Attack on the receipt printer: its answers, the text of receipts on every model, and text files."""

from __future__ import annotations

from drivers.receipt_printer.characters import clean, in_font, width
from drivers.receipt_printer.document import Feed, Field, Heading, Qr, Receipt, Text
from drivers.receipt_printer.encode import encode_for
from drivers.receipt_printer.layout import wrap
from drivers.receipt_printer.profile import models, profile
from drivers.receipt_printer.status import AnswerDecoder, RealTime, Unsolicited, answers_of, believed
from drivers.receipt_printer.text_file import read_receipt

DECLARED = (ValueError,)  # bytes that are no text, a QR code nobody could read
SEEDS = [
    b"\x00\x12\x10\x00\x0c\x00\x0f\x11\x13\x37\x25\x00\x16",
    b"\x01" + "# 受理凭证\n---\n姓名：张𠮷\n\n[QR: https://example.invalid/1]\n费用: ￥12.50。".encode(),
    b"\x02" + "e\u0301 \ud7ff ｱ 😀 \ue000 €\t\x1b@".encode(),
    b"\x03" + "中文abc".encode("gb18030"),
]
_MOST = 100  # characters
# A drawn line takes 2 ms, instrumented 10: one input in so many is encoded, a few of its characters.
_ENCODED, _FEW = 64, 8


def _answers(data: bytes) -> None:
    """In one piece or byte by byte, the same answers."""
    whole, pieces = AnswerDecoder(), AnswerDecoder()
    found = list(whole.feed(data))
    assert found == [answer for byte in data for answer in pieces.feed(bytes((byte,)))]
    for answer in found:
        if isinstance(answer, Unsolicited):
            assert len(answer.block) == 4
            believed(answers_of(answer.block))
    real = [answer.byte for answer in found if isinstance(answer, RealTime)]
    believed(dict(enumerate(real[:4], 1)))


def _text(data: bytes) -> None:
    text = data.decode("utf-8", "surrogatepass" if data[:1] == b"s" else "replace")[:_MOST]
    model = profile(models()[len(text) % len(models())])
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    for line in wrap(cleaned, model.columns):
        assert width(line) <= model.columns
        bytes_of = in_font(line, model.font)
        assert bytes_of is None or min(bytes_of, default=32) >= 32, "a command"
    if sum(data) % _ENCODED == 0:
        few = text[:_FEW]
        encoded = encode_for(Receipt([Heading(few), Text(few), Field(few, few)]), model)
        assert encoded.data.startswith(b"\x1b@")


def one_input(data: bytes) -> None:
    """The first byte picks what is attacked."""
    if not data:
        return
    match data[0] % 3:
        case 0:
            _answers(data[1:])
        case 1:
            receipt = read_receipt(data[1 : 4 * _MOST])
            assert all(not isinstance(line, Qr) or line.text for line in receipt.lines)
            assert all(not isinstance(line, Feed) or line.lines == 1 for line in receipt.lines)
        case _:
            _text(data[1:])
