"""Reading an XForm: everything that could go wrong later is refused here, with its place."""

from __future__ import annotations

import re

from lxml import etree

from kiosk.forms.definition import (
    _CONTROLS,
    _KINDS,
    FROM,
    JR,
    XF,
    Bind,
    ChoiceDefinition,
    Control,
    FormDefinition,
    H,
    PageDefinition,
)
from kiosk.forms.dependencies import Dependencies
from kiosk.forms.errors import FormError
from kiosk.forms.expressions import Expression
from kiosk.forms.translations import Label, Translations

#: a form of 300 questions in two languages is about 400 KB
SIZE_LIMIT = 4_000_000
_CHOICE_LIST = re.compile(r"instance\('([^']+)'\)/root/item")


def load(xml: bytes) -> FormDefinition:
    """See `Form.load`."""
    if len(xml) > SIZE_LIMIT:
        raise FormError(f"the form is larger than {SIZE_LIMIT} bytes")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise FormError(f"the form is not well-formed XML ({error.msg})") from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise FormError("a form may not declare a document type")
    model, body = root.find(f"{H}head/{XF}model"), root.find(f"{H}body")
    if model is None or body is None:
        raise FormError("the file is no XForm: model or body is missing")
    for element in root.iter(f"{XF}setvalue"):
        raise FormError("a default value that is computed is not supported yet", element.get("ref", ""))
    template = _template(model)
    paths = {_path(node) for node in template.iter()}
    bind_elements = model.findall(f"{XF}bind")
    dates = frozenset(b.get("nodeset", "") for b in bind_elements if b.get("type") == "date")
    translations = Translations(model, dates, paths)
    binds = {}
    for element in bind_elements:
        bind = _bind(element, translations, dates, paths)
        binds[bind.path] = bind
    pages = tuple(_pages(body, translations, binds, _choices(model, translations)))
    if not pages:
        raise FormError("the form has no page")
    return FormDefinition(
        id=template.get("id", ""),
        version=template.get("version", ""),
        title=root.findtext(f"{H}head/{H}title", ""),
        languages=tuple(translations.languages),
        default_language=translations.default,
        template=template,
        binds=binds,
        pages=pages,
        dependencies=_dependencies(binds, paths),
    )


def _template(model: etree._Element) -> etree._Element:
    """The main instance, its elements without namespace, so that paths read as they are written."""
    instance = model.find(f"{XF}instance")
    if instance is None or len(instance) != 1:
        raise FormError("the form has no main instance")
    source = instance[0]
    plain = etree.Element(
        etree.QName(source).localname, {str(k): str(v) for k, v in source.attrib.items() if "}" not in str(k)}
    )
    _copy(source, plain)
    return plain


def _copy(source: etree._Element, target: etree._Element) -> None:
    target.text = (source.text or "").strip() or None
    for child in source:
        if f"{JR}template" in child.attrib:
            raise FormError("repeats are not supported yet", etree.QName(child).localname)
        if target.find(etree.QName(child).localname) is not None:
            raise FormError("the name stands twice in one group", etree.QName(child).localname)
        _copy(child, etree.SubElement(target, etree.QName(child).localname))


def _path(node: etree._Element) -> str:
    names: list[str] = []
    current: etree._Element | None = node
    while current is not None:
        names.append(str(current.tag))
        current = current.getparent()
    return "/" + "/".join(reversed(names))


def _bind(element: etree._Element, translations: Translations, dates: frozenset[str], paths: set[str]) -> Bind:
    path = element.get("nodeset", "")
    if path not in paths:
        raise FormError("a rule stands at a question that does not exist", path)
    kind = element.get("type", "string")
    if kind not in _KINDS:
        raise FormError(f"the type {kind} is not supported yet", path)
    preload = element.get(f"{JR}preload", "")
    if preload not in ("", "uid"):
        raise FormError(f"the preload “{preload}” is not supported yet", path)

    def expression(name: str) -> Expression | None:
        source = element.get(name)
        compiled = Expression(source, path, dates) if source else None
        for read in compiled.reads if compiled else ():
            if read not in paths and not read.startswith("/root"):
                raise FormError(f"the rule “{name}” reads {read}, which does not exist", path)
        return compiled

    def message(name: str) -> Label | None:
        reference = element.get(f"{JR}{name}")
        return translations.referred(reference, path) if reference else None

    return Bind(
        path=path,
        kind=_KINDS[kind],
        required=expression("required"),
        readonly=element.get("readonly", "") == "true()",
        relevant=expression("relevant"),
        constraint=expression("constraint"),
        constraint_message=message("constraintMsg"),
        required_message=message("requiredMsg"),
        calculate=expression("calculate"),
        source=element.get(FROM, ""),
        preload=preload,
    )


def _choices(model: etree._Element, translations: Translations) -> dict[str, tuple[ChoiceDefinition, ...]]:
    lists = {}
    for instance in model.findall(f"{XF}instance")[1:]:
        name = instance.get("id", "")
        choices = []
        for item in instance.iter(f"{XF}item"):
            value, text_id = item.findtext(f"{XF}name", ""), item.findtext(f"{XF}itextId")
            label = (
                translations.identified(text_id, name)
                if text_id
                else Label({translations.default: (item.findtext(f"{XF}label", value),)})
            )
            choices.append(ChoiceDefinition(value, label))
        lists[name] = tuple(choices)
    return lists


def _pages(
    body: etree._Element,
    translations: Translations,
    binds: dict[str, Bind],
    lists: dict[str, tuple[ChoiceDefinition, ...]],
) -> list[PageDefinition]:
    pages: list[PageDefinition] = []
    for element in body:
        name = etree.QName(element).localname
        if name == "group":
            path = element.get("ref", "")
            controls = [c for c in element if etree.QName(c).localname in (*_CONTROLS, "group", "repeat")]
            if "field-list" in element.get("appearance", ""):
                page = tuple(_control(c, translations, binds, lists) for c in controls)
                pages.append(PageDefinition(path, translations.label(element.find(f"{XF}label"), path), page))
            else:
                pages.extend(_pages(element, translations, binds, lists))
        elif name in ("label", "hint"):
            continue
        else:
            control = _control(element, translations, binds, lists)
            pages.append(PageDefinition(control.path, control.label, (control,)))
    return pages


def _control(
    element: etree._Element,
    translations: Translations,
    binds: dict[str, Bind],
    lists: dict[str, tuple[ChoiceDefinition, ...]],
) -> Control:
    name, path = etree.QName(element).localname, element.get("ref", "")
    if name not in _CONTROLS:
        raise FormError(f"<{name}> is not supported yet", path or element.get("nodeset", ""))
    bind = binds.get(path)
    if bind is None:
        raise FormError("the question has no bind", path)
    kind = _CONTROLS[name] or bind.kind
    if name == "input" and bind.readonly and bind.kind == "text" and not bind.source and not bind.calculate:
        kind = "note"
    choices: tuple[ChoiceDefinition, ...] = ()
    itemset = element.find(f"{XF}itemset")
    if itemset is not None:
        nodeset = itemset.get("nodeset", "")
        named = _CHOICE_LIST.fullmatch(nodeset)
        if named is None:
            raise FormError("a choice list that is filtered or shuffled is not supported yet", path)
        list_name = named.group(1)
        if not lists.get(list_name):
            raise FormError(f"the choice list {list_name} is missing or empty", path)
        choices = lists[list_name]
    elif kind.startswith("select"):
        choices = tuple(
            ChoiceDefinition(item.findtext(f"{XF}value", ""), translations.label(item.find(f"{XF}label"), path))
            for item in element.findall(f"{XF}item")
        )
    return Control(
        path,
        kind,
        translations.label(element.find(f"{XF}label"), path),
        translations.label(element.find(f"{XF}hint"), path),
        element.get("appearance", ""),
        choices,
    )


def _dependencies(binds: dict[str, Bind], paths: set[str]) -> Dependencies:
    """Calculations and relevance decide values; constraints and required do not and are checked when asked."""
    reads: dict[str, set[str]] = {path: set() for path in paths}
    for path, bind in binds.items():
        for expression in (bind.calculate, bind.relevant):
            if expression:
                reads[path] |= expression.reads
    for path in paths:
        parent = path.rpartition("/")[0]
        if parent in paths:
            reads[path].add(parent)
    return Dependencies(reads)
