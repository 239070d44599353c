"""What can go wrong while a terminal is brought into service; each message says what the technician does next."""

from __future__ import annotations

from pathlib import Path


class ProvisioningError(Exception):
    """Base of every expected trouble; commands print it and exit 1."""


class VoucherUnreadable(ProvisioningError):
    """The voucher's text is not whole."""

    def __init__(self) -> None:
        super().__init__("this is not a whole voucher; copy the one line of kiosk-fleet voucher without a break")


class AlreadyEnrolled(ProvisioningError):
    """The folder belongs to an enrolled terminal."""

    def __init__(self, data: Path) -> None:
        super().__init__(
            f"{data} is an enrolled terminal already; nothing was changed. "
            "To enrol it anew with another voucher, add --again"
        )


class Undelivered(ProvisioningError):
    """Citizens' cases wait in this folder, and only the terminal they were taken at can deliver them."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"{count} submission(s) of citizens wait here to be delivered; nothing was changed. Let kiosk-sync deliver "
            "them first, or enrol again as the same terminal of the same platform"
        )


class NotEnrolled(ProvisioningError):
    """The folder holds no enrolled terminal."""

    def __init__(self, data: Path) -> None:
        super().__init__(f"{data} is not an enrolled terminal; enrol it first: kiosk-provision enrol --data {data} …")


class ServerUnreachable(ProvisioningError):
    """Nothing answers at the server's address."""

    def __init__(self, server: str, kind: str) -> None:
        super().__init__(f"{server} does not answer ({kind}); check the cable, the address and the firewall")


class ServerNotTrusted(ProvisioningError):
    """The server's certificate authority is not the one the voucher names; nothing secret was sent."""

    def __init__(self, server: str) -> None:
        super().__init__(
            f"{server} is not the platform of this voucher: the fingerprint of its authority differs. "
            "Nothing was sent to it. Check the address, then ask the operator for a new voucher"
        )


class Refused(ProvisioningError):
    """The platform refused; its own words follow."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"the platform refused ({status}): {reason}")
        self.status = status


class BadAnswer(ProvisioningError):
    """The platform answered something that is not what was asked for."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the platform's {what} cannot be used; report this to the operator")


class DevicesUnreadable(ProvisioningError):
    """The devices file is missing or not TOML."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} cannot be read as a devices file (TOML); correct it or leave --devices out")


class FolderUnusable(ProvisioningError):
    """The data folder cannot be written."""

    def __init__(self, data: Path, reason: str) -> None:
        super().__init__(f"{data} cannot be written ({reason}); choose another folder or run with the right to write")


class DeliveryError(ProvisioningError):
    """What is said of a delivery can not be taken."""


class PaperError(ProvisioningError):
    """What is said of a paper or the tray can not be taken."""


class KeyRefused(ProvisioningError):
    """The key cannot be held there, or exchanged; the old one stays in use."""


class NotUpdated(ProvisioningError):
    """The release on a stick was not installed; the old one stays."""
