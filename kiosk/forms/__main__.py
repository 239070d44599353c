"""A form without a terminal.

    python -m kiosk.forms check FILE(.xlsx|.xml)
    python -m kiosk.forms run FILE --answers ANSWERS.json [--language L] [--json]

ANSWERS.json is an object of node paths and texts, or a list of [path, text] pairs where a path comes twice; they are
given in the order written. A repeat's path with the text "+" adds an instance, one with a position and "-" takes it
away. Files a form names (CSV, XML) are read from the folder it lies in. Exit 0: the form can be run, all answers
taken. 1: it cannot, or an answer was refused. 2: wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from kiosk.forms import Form, FormError, FormsError, FormSession, Incomplete, UnknownQuestion
from kiosk.forms.loading.xform import Resources
from kiosk.forms.workbook import converted, place_in_workbook

Answers = list[tuple[str, str]]


def beside(form: Path) -> Resources:
    """Files by their jr:// address, from the folder of the form."""

    def read(address: str) -> bytes:
        name = address.rpartition("/")[2]
        if not address.startswith("jr://") or name.startswith("."):
            raise KeyError(address)
        return (form.parent / name).read_bytes()

    return read


def _load(path: Path) -> Form:
    xml = converted(path) if path.suffix == ".xlsx" else path.read_bytes()
    try:
        return Form.load(xml, beside(path))
    except FormError as error:
        cell = place_in_workbook(path, error) if path.suffix == ".xlsx" else ""
        raise FormsError(f"{cell}: {error}" if cell else str(error)) from None


def _answers(path: Path) -> Answers:
    try:
        answers = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FormsError(f"{path}: {error}") from None
    pairs = list(answers.items()) if isinstance(answers, dict) else answers
    if isinstance(pairs, list) and all(
        isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair)
        for pair in pairs
    ):
        return [(pair[0], pair[1]) for pair in pairs]
    raise FormsError(f"{path}: an object of question paths and texts is needed, or a list of such pairs")


def _give(session: FormSession, path: str, value: str) -> str | None:
    """Give one answer; the error, or None where it was taken."""
    try:
        if value == "+" and path.rpartition("/")[2] in _repeats(session):
            session.add_repeat(path)
        elif value == "-" and path.endswith("]"):
            session.remove_repeat(path)
        else:
            refusal = session.answer(path, value)
            return None if refusal is None else refusal.message or refusal.code
    except UnknownQuestion:
        return "there is no question that can be answered"
    except FormsError as error:
        return str(error)
    return None


def _repeats(session: FormSession) -> set[str]:
    return {one.name for one in session.form.root.everything() if one.repeat is not None}


def _run(form: Form, answers: Answers, language: str) -> tuple[dict[str, object], int]:
    session = form.start(language)
    taken: list[dict[str, object]] = []
    for path, value in answers:
        error = _give(session, path, value)
        taken.append({"path": path, "accepted": error is None, "error": error})
    relevant = [node for node in session.root.everything() if node.relevant]
    result: dict[str, object] = {
        "answers": taken,
        "pages": [page.path for page in session.pages()],
        "relevant": [node.path for node in relevant],
        "values": {node.path: node.value for node in relevant if not node.declaration.children},
        "incomplete": {},
    }
    try:
        result["instance"] = session.finish().instance.decode()
    except Incomplete as error:
        result["incomplete"] = error.problems
    return result, 0 if all(one["accepted"] for one in taken) else 1


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m kiosk.forms", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="whether a form can be run")
    check.add_argument("file", type=Path)
    run = commands.add_parser("run", help="give answers and see what becomes of the form")
    run.add_argument("file", type=Path)
    run.add_argument("--answers", type=Path, required=True)
    run.add_argument("--language", default="")
    run.add_argument("--json", action="store_true", help="on one line")
    options = parser.parse_args(arguments)
    if not options.file.is_file():
        parser.error(f"{options.file}: no such file")
    try:
        form = _load(options.file)
        if options.command == "check":
            pages = len(form.start().pages())
            print(f"{form.id} {form.version}: {pages} pages at first, {len(form.questions)} questions")
            return 0
        result, status = _run(form, _answers(options.answers), options.language)
    except FormsError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(result, ensure_ascii=False, indent=None if options.json else 2))
    return status


if __name__ == "__main__":
    sys.exit(main())
