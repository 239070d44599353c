"""A form on a phone, page by page: what of a page becomes which input, and what was posted becomes answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from fleet.releases.resources import ResourceFolder
from kiosk.forms import Choice, Form, FormSession, Page, Question, RepeatPage, TooManyRepeats, UnknownQuestion
from kiosk.money import in_words

#: so many choices are buttons, more are a list
BUTTONS = 12
#: answered at the machine, where the paper or the thing is
AT_MACHINE = ("image", "audio", "video", "file")
#: the name of an input, before the question's path; and of the search in a long list
ANSWER, SEARCH = "q:", "s:"
_TYPES = {"integer": "text", "decimal": "text", "date": "date", "time": "time", "datetime": "datetime-local"}
#: appearance of a day of which less is asked -> the input, its mode, and how much of the day stands in it
_LESS_OF_A_DAY = {"month-year": ("month", "", 7), "year": ("text", "numeric", 4)}
_INPUT_MODES = {"integer": "numeric", "decimal": "decimal"}

#: how pictures begin: PNG (ISO/IEC 15948), JPEG (ISO/IEC 10918-1), GIF
_PICTURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))

#: code of a refusal -> what to do, Chinese and English
REFUSALS = {
    "required": ("这里还没有填。", "This is not answered yet."),
    "type": ("这里填得不对，请再看一下。", "Please check what you wrote here."),
    "choice": ("请从下面选。", "Please choose from the list."),
    "bounds": ("这个数不在范围里，请再看一下。", "This number is out of range."),
    "constraint": ("这里填得不对，请再看一下。", "Please check what you wrote here."),
}
Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Input:
    """One question as the template draws it."""

    question: Question
    #: text long date… radio list checks rank note machine fixed range
    shape: str
    type: str
    mode: str
    value: str
    chosen: tuple[str, ...]
    choices: tuple[Choice, ...]
    error: tuple[str, str] | None
    searched: str = ""
    #: an amount in words that nobody can alter; "" for what is none
    amount: str = ""

    @property
    def name(self) -> str:
        """Of the input."""
        return ANSWER + self.question.path


def form_hash(xml: str) -> str:
    """What tells two editions of a form apart, as terminals make it."""
    return hashlib.sha256(xml.encode()).hexdigest()


@lru_cache(maxsize=16)
def form_of(xml: str, files: tuple[tuple[str, str], ...], folder: ResourceFolder) -> Form:
    """The form, loaded once; `files` are names and hashes of what it names. Raises FormError, ReleaseRefused."""
    known = dict(files)

    def read(address: str) -> bytes:
        return folder.read(known[address.rpartition("/")[2]])

    return Form.load(xml.encode(), read)


def inputs(session: FormSession, posted: Posted, errors: Mapping[str, tuple[str, str]]) -> list[Input]:
    """The questions of the page the session stands on; what was typed and not taken stays as it was typed."""
    page = session.page
    return [_input(session, question, posted, errors) for question in page.questions] if page else []


def picture_of(one: Question | Choice) -> str:
    """The name of the picture beside its label; "" for none."""
    return one.media.get("image", "").rpartition("/")[2]


def pictures(session: FormSession) -> frozenset[str]:
    """The names of all pictures on the page the session stands on."""
    shown: list[Question | Choice] = []
    for question in session.page.questions if session.page else ():
        shown += [question, *question.choices]
    return frozenset(map(picture_of, shown)) - {""}


def picture_type(content: bytes) -> str:
    """The media type of a picture by its first bytes; "" for what a phone is not given: a drawing can hold a script."""
    if content[:4] == b"RIFF":
        return "image/webp" if content[8:12] == b"WEBP" else ""
    return next((kind for start, kind in _PICTURES if content.startswith(start)), "")


def take(session: FormSession, posted: Posted) -> dict[str, tuple[str, str]]:
    """Answer what is posted of this page; by path, what was refused and why."""
    errors: dict[str, tuple[str, str]] = {}
    page = session.page
    for question in page.questions if page else ():
        if _shape(question) in ("note", "machine", "fixed"):
            continue
        value = _value(question, posted)
        if value is None or (question.draft is None and value in (question.value, _typed(question))):
            continue
        refusal = session.answer(question.path, value)
        if refusal is not None:
            session.keep(question.path, value)
            errors[question.path] = (refusal.message, "") if refusal.message else REFUSALS[refusal.code]
    return errors


def problems(session: FormSession) -> dict[str, tuple[str, str]]:
    """What keeps the page from being left; not what can only be done at the machine."""
    page = session.page
    left = {question.path for question in page.questions if _shape(question) != "machine"} if page else set()
    return {
        path: (message, "") if message else REFUSALS["required"]
        for path, message in session.problems().items()
        if path in left
    }


def change_repeat(session: FormSession, action: str, path: str) -> None:
    """Add one more, take one away, or go to one; what is no longer possible changes nothing."""
    page = session.page
    if not isinstance(page, RepeatPage):
        return
    rows = [row.path for row in page.rows]
    try:
        if action == "add" and page.can_add:
            session.add_repeat(page.path)
        elif action == "remove" and page.can_remove and path in rows:
            session.remove_repeat(path)
        elif action == "edit" and path in rows:
            # not the path itself: the list's and its first entry's are one to the engine
            first = next(each for each in session.pages() if each.path.startswith(f"{path}/") or _is(each, path))
            session.go_to(first.path)
    except (UnknownQuestion, TooManyRepeats, StopIteration):
        return


def go_to(session: FormSession, path: str) -> None:
    """To the page at or with `path`, if there is one still."""
    try:
        session.go_to(path)
    except UnknownQuestion:
        return


def answers(session: FormSession) -> list[tuple[str, str, str, bool]]:
    """What is answered so far: path, label, as a person reads it, and whether it can be changed."""
    return [
        (
            question.path,
            question.label,
            question.shown,
            _shape(question) not in ("fixed", "machine"),
        )
        for page in session.pages()
        for question in page.questions
        if question.kind != "note"
    ]


def _is(page: Page | RepeatPage, path: str) -> bool:
    return page.path == path and not isinstance(page, RepeatPage)


def _input(session: FormSession, question: Question, posted: Posted, errors: Mapping[str, tuple[str, str]]) -> Input:
    typed = _value(question, posted)
    value = _typed(question) if typed is None else typed[: _less_of_a_day(question)[2]]
    searched = next(iter(posted.get(SEARCH + question.path, ())), "")
    choices = question.choices
    if searched:
        choices = session.search(question.path, searched)
    return Input(
        question=question,
        shape=_shape(question),
        type=_less_of_a_day(question)[0] or _TYPES.get(question.kind, "text"),
        mode=_input_mode(question),
        value=value,
        chosen=tuple(value.split()) if question.kind in ("select_multiple", "rank") else (value,),
        choices=choices,
        error=errors.get(question.path),
        searched=searched,
        amount=in_words(value) if question.kind in _INPUT_MODES and "money" in question.appearance.split() else "",
    )


def _input_mode(question: Question) -> str:
    """Which keyboard a phone raises: with digits alone nobody could type the X of an ID number."""
    digits = "numbers" in question.appearance.split() and not question.takes_x
    return _less_of_a_day(question)[1] or _INPUT_MODES.get(question.kind, "numeric" if digits else "")


def _shape(question: Question) -> str:
    if question.kind == "note":
        return "note"
    if question.kind in AT_MACHINE:
        return "machine"
    if question.readonly:
        return "fixed"
    match question.kind:
        case "select_one":
            return "radio" if question.choice_count <= BUTTONS else "list"
        case "select_multiple":
            return "checks"
        case "rank" | "range" | "acknowledge" as kind:
            return kind
        case _:
            return "long" if "multiline" in question.appearance else "text"


def _value(question: Question, posted: Posted) -> str | None:
    """What was posted, None where the page held no such input. An empty checkbox posts nothing: a mark says it was."""
    name = ANSWER + question.path
    if name not in posted and f"{name}:there" not in posted:
        return None
    said = [value for value in posted.get(name, ()) if value]
    if question.kind in ("select_multiple", "rank"):
        return " ".join(said)
    value = said[0].strip() if said else ""
    length = _less_of_a_day(question)[2]
    return value + "0000-01-01"[length:] if length and len(value) == length else value


def _typed(question: Question) -> str:
    """The answer as the input holds it: times without their offset; what is none yet, as it was written."""
    if question.draft is not None:
        return question.draft
    if question.kind == "time":
        return question.value[:5]
    if question.kind == "datetime":
        return question.value[:16]
    return question.value[: _less_of_a_day(question)[2]]


def _less_of_a_day(question: Question) -> tuple[str, str, int | None]:
    words = question.appearance.split() if question.kind == "date" else ()
    return next((_LESS_OF_A_DAY[word] for word in words if word in _LESS_OF_A_DAY), ("", "", None))
