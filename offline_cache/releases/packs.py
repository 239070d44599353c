"""Unpacking a bundle or a patch: no further than what was signed of each file in it."""

from __future__ import annotations

import io

from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdDict, ZstdError
from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import TargetFile

#: zstd: 2 to this is the longest window taken (contract.releases.LARGEST_PACK)
WINDOW = 28


class BadPack(Exception):
    """A pack that is not what was signed, or not of the release it is applied to: take the files one by one."""


class Pack:
    """The files of a pack, one after the other."""

    def __init__(self, packed: bytes, prefix: bytes = b"") -> None:
        """`prefix` is the release a patch was made from, laid out."""
        dictionary = ZstdDict(prefix, is_raw=True).as_prefix if len(prefix) >= 8 else None
        self._zstd = ZstdDecompressor(zstd_dict=dictionary, options={DecompressionParameter.window_log_max: WINDOW})
        self._rest = packed

    def take(self, target: TargetFile) -> bytes:
        """The next file, which is `target` to the last byte. Raises BadPack."""
        content = self._read(target.length)
        try:
            target.verify_length_and_hashes(io.BytesIO(content))
        except LengthOrHashMismatchError:
            raise BadPack(f"{target.path} comes out wrong") from None
        return content

    def end(self) -> None:
        """Nothing follows. Raises BadPack."""
        if self._read(1) or not self._zstd.eof or self._zstd.unused_data:
            raise BadPack("it holds more, or less, than was signed")

    def _read(self, length: int) -> bytes:
        pieces = []
        while length and not self._zstd.eof:
            try:
                piece = self._zstd.decompress(self._rest, max_length=length)
            except ZstdError as error:
                raise BadPack(str(error)) from None
            self._rest = b""
            if not piece:
                break
            pieces.append(piece)
            length -= len(piece)
        return b"".join(pieces)
