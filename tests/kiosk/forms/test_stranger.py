"""The ten lines of the package's docstring, run as a stranger would: in a program with nothing else of this house."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import kiosk.forms
from tests.kiosk.forms.conftest import XForm

PROGRAM = """
import sys
from kiosk.forms import Form
xml = open(sys.argv[1], "rb").read()
ask = {{"/data/name": "王示例", "/data/age": "70"}}
ask = (lambda answers: lambda question: answers[question.path])(ask)
{example}
assert b"<age>70</age>" in finished.instance
others = [name for name in sys.modules if name.startswith("kiosk.") and not name.startswith("kiosk.forms")]
rooms = ("contract", "drivers", "offline_cache", "screens", "fleet")
others += [name for name in sys.modules if name.split(".")[0] in rooms]
assert not others, others
"""


def test_the_ten_lines_run_without_the_rest_of_the_house(xform: XForm, tmp_path: Path) -> None:
    lines = str(kiosk.forms.__doc__).split("\n\n")[2]
    example = dedent(lines)
    assert len(example.splitlines()) <= 10 and "Form.load" in example
    form = tmp_path / "form.xml"
    form.write_bytes(xform({"q": "text name", "bind::bianmin:from": "identity/name"}, {"q": "integer age"}))
    command = [sys.executable, "-c", PROGRAM.format(example=example), str(form)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
