"""The body: questions, groups and repeats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from lxml import etree

from kiosk.forms.body import FixedChoice, Group, Itemset, Part, Question, Repeated
from kiosk.forms.declaration import Declaration
from kiosk.forms.errors import FormError
from kiosk.forms.loading.paths import plain_path
from kiosk.forms.namespaces import JR, ODK, XF
from kiosk.forms.secondary import Table
from kiosk.forms.texts import Label, Texts
from kiosk.forms.xpath.compiler import Form
from kiosk.forms.xpath.expression import Expression

_CONTROLS = {
    f"{XF}input": "", f"{XF}select1": "select_one", f"{XF}select": "select_multiple", f"{XF}trigger": "acknowledge",
    f"{XF}range": "range", f"{XF}upload": "file", f"{ODK}rank": "rank",
}  # fmt: skip
_LIST = re.compile(r"instance\(\s*['\"]([^'\"]+)['\"]\s*\)/root/item")
_TRANSLATED = re.compile(r"jr:itext\(\s*([\w.-]+)\s*\)")
#: actions stand beside questions and are read apart
_PASSED_OVER = {f"{XF}label", f"{XF}hint", f"{XF}setvalue"}
#: ODK's ways of handing a question to another program, and of drawing on a map or a picture of places
_NOT_RUN = re.compile(r"\b(?:ex:|intent:|placement-map|maps|annotate|draw|image-map|bearing|printer:)")


def read_body(
    body: etree._Element, declarations: Mapping[str, Declaration], texts: Texts, form: Form
) -> tuple[Part, ...]:
    """What the body shows, in order. Raises FormError."""
    return _Reader(declarations, texts, form).parts(body, None)


class _Reader:
    def __init__(self, declarations: Mapping[str, Declaration], texts: Texts, form: Form) -> None:
        self._declarations, self._texts, self._form = declarations, texts, form

    def parts(self, element: etree._Element, above: Declaration | None) -> tuple[Part, ...]:
        found: list[Part] = []
        for child in element:
            if child.tag == f"{XF}group":
                found.append(self._group(child, above))
            elif child.tag == f"{XF}repeat":
                found.append(self._repeat(child, Label(), False, above))
            elif child.tag in _CONTROLS:
                found.append(self._question(child, above))
            elif child.tag not in _PASSED_OVER:
                name = etree.QName(child).localname
                raise FormError(f"<{name}> is not run", child.get("ref") or child.get("nodeset") or "")
        return tuple(part for part in found if not isinstance(part, Group) or part.parts)

    def _group(self, element: etree._Element, above: Declaration | None) -> Part:
        path = element.get("ref") or element.get("nodeset") or ""
        declaration = self._at(plain_path(path, _path(above))) if path else above
        place = declaration or self._form.root
        label = self._texts.label(element.find(f"{XF}label"), place)
        page = "field-list" in element.get("appearance", "").split()
        inner = element.find(f"{XF}repeat")
        if inner is not None and not any(child.tag in _CONTROLS or child.tag == f"{XF}group" for child in element):
            return self._repeat(inner, label, page, declaration)
        parts = self.parts(element, declaration)
        if page and any(isinstance(part, Repeated) for part in _flat(parts)):
            raise FormError("a repeat cannot stand on a page of several questions (field-list)", place.path)
        return Group(declaration, label, parts, page)

    def _repeat(self, element: etree._Element, label: Label, page: bool, above: Declaration | None) -> Repeated:
        declaration = self._at(plain_path(element.get("nodeset") or element.get("ref") or "", _path(above)))
        repeat = declaration.repeat
        assert repeat is not None
        count = (element.get(f"{JR}count") or "").strip()
        if count:
            repeat.count = Expression(count, declaration.parent or declaration, "count", self._form)
            if any(read is declaration or read.within(declaration) for read in repeat.count.reads):
                raise FormError("how many there are depends on what stands within: a circle", declaration.path, "count")
        repeat.fixed = element.get(f"{JR}noAddRemove", "").strip() in ("true()", "true")
        parts = self.parts(element, declaration)
        page = page or "field-list" in element.get("appearance", "").split()
        if page and any(isinstance(part, Repeated) for part in _flat(parts)):
            raise FormError("a repeat cannot stand on a page of several questions (field-list)", declaration.path)
        return Repeated(declaration, label, parts, page)

    def _at(self, path: str) -> Declaration:
        found = self._declarations.get(path.strip())
        if found is None:
            raise FormError("the group stands at a question that does not exist", path)
        return found

    # questions

    def _question(self, element: etree._Element, above: Declaration | None) -> Question:
        path = plain_path(element.get("ref") or element.get("nodeset") or "", _path(above))
        place = self._declarations.get(path)
        if place is None:
            raise FormError("the question has no place in the form's data", path)
        if place.children:
            raise FormError("a question cannot be a group", path)
        if place.question is not None:
            raise FormError("it is asked twice", path)
        if place.innermost_repeat() is not (above.innermost_repeat() if above else None):
            raise FormError("it is asked outside the repeat its answers belong to", path)
        appearance = element.get("appearance", "")
        if _NOT_RUN.search(appearance):
            raise FormError(f"the appearance “{appearance}” is not run", path, "appearance")
        kind = self._kind(element, place)
        choices, itemset = (
            self._choices(element, place) if kind in ("select_one", "select_multiple", "rank") else ((), None)
        )
        place.question = Question(
            place, kind,
            self._texts.label(element.find(f"{XF}label"), place),
            self._texts.label(element.find(f"{XF}hint"), place, "hint"),
            appearance, choices, itemset,
            _bounds(element, place) if kind == "range" else None,
            (element.get("accept") or element.get("mediatype") or "").strip(),
        )  # fmt: skip
        return place.question

    def _kind(self, element: etree._Element, place: Declaration) -> str:
        kind = _CONTROLS[str(element.tag)] or place.rules.kind
        if kind == "file":
            medium = element.get("mediatype", "").partition("/")[0]
            return medium if medium in ("image", "audio", "video") else "file"
        rules = place.rules
        always = rules.readonly is not None and rules.readonly.source in ("true()", "true")
        if kind == "text" and always and not rules.source and rules.calculate is None and not place.text:
            return "note"
        return kind

    def _choices(self, element: etree._Element, place: Declaration) -> tuple[tuple[FixedChoice, ...], Itemset | None]:
        itemset = element.find(f"{XF}itemset")
        if itemset is None:
            fixed = tuple(self._item(item, place) for item in element.findall(f"{XF}item"))
            if not fixed:
                raise FormError("there is nothing to choose from", place.path, "choices")
            _check_values([choice.value for choice in fixed], place)
            return fixed, None
        return (), self._itemset(itemset, place)

    def _item(self, item: etree._Element, place: Declaration) -> FixedChoice:
        label = self._texts.label(item.find(f"{XF}label"), place, "choices")
        return FixedChoice((item.findtext(f"{XF}value") or "").strip(), label)

    def _itemset(self, element: etree._Element, place: Declaration) -> Itemset:
        nodeset = (element.get("nodeset") or "").strip()
        nodes = Expression(nodeset, place, "choices", self._form)
        value, label = element.find(f"{XF}value"), element.find(f"{XF}label")
        value_name = "" if value is None else value.get("ref", "").strip()
        label_ref = "" if label is None else label.get("ref", "").strip()
        translated = _TRANSLATED.fullmatch(label_ref)
        label_name = translated.group(1) if translated else label_ref
        whole, any_list = _LIST.fullmatch(nodeset), _LIST.search(nodeset)
        table = self._form.instances.get(any_list.group(1)) if any_list else None
        labels: dict[str, Label] = {}
        if isinstance(table, Table):
            if not table.rows:
                raise FormError(f"the choice list {table.id} is empty", place.path, "choices")
            for name in (value_name, label_name):
                if name not in table.columns:
                    raise FormError(f"the list {table.id} has no column “{name}”", place.path, "choices")
            if len(table.rows) <= 5_000:
                _check_values([row.get(value_name) for row in table.rows], place, table)
            if translated:
                said = dict.fromkeys(row.get(label_name) for row in table.rows)
                labels = {one: self._texts.identified(one, place, "choices") for one in said}
        return Itemset(
            nodes, value_name, label_name, translated is not None, labels,
            table if whole and isinstance(table, Table) else None,
        )  # fmt: skip


def _path(above: Declaration | None) -> str:
    return above.path if above else ""


def _check_values(values: list[str], place: Declaration, table: Table | None = None) -> None:
    where = f"the choice list {table.id}" if table else "the choices"
    for value in values:
        if not value or value.split() != [value]:
            raise FormError(f"{where}: “{value}” cannot be a value; it needs to be one word", place.path, "choices")
    # in a list that is filtered a value may stand once for each of the places it belongs to
    if table is None and len(set(values)) != len(values):
        raise FormError(f"{where}: a value stands twice", place.path, "choices")


def _bounds(element: etree._Element, place: Declaration) -> tuple[str, str, str]:
    start, end, step = (element.get(name, "") for name in ("start", "end", "step"))
    try:
        first, last, each = Decimal(start), Decimal(end), Decimal(step)
    except InvalidOperation:
        raise FormError("a range needs the numbers start, end and step", place.path, "parameters") from None
    if each == 0 or first == last or abs(last - first) < abs(each):
        raise FormError("a range needs a step that fits between start and end", place.path, "parameters")
    return start, end, step


def _flat(parts: tuple[Part, ...]) -> list[Part]:
    found: list[Part] = []
    for part in parts:
        found.append(part)
        if isinstance(part, Group):
            found += _flat(part.parts)
    return found
