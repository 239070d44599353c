"""Templates of letters and notices for departments that have none of their own in their `templates` folder."""

from __future__ import annotations

from importlib.resources import files

#: what every department's folder of a release holds
PAPERWORK = ("letter.typ", "notice.typ")


def paperwork(name: str) -> bytes:
    """The house's own template of that name."""
    return files("fleet.paperwork").joinpath(name).read_bytes()
