"""From tokens to the tree: the grammar of XPath 1.0 with the axes ODK allows (child, parent, self)."""

from __future__ import annotations

from kiosk.forms.errors import ExpressionError
from kiosk.forms.xpath.syntax import Axis, Binary, Call, Negative, Number, Path, Step, Syntax, Text
from kiosk.forms.xpath.tokens import Token, tokens

#: brackets within brackets; published forms stay below 20
DEPTH_LIMIT = 60
#: operators in one expression
OPERATOR_LIMIT = 2_000
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("or",), ("and",), ("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"),
)  # fmt: skip
_AXES = ("child", "parent", "self")


def parse(source: str) -> Syntax:
    """The tree of `source`. Raises ExpressionError."""
    return _Parser(tokens(source)).whole()


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._place = 0
        self._depth = 0
        self._operators = 0

    def whole(self) -> Syntax:
        if self._next.kind == "end":
            raise ExpressionError("it is empty")
        tree = self._binary(0)
        if self._next.kind != "end":
            raise ExpressionError(f"“{self._next.text}” is not expected at character {self._next.at + 1}")
        return tree

    # tokens

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _is(self, text: str, ahead: int = 0) -> bool:
        token = self._tokens[min(self._place + ahead, len(self._tokens) - 1)]
        return token.kind in ("sign", "operator") and token.text == text

    def _take(self) -> Token:
        token = self._next
        if token.kind != "end":
            self._place += 1
        return token

    def _expect(self, text: str) -> None:
        if not self._is(text):
            found = f"“{self._next.text}” stands there" if self._next.text else "it ends there"
            raise ExpressionError(f"{text} is missing at character {self._next.at + 1}; {found}")
        self._take()

    # operators

    def _binary(self, level: int) -> Syntax:
        if level == len(_LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while self._next.kind in ("sign", "operator") and self._next.text in _LEVELS[level]:
            self._operators += 1
            if self._operators > OPERATOR_LIMIT:
                raise ExpressionError(f"more than {OPERATOR_LIMIT} operators")
            left = Binary(self._take().text, left, self._binary(level + 1))
        return left

    def _unary(self) -> Syntax:
        minus = 0
        while self._is("-"):
            self._take()
            minus += 1
        tree = self._union()
        if minus == 0:
            return tree
        return Negative(tree) if minus % 2 else Negative(Negative(tree))

    def _union(self) -> Syntax:
        left = self._path()
        while self._is("|"):
            self._take()
            left = Binary("|", left, self._path())
        return left

    # paths

    def _path(self) -> Syntax:
        at = self._next.at
        if self._is("/") or self._is("//"):
            return Path(self._steps(rooted=True), True, at)
        if self._is_primary():
            start = self._primary()
            predicates = self._predicates()
            steps = self._steps(rooted=True) if self._is("/") or self._is("//") else ()
            return Path(steps, False, at, start, predicates) if steps or predicates else start
        return Path(self._steps(rooted=False), False, at)

    def _is_primary(self) -> bool:
        token = self._next
        return (
            token.kind in ("number", "text")
            or self._is("(")
            or (token.kind == "name" and self._is("(", ahead=1))
            or token.text == "$"
        )

    def _steps(self, rooted: bool) -> tuple[Step, ...]:
        steps: list[Step] = []
        separator = self._take().text if rooted else ""
        if rooted and separator == "/" and not self._begins_step():
            return ()  # "/" alone
        while True:
            steps.append(self._step(separator == "//"))
            if not (self._is("/") or self._is("//")):
                return tuple(steps)
            separator = self._take().text

    def _begins_step(self) -> bool:
        return self._next.kind in ("name", "axis") or self._is(".") or self._is("..") or self._is("*") or self._is("@")

    def _step(self, descendant: bool) -> Step:
        token = self._take()
        axis: Axis = "child"
        if token.text == ".":
            axis, name = "self", "*"
        elif token.text == "..":
            axis, name = "parent", "*"
        elif token.text == "@":
            raise ExpressionError("attributes cannot be read in a form")
        else:
            if token.kind == "axis":
                axis = self._axis(token)
                token = self._take()
            name = self._name(token)
        if descendant:
            if axis != "child":
                raise ExpressionError("after // a name is needed")
            axis = "descendant"
        return Step(axis, name, self._predicates())

    def _axis(self, token: Token) -> Axis:
        name = token.text.rstrip(": \t\n")
        if name not in _AXES:
            raise ExpressionError(f"the axis {name} is not known; child, parent and self are")
        return name  # type: ignore[return-value]

    def _name(self, token: Token) -> str:
        if token.kind == "sign" and token.text == "*":
            return "*"
        if token.kind != "name":
            where = f"“{token.text}”" if token.text else "the end"
            raise ExpressionError(f"a name or a value is missing before {where}")
        if self._is("("):
            if token.text != "node":
                raise ExpressionError(f"{token.text}() cannot stand in a path")
            self._take()
            self._expect(")")
            return "*"
        return token.text.rpartition(":")[2]

    def _predicates(self) -> tuple[Syntax, ...]:
        found = []
        while self._is("["):
            self._take()
            found.append(self._nested())
            self._expect("]")
        return tuple(found)

    # what stands for itself

    def _primary(self) -> Syntax:
        token = self._take()
        if token.kind == "number":
            return Number(float(token.text))
        if token.kind == "text":
            return Text(token.text[1:-1])
        if token.text == "$":
            raise ExpressionError("variables are not known; ${name} in a workbook names a question")
        if token.kind == "name":
            self._expect("(")
            arguments = []
            if not self._is(")"):
                arguments.append(self._nested())
                while self._is(","):
                    self._take()
                    arguments.append(self._nested())
            self._expect(")")
            return Call(token.text, tuple(arguments), token.at)
        tree = self._nested()
        self._expect(")")
        return tree

    def _nested(self) -> Syntax:
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise ExpressionError(f"nested deeper than {DEPTH_LIMIT}")
        tree = self._binary(0)
        self._depth -= 1
        return tree
