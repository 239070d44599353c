"""TUF's fetcher over requests, with the terminal's own CA and a limit on every wait."""

from __future__ import annotations

from collections.abc import Iterator

import requests
from tuf.api.exceptions import DownloadError, DownloadHTTPError
from tuf.ngclient import FetcherInterface

#: seconds to connect, and between two pieces of an answer
CONNECT_SECONDS, PIECE_SECONDS = 3.0, 10.0


class Fetcher(FetcherInterface):
    """Fetches over HTTPS, trusting only the platform's CA."""

    def __init__(self, ca: str) -> None:
        self._session = requests.Session()
        self._session.verify = ca
        self._session.trust_env = False

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            answer = self._session.get(
                url, stream=True, timeout=(CONNECT_SECONDS, PIECE_SECONDS), allow_redirects=False
            )
        except requests.RequestException as error:
            raise DownloadError(type(error).__name__) from None
        if answer.status_code != 200:
            answer.close()
            raise DownloadHTTPError(f"status {answer.status_code}", answer.status_code)
        return self._pieces(answer)

    @staticmethod
    def _pieces(answer: requests.Response) -> Iterator[bytes]:
        with answer:
            try:
                yield from answer.iter_content(64 * 1024)
            except requests.RequestException as error:
                raise DownloadError(type(error).__name__) from None
