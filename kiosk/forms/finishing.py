"""The finished form: the XForms instance without what is not relevant, and the answers as people read them."""

from __future__ import annotations

from lxml import etree

from kiosk.forms.definition import FormDefinition
from kiosk.forms.namespaces import ORX
from kiosk.forms.node import Node
from kiosk.forms.page import Question


def instance_xml(form: FormDefinition, root: Node) -> bytes:
    """The submission (ODK XForms specification, "Primary Instance"): relevant nodes only."""
    tree = etree.Element(root.declaration.tag or root.name, dict(form.attributes), {"orx": ORX[1:-1]})
    _write(root, tree)
    etree.cleanup_namespaces(tree)
    return etree.tostring(tree, encoding="utf-8", xml_declaration=True)


def _write(node: Node, element: etree._Element) -> None:
    if not node.declaration.children:
        element.text = node.value or None
        return
    for child in node.children:
        if child.relevant:
            _write(child, etree.SubElement(element, child.declaration.tag or child.name))


def finished_answers(questions: list[Question], root: Node) -> tuple[tuple[str, str, str, str], ...]:
    """Each answer as (path, label, value, shown); calculations nobody is asked last, with no label."""
    answers = [
        (question.path, question.label, question.value, question.shown)
        for question in questions
        if question.kind != "note" and question.value
    ]
    calculated = [
        (node.path, "", node.value, node.value)
        for node in root.everything()
        if node.relevant and node.value and node.declaration.rules.calculate and node.declaration.question is None
    ]
    return tuple(answers + calculated)
