"""Everything that can go wrong with the terminal's memory and its way to the platform."""

from __future__ import annotations


class CacheError(Exception):
    """The root of this package's errors."""


class CacheFull(CacheError):
    """The disk is full. What was kept before stands; nothing of this call was kept."""


class VisitFull(CacheFull):
    """The papers of this visit are more than one visit may keep (quotas.toml)."""


class StoreTooNew(CacheError):
    """The database was written by a newer version of this software. Update the software; nothing was touched."""


class BadSettings(CacheError):
    """terminal.toml says something that is not understood; the message names it."""


class NoScratch(CacheError):
    """There is no memory-backed folder for temporary files; the message says which was looked at."""


class Unreadable(CacheError):
    """A sealed record does not open: its key is shredded, or its bytes were changed."""


class StoreDamaged(CacheError):
    """The database is not whole. Opening the memory again (`Cache.open`) sets it aside and rescues what is in it."""


class StoreBusy(CacheError):
    """Another program of this terminal does not let go of the damaged database; end it and start again."""


class KeyGone(CacheError):
    """A key-encryption key is not there any more; what it wrapped cannot be read by anybody."""


class KeyUnavailable(CacheError):
    """The key-encryption key cannot be had now; the message says what a technician does about it."""


class MaterialMissing(CacheError):
    """A case names a material that the visit does not hold: it has to be given again. Nothing was submitted."""


class NoRelease(CacheError):
    """No release has been installed on this terminal yet, or the installed one cannot be read."""


class ReleaseRefused(CacheError):
    """A release on offer is not to be trusted or not whole. The old one stays."""


class UpdateRunning(CacheError):
    """Another program is installing a release: try again later."""


class NotInTheLedger(CacheError):
    """The print ledger has no such line, or the line may not change so."""


class PrintedAlready(CacheError):
    """A paper that is printed once came out, may have come out, or is being printed: it is not printed again."""


class PlatformError(CacheError):
    """The root of what can go wrong on the way to the platform."""


class Unreachable(PlatformError):
    """No answer within the limit, or no connection: try again later."""


class ClockWrong(Unreachable):
    """The platform's certificate is not valid at the time this terminal's clock shows; nothing was sent.

    Somebody sets the clock (or, where that is right, renews the platform's certificate). No time is learned from a
    connection that was not authenticated.
    """


class Busy(PlatformError):
    """The platform was reached and cannot do it now (status 429 or 5xx): try again later."""


class NotUnderstood(Busy):
    """What answered does not answer as the platform does: a captive portal, a wrong proxy, half an update."""


class Stumbles(Busy):
    """The platform was reached and failed at this request (status 500 and such): maybe at what it holds."""


class Refused(PlatformError):
    """The platform answered no. Trying the same again will not help; `status` is the HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the platform refused with status {status}")
        self.status = status
