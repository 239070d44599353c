"""Secondary instances: choice lists and data that come with a form, inline, as CSV or as XML.

Rows of one list are kept as tuples under shared column names and found by an index, so that a list of 100,000
rows loads in well under a second and a cascade finds its few rows at once.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from sys import intern

from lxml import etree

from kiosk.forms.errors import FormError

_COLUMN = re.compile(r"[^\W\d][\w.-]*")
#: rows of one list, and bytes of one file
ROW_LIMIT, FILE_LIMIT = 500_000, 64_000_000


class Leaf:
    """One value of a row, or an element's text."""

    __slots__ = ("name", "parent", "text")
    relevant = True

    def __init__(self, name: str, text: str, parent: Row | Branch | None) -> None:
        self.name, self.text, self.parent = name, text, parent

    def step(self, name: str) -> list[Leaf]:
        """It has no children."""
        return []


class Row:
    """An item of a list."""

    __slots__ = ("table", "values")
    name = "item"
    relevant = True

    def __init__(self, table: Table, values: Sequence[str | None]) -> None:
        self.table, self.values = table, values

    @property
    def parent(self) -> Table:
        """The list."""
        return self.table

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(value or "" for value in self.values)

    def get(self, column: str) -> str:
        """The value in a column; "" where it has none."""
        place = self.table.columns.get(column)
        return "" if place is None else self.values[place] or ""

    def step(self, name: str) -> list[Leaf]:
        """The value in a column, as a node."""
        if name == "*":
            return [Leaf(one, self.values[place] or "", self) for one, place in self.table.columns.items()]
        place = self.table.columns.get(name)
        value = None if place is None else self.values[place]
        return [] if value is None else [Leaf(name, value, self)]


class Table:
    """A list: <root> with <item>s, each with the same few columns."""

    name = "root"
    parent = None
    relevant = True

    def __init__(self, identifier: str, columns: Iterable[str], rows: Iterable[Sequence[str | None]]) -> None:
        self.id = identifier
        self.columns = {intern(name): place for place, name in enumerate(columns)}
        self.rows = [Row(self, values) for values in rows]
        self._indexes: dict[str, dict[str, list[Row]]] = {}

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(row.text for row in self.rows)

    def step(self, name: str) -> list[Row]:
        """Its items."""
        return self.rows if name in ("item", "*") else []

    def matching(self, column: str, value: str) -> list[Row]:
        """Rows with this text in a column, in order; the column is indexed the first time."""
        index = self._indexes.get(column)
        if index is None:
            index = {}
            place = self.columns[column]
            for row in self.rows:
                index.setdefault(row.values[place] or "", []).append(row)
            self._indexes[column] = index
        return index.get(value, [])


class Branch:
    """An element of an instance that is no plain list."""

    __slots__ = ("_text", "children", "name", "parent")
    relevant = True

    def __init__(self, element: etree._Element, parent: Branch | None) -> None:
        self.name = etree.QName(element).localname
        self.parent = parent
        self._text = element.text or ""
        self.children: list[Branch] = [Branch(child, self) for child in element]

    @property
    def text(self) -> str:
        """All of it."""
        return self._text.strip() if not self.children else "".join(child.text for child in self.children)

    def step(self, name: str) -> list[Branch]:
        """Children by name."""
        return self.children if name == "*" else [child for child in self.children if child.name == name]


class Holder:
    """What `instance('id')` gives: the document above the root element."""

    __slots__ = ("root",)
    name, text, parent, relevant = "", "", None, True

    def __init__(self, root: Table | Branch) -> None:
        self.root = root

    def step(self, name: str) -> list[Table | Branch]:
        """The root element."""
        return [self.root] if name in (self.root.name, "*") else []


def from_element(identifier: str, root: etree._Element) -> Table | Branch:
    """The instance of a root element: a table where it is a plain list of items."""
    items = list(root)
    flat = etree.QName(root).localname == "root" and all(
        etree.QName(item).localname == "item" and not any(len(cell) for cell in item) for item in items
    )
    if not flat:
        return Branch(root, None)
    _limit(identifier, len(items))
    columns: dict[str, int] = {}
    rows: list[list[str | None]] = []
    for item in items:
        row: list[str | None] = [None] * len(columns)
        for cell in item:
            place = columns.setdefault(etree.QName(cell).localname, len(columns))
            if place == len(row):
                row.append(None)
            row[place] = cell.text or ""
        rows.append(row)
    return Table(identifier, columns, (tuple(row + [None] * (len(columns) - len(row))) for row in rows))


def from_csv(identifier: str, content: bytes) -> Table:
    """The table of a CSV file in UTF-8 or GB18030 with a header line. Raises FormError."""
    check_size(identifier, content)
    try:
        said = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            said = content.decode("gb18030")
        except UnicodeDecodeError:
            raise FormError("the file is neither UTF-8 nor GB18030", identifier) from None
    header, _, _ = said.partition("\n")
    mark = max(",;\t", key=header.count)
    try:
        lines = csv.reader(io.StringIO(said, newline=""), delimiter=mark, strict=True)
        columns = [name.strip() for name in next(lines, [])]
        if not all(columns) or len(set(columns)) != len(columns) or not columns:
            raise FormError("the first line must name every column, each once", identifier)
        for name in columns:
            if not _COLUMN.fullmatch(name):
                raise FormError(f"“{name}” cannot be the name of a column; write letters and digits", identifier)
        rows: list[tuple[str, ...]] = []
        width = len(columns)
        for line in lines:
            if not any(line):
                continue
            if len(line) > width:
                raise FormError(f"line {lines.line_num} has more values than the first line has names", identifier)
            rows.append(tuple(line) if len(line) == width else (*line, *[""] * (width - len(line))))
            _limit(identifier, len(rows))
    except csv.Error as error:
        raise FormError(f"the file is no CSV ({error})", identifier) from None
    return Table(identifier, columns, rows)


def from_xml(identifier: str, content: bytes) -> Table | Branch:
    """The instance of an XML file. Raises FormError."""
    check_size(identifier, content)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise FormError(f"the file is not well-formed XML ({error.msg})", identifier) from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise FormError("the file may not declare a document type", identifier)
    return from_element(identifier, root)


def _limit(identifier: str, rows: int) -> None:
    if rows > ROW_LIMIT:
        raise FormError(f"the list has more than {ROW_LIMIT} rows", identifier)


def check_size(identifier: str, content: bytes) -> None:
    """Raises FormError for a file that is too large."""
    if len(content) > FILE_LIMIT:
        raise FormError(f"the file is larger than {FILE_LIMIT} bytes", identifier)
