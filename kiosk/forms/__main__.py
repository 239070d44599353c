"""`python -m kiosk.forms check FILE` and `run FILE --answers ANSWERS.json`: a form without a terminal.

Exit 0: the form can be run, all answers taken. 1: it cannot, or an answer was refused. 2: wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from kiosk.forms import Form, FormError, Incomplete
from kiosk.forms.errors import FormsError, UnknownQuestion


def _load(path: Path) -> Form:
    if path.suffix == ".xlsx":
        from pyxform.xls2xform import convert

        try:
            return Form.load(convert(str(path)).xform.encode())
        except FormError:
            raise
        except Exception as error:  # pyxform raises its own and plain exceptions for a wrong workbook
            raise FormError(str(error)) from None
    return Form.load(path.read_bytes())


def _answers(path: Path) -> dict[str, str]:
    try:
        answers = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FormsError(f"{path}: {error}") from None
    if not isinstance(answers, dict) or not all(isinstance(value, str) for value in answers.values()):
        raise FormsError(f"{path}: an object of question paths and texts is needed")
    return answers


def _run(form: Form, answers: dict[str, str]) -> tuple[dict[str, object], int]:
    session = form.start()
    taken: list[dict[str, object]] = []
    for path, value in answers.items():
        refusal = session.answer(path, value)
        taken.append(
            {"path": path, "accepted": refusal is None, "error": refusal and (refusal.message or refusal.code)}
        )
    result: dict[str, object] = {"answers": taken, "pages": [page.path for page in session.pages()]}
    try:
        result["instance"] = session.finish().instance.decode()
    except Incomplete as error:
        result["incomplete"] = error.problems
    return result, 0 if all(one["accepted"] for one in taken) else 1


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.forms", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check")
    check.add_argument("file", type=Path)
    run = commands.add_parser("run")
    run.add_argument("file", type=Path)
    run.add_argument("--answers", type=Path, required=True)
    run.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if not options.file.is_file():
        parser.error(f"{options.file}: no such file")
    try:
        form = _load(options.file)
        if options.command == "check":
            print(f"{form.id} {form.version}: {len(form.pages)} pages, {len(form.controls)} questions")
            return 0
        result, status = _run(form, _answers(options.answers))
    except UnknownQuestion as error:
        print(f"{error}: no question that can be answered", file=sys.stderr)
        return 1
    except FormsError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(result, ensure_ascii=False, indent=None if options.json else 2))
    return status


if __name__ == "__main__":
    sys.exit(main())
