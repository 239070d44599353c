"""An expression cut into tokens, by the rules of XPath 1.0 (3.7, Lexical Structure)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kiosk.forms.errors import ExpressionError

#: characters of one expression; the longest in published forms have some thousands
LENGTH_LIMIT = 20_000
_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<text>"[^"]*"|'[^']*')
    | (?P<axis>(?:child|parent|self|[a-z-]+)\s*::)
    | (?P<name>[^\W\d][\w.-]*(?::[^\W\d][\w.-]*|:\*)?)
    | (?P<sign>//|\.\.|!=|<=|>=|[()\[\]/.,|+\-=<>*@$])
    )""",
    re.VERBOSE,
)
_OPERATOR_NAMES = frozenset({"and", "or", "div", "mod"})
#: after these a name is a name and a star is any name
_BEFORE_OPERAND = frozenset({"(", "[", ",", "@", "/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">="})
_FULL_WIDTH = {"（": "(", "）": ")", "，": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "＝": "=", "＞": ">", "＜": "<"}


@dataclass(frozen=True)
class Token:
    """`kind`: number, text, name, axis, sign, operator, end."""

    kind: str
    text: str
    at: int


def tokens(source: str) -> list[Token]:
    """All tokens and one of kind "end". Raises ExpressionError."""
    if len(source) > LENGTH_LIMIT:
        raise ExpressionError(f"longer than {LENGTH_LIMIT} characters")
    found: list[Token] = []
    at, end = 0, len(source.rstrip())
    while at < end:
        match = _TOKEN.match(source, at)
        if match is None:
            raise ExpressionError(_unreadable(source, at))
        kind = str(match.lastgroup)
        text, start = match.group(kind), match.start(kind)
        can_be_operator = (kind == "name" and text in _OPERATOR_NAMES) or (kind == "sign" and text == "*")
        if can_be_operator and _is_operand_over(found):
            kind = "operator"
        found.append(Token(kind, text, start))
        at = match.end()
    found.append(Token("end", "", end))
    return found


def _is_operand_over(before: list[Token]) -> bool:
    """Whether an operand ends with the token before, so that `*`, `and`, `div` … can only be operators."""
    if not before:
        return False
    last = before[-1]
    if last.kind in ("operator", "axis"):
        return False
    return not (last.kind == "sign" and last.text in _BEFORE_OPERAND)


def _unreadable(source: str, at: int) -> str:
    rest = source[at:].lstrip()
    character = rest[0]
    if character in _FULL_WIDTH:
        return f"“{character}” is full-width; write {_FULL_WIDTH[character]}"
    if character in "'\"":
        return "a quotation mark is not closed"
    return f"“{rest[:12]}” cannot be read"
