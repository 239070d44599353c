"""docs/forms.md: every line names a test that exists, every function is in it, and nothing else."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from kiosk.forms.functions import FUNCTIONS

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "forms.md").read_text("utf-8")
LINK = re.compile(r"\[(test_\w+)\]\(\.\./(tests/[\w/]+\.py)\)")


def test_every_test_it_names_exists() -> None:
    named = LINK.findall(PAGE)
    assert len(named) > 50
    for name, path in named:
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        there = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in there, f"{path}::{name}"


def test_every_line_of_a_table_of_parts_names_a_test() -> None:
    rows = [line for line in PAGE.splitlines() if re.match(r"\| .* \| (yes|other|refused) \|", line)]
    assert len(rows) > 45
    for row in rows:
        meaning = row.startswith(("| yes |", "| other |", "| refused |"))
        assert meaning or LINK.search(row), row


def test_every_function_is_listed_with_how_many_values_it_takes() -> None:
    listed = dict(re.findall(r"^\| `([\w:-]+)\(\)` \| ([^|]+) \|", PAGE, re.MULTILINE))
    assert listed == {name: function.takes for name, function in FUNCTIONS.items()}
