"""python-tuf's client as this terminal uses it: its own time, and errors that say what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError
from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    RepositoryError,
)
from tuf.ngclient import FetcherInterface, Updater

from offline_cache.errors import CacheFull, ReleaseRefused, Unreachable

#: answers for a file that is not there, though the signed metadata names it
MISSING = (301, 302, 303, 307, 308, 403, 404, 410)
#: what signed names can do to the files here: a file where a folder should be, and such
_BAD_NAMES = (errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG)


class Client(Updater):
    """One look at a repository whose metadata is trusted from `root` on (None: from the one in `metadata`)."""

    def __init__(
        self,
        metadata: Path,
        metadata_url: str,
        fetcher: FetcherInterface,
        *,
        targets_url: str | None = None,
        targets: Path | None = None,
        root: bytes | None = None,
        now: float | None = None,
    ) -> None:
        """`now` (seconds since 1970) is when what expires is judged; the system's clock by default.

        Raises RepositoryError for a root that is none, OSError.
        """
        super().__init__(
            str(metadata), metadata_url, str(targets) if targets else None, targets_url, fetcher=fetcher, bootstrap=root
        )
        if now is not None:
            # python-tuf has no other door for it; test_releases.py notices if this one closes
            self._trusted_set.reference_time = datetime.fromtimestamp(now, UTC)


@contextmanager
def told() -> Iterator[None]:
    """Turn what python-tuf, a file system and nonsense raise into Unreachable, ReleaseRefused or CacheFull."""
    try:
        yield
    except DownloadLengthMismatchError as error:
        raise ReleaseRefused(f"a file is longer than signed: {error}") from None
    except DownloadError as error:
        if isinstance(error, DownloadHTTPError) and error.status_code in MISSING:
            raise ReleaseRefused(f"a file is missing: {error}") from None
        raise Unreachable(str(error)) from None
    except BadVersionNumberError as error:
        raise ReleaseRefused(f"it is older than what this terminal has seen: {error}") from None
    except ExpiredMetadataError as error:
        raise ReleaseRefused(f"it has expired, or this terminal's clock is ahead: {error}") from None
    except OSError as error:
        if error.errno in _BAD_NAMES:
            raise ReleaseRefused(f"a target has a name no file can have: {error.strerror}") from None
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise CacheFull("the disk is full") from None
    except (RepositoryError, ValidationError, ValueError) as error:
        raise ReleaseRefused(f"{type(error).__name__}: {error}") from None
