"""What a printer can do, in the words of IPP, and whether it can do what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from drivers.errors import Refused
from drivers.page_printer.ipp import Attribute, Operation, Tag, attribute

SIDES = ("one-sided", "two-sided-long-edge", "two-sided-short-edge")
# All that is asked of a printer about itself.
ASKED = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "queued-job-count",
    "printer-make-and-model",
    "operations-supported",
    "document-format-supported",
    "copies-supported",
    "sides-supported",
    "media-supported",
    "media-ready",
    "media-default",
    "media-source-supported",
    "print-color-mode-supported",
    "pwg-raster-document-resolution-supported",
    "pwg-raster-document-type-supported",
    "marker-names",
    "marker-types",
    "marker-colors",
    "marker-levels",
    "marker-low-levels",
    "printer-supply",
    "printer-supply-description",
    "printer-input-tray",
)


@dataclass(frozen=True)
class Capabilities:
    """As the printer says; an empty tuple is what it says nothing of. `copies` is the most of one job."""

    model: str = ""
    formats: tuple[str, ...] = ()
    copies: int = 1
    sides: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    media_ready: tuple[str, ...] = ()
    trays: tuple[str, ...] = ()
    color_modes: tuple[str, ...] = ()
    operations: tuple[int, ...] = ()
    raster_types: tuple[str, ...] = ()
    raster_dpi: tuple[int, ...] = ()

    @property
    def creates_jobs(self) -> bool:
        """Whether a job can be made first and filled then, so that it can be taken back at any time."""
        return {Operation.CREATE_JOB, Operation.SEND_DOCUMENT} <= set(self.operations)


def capabilities_of(said: Mapping[str, Sequence[Any]]) -> Capabilities:
    """From the printer's attributes. A value of another kind than the standard's is left out."""

    def words(name: str) -> tuple[str, ...]:
        return tuple(value for value in said.get(name, ()) if isinstance(value, str))

    ranges = [value for value in said.get("copies-supported", ()) if isinstance(value, tuple | int)]
    most = [value[-1] if isinstance(value, tuple) else int(value) for value in ranges]
    dpi = [value for value in said.get("pwg-raster-document-resolution-supported", ()) if isinstance(value, tuple)]
    return Capabilities(
        model=next(iter(words("printer-make-and-model")), ""),
        formats=words("document-format-supported"),
        copies=max([1, *most]),
        sides=words("sides-supported"),
        media=words("media-supported"),
        media_ready=words("media-ready"),
        trays=words("media-source-supported"),
        color_modes=words("print-color-mode-supported"),
        operations=tuple(value for value in said.get("operations-supported", ()) if type(value) is int),
        raster_types=words("pwg-raster-document-type-supported"),
        raster_dpi=tuple(value[0] for value in dpi if len(value) == 3 and value[0] == value[1]),
    )


@dataclass(frozen=True)
class JobOptions:
    """What is asked of one job; "" leaves it to the printer. `sides` is one of SIDES, `tray` a media-source."""

    copies: int = 1
    sides: str = ""
    tray: str = ""
    color_mode: str = ""

    def check(self, can: Capabilities) -> None:
        """Raises Refused with what the printer cannot do: "copies-", "sides-", "tray-" or "color-not-supported".

        One copy and one side need no word of the printer; everything else does.
        """
        if not 1 <= self.copies <= can.copies:
            raise Refused("copies-not-supported", f"1 to {can.copies}")
        if self.sides and self.sides not in (can.sides or SIDES[:1]):
            raise Refused("sides-not-supported", ", ".join(can.sides))
        if self.tray and self.tray not in can.trays:
            raise Refused("tray-not-supported", ", ".join(can.trays))
        if self.color_mode and self.color_mode not in can.color_modes:
            raise Refused("color-not-supported", ", ".join(can.color_modes))

    def attributes(self) -> list[Attribute]:
        """As job template attributes (RFC 8011 5.2, PWG 5100.7)."""
        found = []
        if self.copies > 1:
            found.append(attribute(Tag.INTEGER, "copies", self.copies))
        if self.sides:
            found.append(attribute(Tag.KEYWORD, "sides", self.sides))
        if self.color_mode:
            found.append(attribute(Tag.KEYWORD, "print-color-mode", self.color_mode))
        if self.tray:
            source = attribute(Tag.KEYWORD, "media-source", self.tray)
            found.append(attribute(Tag.COLLECTION, "media-col", [source]))
        return found

    def for_queue(self) -> dict[str, str]:
        """As the options of a CUPS queue."""
        words = {"copies": str(self.copies) if self.copies > 1 else "", "sides": self.sides}
        words["print-color-mode"] = self.color_mode
        words["media-col"] = f"{{media-source={self.tray}}}" if self.tray else ""
        return {name: word for name, word in words.items() if word}
