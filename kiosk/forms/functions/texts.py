"""Functions of texts."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import string
import uuid
from typing import Any

from kiosk.forms import patterns
from kiosk.forms.errors import ExpressionError
from kiosk.forms.functions.registry import Compiler, Evaluate, function, special
from kiosk.forms.xpath.syntax import Call, Text
from kiosk.forms.xpath.values import number, text, texts

#: longest text a form's regular expression is tried on; longer answers do not match
REGEX_LIMIT = 1000
#: what an expression may grow a text to
TEXT_LIMIT = 100_000
_DIGESTS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


@special("string", 0, 1)
def _string(compiler: Compiler, call: Call) -> Evaluate:
    if not call.arguments:
        return lambda c: c.node.text
    value = compiler.compile(call.arguments[0])
    return lambda c: text(value(c))


@function("concat", 1, None)
def _concat(*values: Any) -> str:
    return "".join(texts(values))[:TEXT_LIMIT]


@function("join", 1, None)
def _join(separator: Any, *values: Any) -> str:
    return text(separator).join(texts(values))[:TEXT_LIMIT]


@function("substr", 2, 3)
def _substr(value: Any, start: Any, end: Any = None) -> str:
    """0-based, to the character before `end`; a negative place counts from the end, as in JavaRosa."""
    said, first = text(value), _whole(start)
    last = len(said) if end is None else _whole(end)
    return "" if first is None or last is None else said[first:last]


@function("substring", 2, 3)
def _substring(value: Any, start: Any, length: Any = None) -> str:
    """XPath 1.0: 1-based, places rounded."""
    said, first = text(value), number(start)
    if first != first:
        return ""
    end = float("inf") if length is None else _half_up(first) + _half_up(number(length))
    return "".join(one for place, one in enumerate(said, 1) if _half_up(first) <= place < end)


def _half_up(value: float) -> float:
    return value if value in (float("inf"), float("-inf")) or value != value else float(int((value + 0.5) // 1))


def _whole(value: Any) -> int | None:
    amount = number(value)
    return int(amount) if abs(amount) < 1e9 else None


@function("substring-before", 2)
def _before(value: Any, part: Any) -> str:
    before, found, _ = text(value).partition(text(part)) if text(part) else ("", "", "")
    return before if found else ""


@function("substring-after", 2)
def _after(value: Any, part: Any) -> str:
    return text(value).partition(text(part))[2] if text(part) else text(value)


@function("translate", 3)
def _translate(value: Any, these: Any, those: Any) -> str:
    old, new = text(these), text(those)
    table: dict[int, str | None] = {}
    for place, one in enumerate(old):
        table.setdefault(ord(one), new[place] if place < len(new) else None)
    return text(value).translate(table)


@function("string-length", 1)
def _length(value: Any) -> float:
    return float(len(text(value)))


@special("normalize-space", 0, 1)
def _normalize(compiler: Compiler, call: Call) -> Evaluate:
    if not call.arguments:
        return lambda c: " ".join(c.node.text.split())
    value = compiler.compile(call.arguments[0])
    return lambda c: " ".join(text(value(c)).split())


@function("contains", 2)
def _contains(value: Any, part: Any) -> bool:
    return text(part) in text(value)


@function("starts-with", 2)
def _starts(value: Any, part: Any) -> bool:
    return text(value).startswith(text(part))


@function("ends-with", 2)
def _ends(value: Any, part: Any) -> bool:
    return text(value).endswith(text(part))


@function("uuid", 0, 1, constant=False)
def _uuid(length: Any = None) -> str:
    if length is None:
        return str(uuid.uuid4())
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _ in range(min(_whole(length) or 0, 1000)))


@special("digest", 2, 3)
def _digest(compiler: Compiler, call: Call) -> Evaluate:
    """XForms 1.1: base64 unless "hex" is asked for."""
    for place, known in ((1, tuple(_DIGESTS)), (2, ("hex", "base64"))):
        said = call.arguments[place] if place < len(call.arguments) else None
        if isinstance(said, Text) and said.value not in known:
            raise ExpressionError(f"digest() knows {', '.join(known)}, not {said.value}")
    source, algorithm = compiler.compile(call.arguments[0]), compiler.compile(call.arguments[1])
    encoding = compiler.compile(call.arguments[2]) if len(call.arguments) > 2 else lambda c: "base64"

    def evaluate(c: Any) -> str:
        name = _DIGESTS.get(text(algorithm(c)))
        if name is None:
            return ""
        done = hashlib.new(name, text(source(c)).encode(), usedforsecurity=False).digest()
        return done.hex() if text(encoding(c)) == "hex" else base64.b64encode(done).decode()

    return evaluate


@function("base64-decode", 1)
def _base64(value: Any) -> str:
    try:
        return base64.b64decode(text(value), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


@special("regex", 2)
def _regex(compiler: Compiler, call: Call) -> Evaluate:
    """The whole value must match, as in JavaRosa."""
    said = call.arguments[1]
    if isinstance(said, Text):
        try:
            patterns.read(said.value)
        except ValueError as error:
            raise ExpressionError(str(error)) from None
    value, pattern = compiler.compile(call.arguments[0]), compiler.compile(said)

    def evaluate(c: Any) -> bool:
        subject = text(value(c))
        try:
            return len(subject) <= REGEX_LIMIT and patterns.matches(text(pattern(c)), subject)
        except ValueError:
            return False

    return evaluate
