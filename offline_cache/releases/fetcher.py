"""TUF's fetcher over requests: the terminal's own CA, and a limit on every wait and on the whole."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import requests
from tuf.api.exceptions import DownloadError, DownloadHTTPError
from tuf.ngclient import FetcherInterface
from urllib3.exceptions import HTTPError

#: bytes read at once
PIECE = 64 * 1024


@dataclass(frozen=True)
class Patience:
    """How slow a server may be: it must not hold a terminal by sending a byte now and then.

    `connect` and `piece` are seconds to connect and to the next byte; in each `window` seconds of a file `least` bytes
    must come; everything one fetcher fetches must be there after `total` seconds.
    """

    connect: float = 3.0
    piece: float = 10.0
    window: float = 30.0
    least: int = 8 * 1024
    total: float = 3600.0


class Fetcher(FetcherInterface):
    """Fetches over HTTPS, trusting only the platform's `ca`; None is the system's own (for plain repositories).

    It is for one look at a repository: `patience.total` begins when it is made.
    """

    def __init__(self, ca: str | None, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        self._ends = time.monotonic() + self._patience.total
        self._session = requests.Session()
        self._session.verify = ca or True
        self._session.trust_env = False
        # nothing is unpacked but what was signed packed
        self._session.headers["Accept-Encoding"] = "identity"

    def _fetch(self, url: str) -> Iterator[bytes]:
        self._look_at_the_end()
        limits = (self._patience.connect, self._patience.piece)
        try:
            answer = self._session.get(url, stream=True, timeout=limits, allow_redirects=False)
        except requests.RequestException as error:
            raise DownloadError(type(error).__name__) from None
        if answer.status_code != 200:
            # read to its end, a short answer leaves the connection to the next request
            self._next(answer)
            answer.close()
            raise DownloadHTTPError(f"status {answer.status_code}", answer.status_code)
        return self._pieces(answer)

    def _pieces(self, answer: requests.Response) -> Iterator[bytes]:
        with answer:
            began, came = time.monotonic(), 0
            while piece := self._next(answer):
                yield piece
                came += len(piece)
                now = time.monotonic()
                if now - began >= self._patience.window:
                    if came < self._patience.least:
                        raise DownloadError("the server is too slow")
                    began, came = now, 0
                self._look_at_the_end()

    @staticmethod
    def _next(answer: requests.Response) -> bytes:
        try:
            # what has come by now: waiting for a whole piece, a trickle would keep us for hours
            return bytes(answer.raw.read1(PIECE, decode_content=False) or b"")
        except (HTTPError, OSError) as error:
            raise DownloadError(type(error).__name__) from None

    def _look_at_the_end(self) -> None:
        if time.monotonic() > self._ends:
            raise DownloadError("fetching takes too long")
