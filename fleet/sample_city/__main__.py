"""`python -m fleet.sample_city [--out FOLDER]`: make the workbooks, templates and photographs of the sample city."""

from __future__ import annotations

import argparse
from pathlib import Path

from fleet.sample_city.forms import build_form
from fleet.sample_city.papers import photograph_papers
from fleet.sample_city.templates import build_templates
from fleet.sample_city.workbook import build_workbook

HERE = Path(__file__).parent


def main() -> None:
    """Make everything that is made from sources; fast enough to run after every change."""
    parser = argparse.ArgumentParser(prog="python -m fleet.sample_city", description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="where to write (default: beside the sources)")
    out: Path = parser.parse_args().out
    build_workbook(HERE, out / "city.xlsx")
    for form in sorted((HERE / "forms").glob("*.toml")):
        build_form(form, out / "forms" / f"{form.stem}.xlsx")
    build_templates(HERE / "certificates", out / "templates")
    photograph_papers(out / "papers")


if __name__ == "__main__":
    main()
