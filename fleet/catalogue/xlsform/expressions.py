"""Expressions as operators write them: what Chinese keyboards and other programs put in, names, functions, grammar."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from fleet.catalogue.alike import meant
from fleet.catalogue.xlsform.reasons import in_both_languages
from fleet.catalogue.xlsform.sheets import FormRow
from kiosk.forms.errors import ExpressionError
from kiosk.forms.functions import FUNCTIONS
from kiosk.forms.xpath.parser import parse

REFERENCE = re.compile(r"\$\{([^${}]*)\}")
#: `last-saved#name` reads an answer of another form filled in before, which a terminal never has
_LAST_SAVED = "last-saved#"
#: what looks as if a reference was meant
_NEARLY = re.compile(r"[$＄￥]\s*+[{(（｛]?\s*+\w++\s*+[})）｝]?|(?<![$\w])\{\s*+\w++\s*+\}")
_LITERAL = re.compile(r"'[^']*'|\"[^\"]*\"")
_CALL = re.compile(r"(?<![\w:-])([^\W\d][\w-]*+(?::[^\W\d][\w-]*+)?)\s*+\(")
_NODE_TESTS = frozenset({"and", "or", "div", "mod", "node", "text", "comment"})
WIDE = str.maketrans({
    "（": "(", "）": ")", "，": ",", "、": ",", "“": "'", "”": "'", "‘": "'", "’": "'", "＝": "=", "＞": ">",
    "＜": "<", "＋": "+", "－": "-", "＊": "*", "／": "/", "＄": "$", "｛": "{", "｝": "}", "［": "[", "］": "]",
    "！": "!", "；": ";", "：": ":", "。": ".", "．": ".", "≥": ">=", "≤": "<=", "≠": "!=", "×": "*", "÷": " div ",
    "　": " ", "—": "-", "–": "-", "＂": "'", "＇": "'",
})  # fmt: skip
_OPERATORS = {"==": "=", "&&": " and ", "||": " or ", "<>": "!=", "=>": ">=", "=<": "<="}
_FOREIGN = re.compile("|".join(re.escape(one) for one in _OPERATORS))
#: functions of spreadsheets and other languages, by their lower-case name
_FOREIGN_FUNCTIONS = {
    "len": "string-length", "length": "string-length", "isblank": "not", "iif": "if", "average": "sum",
    "substitute": "translate", "left": "substr", "mid": "substr", "trim": "normalize-space", "ceil": "ceiling",
    "如果": "if", "求和": "sum", "今天": "today",
}  # fmt: skip


def check_expression(row: FormRow, base: str, source: str, names: Collection[str]) -> bool:
    """Note everything wrong with an expression of the column `base`; True for nothing."""
    before = len(row.sheet.faults)
    wide = "".join(dict.fromkeys(character for character in _LITERAL.sub("", source) if ord(character) in WIDE))
    plain = source
    if wide:
        plain = _outside_literals(source)
        row.fault("full_width", base, said=wide, better=plain)
    foreign = list(dict.fromkeys(_FOREIGN.findall(_LITERAL.sub("''", plain))))
    for sign in foreign:
        row.fault("bad_operator", base, said=sign, better=_OPERATORS[sign].strip())
    for sign in foreign:
        plain = plain.replace(sign, _OPERATORS[sign])
    check_references(row, base, "", plain, names)
    standing = REFERENCE.sub(" . ", plain)
    outside = _LITERAL.sub("''", standing)
    for name in dict.fromkeys(_CALL.findall(outside)):
        if name not in FUNCTIONS and name not in _NODE_TESTS:
            likely = meant(name, FUNCTIONS, 0.6) or _FOREIGN_FUNCTIONS.get(name.lower(), "")
            row.fault("misspelt_function" if likely else "unknown_function", base, said=name, meant=likely)
    if len(row.sheet.faults) == before:
        try:
            parse(standing)
        except ExpressionError as error:
            zh, en = in_both_languages(str(error))
            row.fault("bad_expression", base, reason=zh, reason_en=en)
    return len(row.sheet.faults) == before


def check_references(row: FormRow, base: str, language: str, text: str, names: Collection[str]) -> bool:
    """Note `${…}` that no row defines and what only looks like one; True for nothing."""
    right = True
    for name in references(text):
        if name in names:
            continue
        right = False
        if name.startswith(_LAST_SAVED):
            row.fault("last_saved", base, language, said=f"${{{name}}}")
            continue
        likely = meant(name, names, 0.6)
        code = "misspelt_reference" if likely else "unknown_reference"
        row.fault(code, base, language, said=f"${{{name}}}", meant=f"${{{likely}}}")
    for nearly in dict.fromkeys(_nearly(text, names, is_expression=not language and base not in _TEXTS)):
        right = False
        name = re.sub(r"[\W]+", "", nearly)
        row.fault("malformed_reference", base, language, said=nearly.strip(), better=f"${{{name}}}")
    return right


def references(text: str) -> list[str]:
    """The names in `${…}`, each once."""
    return list(dict.fromkeys(name.strip() for name in REFERENCE.findall(text)))


_TEXTS = frozenset({"label", "hint", "guidance_hint", "required_message", "constraint_message"})


def _nearly(text: str, names: Collection[str], is_expression: bool) -> Iterator[str]:
    """In texts people read a `￥20` is money: there only what names a question counts."""
    rest = _LITERAL.sub("''", REFERENCE.sub(" ", text)) if is_expression else REFERENCE.sub(" ", text)
    for found in _NEARLY.findall(rest):
        if is_expression or re.sub(r"[\W]+", "", found) in names:
            yield found


def _outside_literals(source: str) -> str:
    """`source` in half width, texts in straight quotation marks left as they are."""
    pieces, at = [], 0
    for literal in _LITERAL.finditer(source):
        pieces += [source[at : literal.start()].translate(WIDE), literal.group()]
        at = literal.end()
    return "".join([*pieces, source[at:].translate(WIDE)]).strip()
