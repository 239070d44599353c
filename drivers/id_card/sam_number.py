"""The number of a SAM, as readers print it on their label."""

from __future__ import annotations

from drivers.errors import BadAnswer


def decode_sam_number(data: bytes) -> str:
    """The 16 bytes of a SAM id as "05.01-20131207-0000012345-0000000678". Raises BadAnswer."""
    if len(data) < 16:
        raise BadAnswer("bad-length", f"{len(data)} bytes of SAM id")
    day, serial, rest = (int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12))
    return f"{data[0]:02d}.{data[2]:02d}-{day:08d}-{serial:010d}-{rest:010d}"
