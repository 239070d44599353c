"""Certificate templates: the words of each certificate and the sheet they share, as one typst file each.

A release carries a template as a single file of its department, so nothing is imported at the terminal.
"""

from __future__ import annotations

from pathlib import Path

LAYOUT = "layout.typ"


def build_templates(sources: Path, target: Path) -> None:
    """Write `<name>.typ` into `target` for every words file beside the layout in `sources`."""
    target.mkdir(parents=True, exist_ok=True)
    layout = (sources / LAYOUT).read_text("utf-8")
    for words in sorted(sources.glob("*.typ")):
        if words.name != LAYOUT:
            (target / words.name).write_text(f"{words.read_text('utf-8')}\n{layout}", "utf-8")
