"""The answer of a relay board, found in whatever the wire gave."""

from __future__ import annotations

from drivers.errors import BadAnswer
from drivers.lamps import codec

DECLARED = (BadAnswer,)
_REQUESTS = (codec.write_coil(1, 3, True), codec.read_coils(1, 0, 8), codec.read_coils(1, 0, 19))


def one_input(data: bytes) -> None:
    data = data[:1024]  # the device keeps no more
    for request in _REQUESTS:
        found = codec.answer_to(request, data)
        if found is None:
            codec.damage(request, data)
        elif request[1] == codec.READ_COILS:
            count = int.from_bytes(request[4:6], "big")
            assert len(codec.coils(found, 0, count)) == count
        else:
            assert found == request[2:6] and request in data


SEEDS: list[bytes] = [
    *_REQUESTS,
    b"\x00\xff" + codec.write_coil(1, 3, True)[:4] + codec.write_coil(1, 3, True),
    (body := b"\x01\x01\x01\x05") + codec.crc16(body),
    (body := b"\x01\x01\x03\x05\x80\x01") + codec.crc16(body),
    (body := b"\x01\x85\x06") + codec.crc16(body),
    (body := b"\x01\x81\x02") + codec.crc16(body),
]
