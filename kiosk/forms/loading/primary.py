"""The primary instance: which nodes there are, which may repeat, what stands in them from the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from kiosk.forms.declaration import Declaration, Repeat, Written
from kiosk.forms.errors import FormError
from kiosk.forms.loading.paths import plain_path
from kiosk.forms.namespaces import ENTITIES, JR, XF

#: nodes of one form
NODE_LIMIT = 20_000
_TEMPLATE = f"{JR}template"


@dataclass(frozen=True)
class Primary:
    """The declared tree and the attributes of its root."""

    root: Declaration
    attributes: Mapping[str, str]


def read_primary(model: etree._Element, body: etree._Element) -> Primary:
    """The declarations of the main instance. Raises FormError."""
    instance = model.find(f"{XF}instance")
    if instance is None or len(instance) != 1:
        raise FormError("the form has no main instance")
    source = instance[0]
    if sum(1 for _ in source.iter()) > NODE_LIMIT:
        raise FormError(f"the form has more than {NODE_LIMIT} questions")
    repeats = {plain_path(one.get("nodeset") or one.get("ref") or "") for one in body.iter(f"{XF}repeat")}
    root = Declaration(etree.QName(source).localname, None, tag=_own_tag(source))
    _fill(root, source, repeats)
    missing = sorted(repeats - {one.path for one in root.everything()})
    if missing:
        raise FormError("the repeat stands at a question that does not exist", missing[0])
    attributes = {str(name): str(value) for name, value in source.attrib.items()}
    return Primary(root, attributes)


def _own_tag(element: etree._Element) -> str:
    tag = str(element.tag)
    return "" if tag.startswith(XF) or "}" not in tag else tag


def _fill(one: Declaration, source: etree._Element, repeats: set[str]) -> None:
    one.text = (source.text or "").strip() if not len(source) else ""
    by_name: dict[str, list[etree._Element]] = {}
    for child in source:
        if str(child.tag).startswith(ENTITIES):
            raise FormError("entities are not run", f"{one.path}/{etree.QName(child).localname}")
        by_name.setdefault(etree.QName(child).localname, []).append(child)
    for name, elements in by_name.items():
        below = one.children[name] = Declaration(name, one, tag=_own_tag(elements[0]))
        templates = [element for element in elements if _TEMPLATE in element.attrib]
        present = [element for element in elements if _TEMPLATE not in element.attrib]
        if below.path in repeats:
            below.repeat = Repeat()
            below.written = tuple(map(_written, present))
        elif len(elements) > 1:
            raise FormError("the name stands twice in one group", below.path)
        _fill(below, (templates or present)[0], repeats)
        for element in present if below.repeat else ():
            _same_shape(below, element)


def _written(element: etree._Element) -> Written:
    """What one instance written into the form holds."""
    found: Written = {}
    for child in element:
        if _TEMPLATE not in child.attrib:
            said = _written(child) if len(child) else {"": (child.text or "").strip()}
            found.setdefault(etree.QName(child).localname, []).append(said)
    return found


def _same_shape(one: Declaration, element: etree._Element) -> None:
    for child in element:
        name = etree.QName(child).localname
        if name not in one.children:
            raise FormError("it stands in one instance of the repeat and not in its template", f"{one.path}/{name}")
        _same_shape(one.children[name], child)
