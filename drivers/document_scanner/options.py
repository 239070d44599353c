"""A scanner's options as SANE's backends name them, and what to set for what is asked. Pure.

SANE leaves the words of sources and modes to each backend: "ADF Duplex", "Automatic Document Feeder", "FlatBed",
"Document Table", "True Gray", "Black & White", …
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from drivers.errors import BadAnswer, Refused

Source = Literal["flatbed", "feeder", "feeder-duplex"]
Mode = Literal["color", "gray", "lineart"]
SOURCES: tuple[Source, ...] = ("flatbed", "feeder", "feeder-duplex")
MODES: tuple[Mode, ...] = ("color", "gray", "lineart")
# Where a backend offers any resolution from 1 to 4800, these are what people ask for.
USUAL_DPI = (75, 100, 150, 200, 240, 300, 400, 600, 1200)
A4 = (210.0, 297.0)  # mm

_FLATBED = re.compile(r"flat\s*bed|platen|document table|^normal$|^fb$", re.I)
_FEEDER = re.compile(r"adf|feeder|^auto$", re.I)
_BACK = re.compile(r"\bback\b|rear", re.I)
_DUPLEX = re.compile(r"duplex|both sides|double.?sided", re.I)
_MODES: dict[Mode, re.Pattern[str]] = {
    "color": re.compile(r"colou?r|rgb", re.I),
    "gray": re.compile(r"gr[ae]y", re.I),
    "lineart": re.compile(r"line\s*art|binary|black|monochrome|b&w", re.I),
}


@dataclass(frozen=True)
class Option:
    """`range` is low, high and step; `words` are what is allowed, which may be numbers. Neither: anything."""

    name: str
    value: Any
    settable: bool
    range: tuple[float, float, float] | None = None
    words: tuple[Any, ...] = ()


@dataclass(frozen=True)
class ScannerCapabilities:
    """What can be asked of it. `dpi` are the usual ones where it takes any."""

    sources: tuple[Source, ...]
    modes: tuple[Mode, ...]
    dpi: tuple[int, ...]


def parse(said: Any) -> dict[str, Option]:
    """The options a worker told. Raises BadAnswer."""
    if not isinstance(said, Sequence) or isinstance(said, str | bytes):
        raise BadAnswer("bad-answer", "no list of options")
    found = {}
    for row in said:
        if not isinstance(row, Mapping) or not isinstance(row.get("name"), str):
            raise BadAnswer("bad-answer", "an option without a name")
        limits, words = row.get("range"), row.get("words", [])
        if not isinstance(words, list) or not (limits is None or _is_range(limits)):
            raise BadAnswer("bad-answer", "an option of another form")
        one_of = tuple(word for word in words if isinstance(word, str) or _is_number(word))
        limits = None if limits is None else tuple(limits)
        found[row["name"]] = Option(row["name"], row.get("value"), bool(row.get("settable")), limits, one_of)
    return found


def _is_range(said: Any) -> bool:
    return isinstance(said, list) and len(said) == 3 and all(_is_number(n) for n in said)


def _is_number(said: Any) -> bool:
    return isinstance(said, int | float) and math.isfinite(said)


def sources(options: Mapping[str, Option]) -> dict[Source, dict[str, Any]]:
    """Source -> what to set for it. A device without a choice of sources has a glass."""
    option = options.get("source")
    if option is None or not option.words:
        return {"flatbed": {}}
    words = [word for word in option.words if isinstance(word, str)]
    found: dict[Source, dict[str, Any]] = {}
    for word in words:
        if _FLATBED.search(word):
            found.setdefault("flatbed", {"source": word})
        elif _DUPLEX.search(word):
            found.setdefault("feeder-duplex", {"source": word})
        elif _FEEDER.search(word) and not _BACK.search(word):
            found.setdefault("feeder", {"source": word})
    if "feeder" in found and "feeder-duplex" not in found and (both := _two_sides(options)):
        found["feeder-duplex"] = found["feeder"] | both
    return found


def _two_sides(options: Mapping[str, Option]) -> dict[str, Any]:
    """Where two sides are an option of their own."""
    mode = options.get("adf-mode")
    if mode is not None:
        return next(({"adf-mode": word} for word in mode.words if _DUPLEX.search(str(word))), {})
    return {"duplex": True} if "duplex" in options else {}


def modes(options: Mapping[str, Option]) -> dict[Mode, str]:
    """Mode -> the backend's word."""
    words = [word for word in (options["mode"].words if "mode" in options else ()) if isinstance(word, str)]
    found: dict[Mode, str] = {}
    for mode, pattern in _MODES.items():
        fitting = [word for word in words if pattern.search(word)]
        # "Color" before "Color Lineart"; "Gray" before "Gray[Error Diffusion]"
        if mode != "lineart":
            fitting = [word for word in fitting if not _MODES["lineart"].search(word)]
        if fitting:
            found[mode] = min(fitting, key=len)
    return found


def capabilities(options: Mapping[str, Option]) -> ScannerCapabilities:
    """Of this device. Grey is made of colour and lineart of grey where the device cannot."""
    own = modes(options)
    made = MODES if "color" in own else MODES[1:] if "gray" in own else MODES[2:] if own else MODES
    resolution = options.get("resolution")
    dpi: tuple[int, ...] = ()
    if resolution is not None and resolution.range:
        dpi = tuple(n for n in USUAL_DPI if resolution.range[0] <= n <= resolution.range[1])
    elif resolution is not None:
        dpi = tuple(sorted(int(n) for n in resolution.words if isinstance(n, int | float)))
    found = sources(options)
    return ScannerCapabilities(tuple(source for source in SOURCES if source in found), made, dpi)


def source_settings(options: Mapping[str, Option], source: str) -> dict[str, Any]:
    """To be set first, as other options depend on it. Raises Refused "source-not-supported"."""
    found = sources(options)
    if source not in found:
        raise Refused("source-not-supported", ", ".join(found))
    return found[source]


def page_settings(options: Mapping[str, Option], mode: str, resolution: int) -> dict[str, Any]:
    """The rest, in the order to set it. Raises Refused "mode-not-supported", "resolution-not-supported"."""
    can = capabilities(options)
    if mode not in can.modes:
        raise Refused("mode-not-supported", ", ".join(can.modes))
    own = modes(options)
    settings: dict[str, Any] = {}
    if own:
        settings["mode"] = own.get(mode) or own.get("gray") or own["color"]
    depth = options.get("depth")
    if depth is not None and depth.settable and 8 in depth.words:
        settings["depth"] = 8  # lineart is made of grey: a depth of 1 exists in some modes only
    option = options.get("resolution")
    if option is not None and (option.range or option.words):
        low, high, _ = option.range or (0, 0, 0)
        if resolution not in option.words and not (option.range and low <= resolution <= high):
            shown = ", ".join(str(n) for n in can.dpi)
            raise Refused("resolution-not-supported", shown)
        settings["resolution"] = resolution
    return settings | _area(options)


def _area(options: Mapping[str, Option]) -> dict[str, Any]:
    """A4 from the corner, or what the device has of it."""
    settings: dict[str, Any] = {}
    for name, most in (("page-width", A4[0]), ("page-height", A4[1])):
        option = options.get(name)
        if option is not None and option.settable and option.range:
            settings[name] = min(most, option.range[1])
    for name, at in (("tl-x", 0.0), ("tl-y", 0.0), ("br-x", A4[0]), ("br-y", A4[1])):
        option = options.get(name)
        if option is not None and option.settable and option.range:
            settings[name] = float(max(option.range[0], min(at, option.range[1])))
    return settings


def loaded(options: Mapping[str, Option]) -> bool | None:
    """Whether a sheet lies in the feeder; None where it has no sensor for that."""
    return _sensor(options, ("page-loaded", "adf-loaded", "paper-loaded"))


def cover_open(options: Mapping[str, Option]) -> bool | None:
    """None where it has no sensor for that."""
    return _sensor(options, ("cover-open",))


def _sensor(options: Mapping[str, Option], names: tuple[str, ...]) -> bool | None:
    values = [options[name].value for name in names if name in options and options[name].value is not None]
    return bool(values[0]) if values else None
