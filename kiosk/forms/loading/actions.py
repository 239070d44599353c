"""setvalue: values given once when something happens (ODK XForms specification, "Events and Actions")."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from kiosk.forms.declaration import Action, Declaration
from kiosk.forms.errors import FormError
from kiosk.forms.loading.paths import plain_path
from kiosk.forms.namespaces import ODK, XF
from kiosk.forms.xpath.compiler import Form
from kiosk.forms.xpath.expression import Expression

FIRST_LOAD = frozenset({"odk-instance-first-load", "xforms-ready"})
NEW_REPEAT, VALUE_CHANGED = "odk-new-repeat", "xforms-value-changed"
_EVENTS = FIRST_LOAD | {NEW_REPEAT, VALUE_CHANGED}
_NOT_RUN = {f"{ODK}setgeopoint": "a terminal does not move; type the place", f"{ODK}recordaudio": "nothing is recorded"}


def read_actions(
    root: etree._Element, declarations: Mapping[str, Declaration], form: Form
) -> tuple[tuple[Action, ...], dict[Declaration, tuple[Action, ...]]]:
    """Actions of the start, and of each repeat; those of changed values go to their questions. Raises FormError."""
    first: list[Action] = []
    by_repeat: dict[Declaration, tuple[Action, ...]] = {}
    for element in root.iter():
        if element.tag in _NOT_RUN:
            name = etree.QName(element).localname
            raise FormError(f"<{name}> is not run: {_NOT_RUN[str(element.tag)]}", element.get("ref") or "")
        if element.tag != f"{XF}setvalue":
            continue
        action = _action(element, declarations, form)
        if action.events & FIRST_LOAD:
            first.append(action)
        if NEW_REPEAT in action.events:
            repeat = action.target.innermost_repeat()
            if repeat is None:
                raise FormError(f"{NEW_REPEAT} needs a repeat around it", action.target.path, "default")
            by_repeat[repeat] = (*by_repeat.get(repeat, ()), action)
        if VALUE_CHANGED in action.events:
            if action.trigger is None:
                raise FormError(f"{VALUE_CHANGED} belongs within a question", action.target.path, "trigger")
            action.trigger.actions.append(action)
    return tuple(first), by_repeat


def _action(element: etree._Element, declarations: Mapping[str, Declaration], form: Form) -> Action:
    path = plain_path(element.get("ref") or "")
    target = declarations.get(path)
    if target is None or target.children:
        raise FormError("a value is set at a question that does not exist", path, "default")
    events = frozenset((element.get("event") or element.get("{http://www.w3.org/2001/xml-events}event") or "").split())
    if not events or not events <= _EVENTS:
        raise FormError(f"the event {' '.join(sorted(events - _EVENTS)) or '(none)'} is not known", path, "trigger")
    source = (element.get("value") or "").strip()
    value = Expression(source, target, "default", form) if source else None
    parent = element.getparent()
    asked = declarations.get((parent.get("ref") or "").strip()) if parent is not None else None
    return Action(events, asked, target, value, (element.text or "").strip())
