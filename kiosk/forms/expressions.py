"""Expressions of a form: XPath 1.0 run by libxml2 through lxml, with ODK's functions and dates.

libxml2 compares a date as NaN. References to date questions that stand beside an operator are therefore
wrapped in `days()` when the expression is compiled, so that `. <= today()` means what the specification says.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from kiosk.forms import patterns
from kiosk.forms.errors import FormError
from kiosk.forms.functions import DATE_RESULTS, FUNCTIONS, NATIVE, boolean, iso_date, number_text, text

_CALL = re.compile(r"([A-Za-z][\w-]*(?::[A-Za-z][\w-]*)?)\s*\(")
_LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"")
_PATH = re.compile(r"(?<![\w/.\])'\"])(?:\.\./|/)[\w./-]*\w")
_DATE_CALL = re.compile(rf"(?:{'|'.join(DATE_RESULTS)})\s*\((.*)\)")
_BEFORE_OPERATOR, _AFTER_OPERATOR = r"(?=\s*(?:[<>=+-]|!=)(?!\s*=?\s*(?:''|\"\")))", r"(?<=[<>=+-])(\s*)"
_EMPTY_BEFORE = re.compile(r"(?:''|\"\")\s*!?=\s*$")
_DATE_LITERAL = re.compile(r"(?:'\d{4}-\d\d-\d\d'|\"\d{4}-\d\d-\d\d\")")
_PATTERN = re.compile(r"(?<![\w-])regex\s*\([^()]*?,\s*('[^']*'|\"[^\"]*\")\s*\)")
_NODE_TESTS = frozenset({"and", "or", "div", "mod", "node", "text", "comment"})

#: libxml2 prefers its own round(), which takes one argument, so ODK's goes under another name
_ROUND = re.compile(r"(?<![\w-])round(?=\s*\()")
_extensions: dict[tuple[str | None, str], Any] = {(None, name): function for name, function in FUNCTIONS.items()}
_extensions[None, "odk-round"] = FUNCTIONS["round"]


class Expression:
    """One compiled expression standing at `place` (the path of its bind)."""

    def __init__(self, source: str, place: str, dates: frozenset[str] = frozenset()) -> None:
        """Raises FormError for a syntax error or a function that is not known."""
        self.source = source.strip()
        self.place = place
        outside = _LITERAL.sub("''", self.source)
        for name in _CALL.findall(outside):
            if name not in FUNCTIONS and name not in NATIVE and name not in _NODE_TESTS:
                raise FormError(f"the function {name}() is not known", place)
        #: absolute paths the expression reads
        self.reads = frozenset(_absolute(path, place) for path in _PATH.findall(outside))
        self._gives_date = _is_one_date_call(outside)
        for pattern in _PATTERN.findall(self.source):
            try:
                patterns.read(pattern[1:-1])
            except ValueError as error:
                raise FormError(str(error), place) from None
        try:
            self._xpath = etree.XPath(
                _ROUND.sub("odk-round", _with_dates(self.source, place, dates)), extensions=_extensions
            )
        except etree.XPathSyntaxError as error:
            raise FormError(f"the expression “{self.source}” cannot be read ({error})", place) from None

    def value(self, node: etree._Element) -> Any:
        """The raw XPath value with `node` as the context. Raises FormError when it cannot be computed."""
        try:
            return self._xpath(node)
        except (etree.XPathError, TypeError, ValueError, ArithmeticError) as error:
            raise FormError(f"the expression “{self.source}” fails ({type(error).__name__})", self.place) from None

    def truth(self, node: etree._Element) -> bool:
        """The value as a boolean."""
        return boolean(self.value(node))

    def answer(self, node: etree._Element) -> str:
        """The value as the text of an answer; dates as ISO dates."""
        value = self.value(node)
        if self._gives_date and isinstance(value, float):
            return iso_date(value)
        return number_text(value) if isinstance(value, float) else text(value)


def _absolute(path: str, place: str) -> str:
    parts = place.split("/") if path.startswith("..") else []
    for part in path.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part != "." and (part or not parts):
            parts.append(part)
    return "/".join(parts)


def _is_one_date_call(outside: str) -> bool:
    """Whether the whole expression is one call of a date function: `date(…)`, and not `date(…) - date(…)`."""
    call = _DATE_CALL.fullmatch(outside)
    depth = 0
    for character in call.group(1) if call else "":
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return call is not None


def _with_dates(source: str, place: str, dates: frozenset[str]) -> str:
    """`source` with date questions beside an operator wrapped in days(); `= ''` stays a test for emptiness."""
    wrapped = source
    for path in sorted(dates, key=len, reverse=True):
        names = [re.escape(path)] + ([r"(?<![\w/.)])\.(?![\w/.])"] if path == place else [])
        for name in names:
            reference = rf"({name})(?![\w/-])"
            wrapped = re.sub(rf"{reference}{_BEFORE_OPERATOR}", r"days(\1)", wrapped)
            wrapped = re.sub(rf"{_AFTER_OPERATOR}{reference}", _wrap_unless_empty, wrapped)
    if wrapped == source:
        return source
    # a date written out beside a date question: ${birth} < '1966-11-21'
    literal = f"({_DATE_LITERAL.pattern})"
    wrapped = re.sub(rf"{literal}{_BEFORE_OPERATOR}", r"days(\1)", wrapped)
    return re.sub(rf"{_AFTER_OPERATOR}{literal}", r"\1days(\2)", wrapped)


def _wrap_unless_empty(found: re.Match[str]) -> str:
    if _EMPTY_BEFORE.search(found.string[: found.start()]):
        return found.group()
    return f"{found.group(1)}days({found.group(2)})"
