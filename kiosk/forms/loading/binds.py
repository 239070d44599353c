"""The binds: type and logic of each node."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from kiosk.forms.declaration import Declaration, Rules
from kiosk.forms.errors import FormError
from kiosk.forms.kinds import KINDS
from kiosk.forms.loading.paths import plain_path
from kiosk.forms.namespaces import FROM, JR, XF
from kiosk.forms.texts import Label, Texts
from kiosk.forms.xpath.compiler import Form
from kiosk.forms.xpath.expression import Expression

#: what this engine fills in by itself: preload and its parameter
PRELOADS = {
    "uid": ("",),
    "timestamp": ("start", "end"),
    "date": ("today",),
    "property": ("deviceid", "email", "username", "phonenumber", "phone number", "simserial", "subscriberid"),
}


def read_binds(model: etree._Element, declarations: Mapping[str, Declaration], texts: Texts, form: Form) -> None:
    """Give every declaration its rules. Raises FormError."""
    seen = set()
    for element in model.findall(f"{XF}bind"):
        path = plain_path(element.get("nodeset") or element.get("ref") or "")
        if path not in declarations:
            raise FormError("a rule stands at a question that does not exist", path)
        if path in seen:
            raise FormError("two binds stand at one question", path)
        seen.add(path)
        declarations[path].rules = _rules(element, declarations[path], texts, form)


def _rules(element: etree._Element, place: Declaration, texts: Texts, form: Form) -> Rules:
    if place.name == "audit" and place.parent is not None and place.parent.name == "meta":
        raise FormError("audit logs of answering are not kept: they would say how a person answered", place.path)
    kind = element.get("type", "string").rpartition(":")[2]
    if kind not in KINDS or (":" in element.get("type", "") and element.get("type", "")[:4] not in ("xsd:", "odk:")):
        raise FormError(f"the type {element.get('type')} is not known", place.path, "type")

    def expression(name: str) -> Expression | None:
        source = (element.get(name) or "").strip()
        return Expression(source, place, name, form) if source else None

    def condition(name: str) -> Expression | None:
        compiled = expression(name)
        return None if compiled is not None and compiled.source in ("false()", "false") else compiled

    def message(name: str) -> Label | None:
        reference = element.get(f"{JR}{name}")
        return texts.referred(reference, place, name) if reference else None

    rules = Rules(
        kind=KINDS[kind],
        required=condition("required"),
        readonly=condition("readonly"),
        relevant=expression("relevant"),
        constraint=expression("constraint"),
        calculate=expression("calculate"),
        constraint_message=message("constraintMsg"),
        required_message=message("requiredMsg"),
        source=element.get(FROM, ""),
        preload=_preload(element, place),
    )
    for expected in (rules.relevant, rules.calculate):
        if expected is not None and expected.reads_itself:
            raise FormError(f"“{expected.source}” depends on its own answer: a circle", place.path, expected.rule)
    return rules


def _preload(element: etree._Element, place: Declaration) -> tuple[str, str]:
    kind, parameter = element.get(f"{JR}preload", ""), element.get(f"{JR}preloadParams", "")
    if kind and parameter not in PRELOADS.get(kind, ()):
        raise FormError(f"the preload “{kind} {parameter}” is not known".replace(" ”", "”"), place.path, "preload")
    return kind, parameter
