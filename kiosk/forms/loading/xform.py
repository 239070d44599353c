"""The whole of an XForm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from kiosk.forms.declaration import Declaration
from kiosk.forms.definition import FormDefinition
from kiosk.forms.errors import FormError
from kiosk.forms.loading.actions import read_actions
from kiosk.forms.loading.binds import read_binds
from kiosk.forms.loading.controls import read_body
from kiosk.forms.loading.files import read_instances
from kiosk.forms.loading.order import put_in_order
from kiosk.forms.loading.primary import read_primary
from kiosk.forms.namespaces import ORX, XF, H
from kiosk.forms.secondary import Branch, Table
from kiosk.forms.texts import Texts

#: bytes; a form of 300 questions in two languages is about 400 KB
SIZE_LIMIT = 8_000_000
#: elements within elements; pyxform's forms stay below 20
DEPTH_LIMIT = 60
Resources = Callable[[str], bytes]


@dataclass
class Scope:
    """What expressions are compiled against while the form is being read."""

    root: Declaration
    instances: dict[str, Table | Branch]


def load(xml: bytes, resources: Resources | None = None) -> FormDefinition:
    """See `Form.load`."""
    root = _document(xml)
    model, body = root.find(f"{H}head/{XF}model"), root.find(f"{H}body")
    if model is None or body is None:
        raise FormError("the file is no XForm: model or body is missing")
    _refuse_what_is_not_run(model)
    primary = read_primary(model, body)
    scope = Scope(primary.root, read_instances(model, resources))
    texts = Texts(model, scope)
    declarations = {one.path: one for one in primary.root.everything()}
    read_binds(model, declarations, texts, scope)
    parts = read_body(body, declarations, texts, scope)
    if not parts:
        raise FormError("the form has no page")
    first, by_repeat = read_actions(root, declarations, scope)
    put_in_order(primary.root, first)
    return FormDefinition(
        id=primary.attributes.get("id", ""),
        version=primary.attributes.get("version") or primary.attributes.get(f"{ORX}version", ""),
        title=root.findtext(f"{H}head/{H}title", ""),
        attributes=primary.attributes,
        texts=texts,
        root=primary.root,
        declarations=declarations,
        instances=scope.instances,
        body=parts,
        first_actions=first,
        repeat_actions=by_repeat,
    )


def _document(xml: bytes) -> etree._Element:
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
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEPTH_LIMIT:
            raise FormError(f"elements stand within each other deeper than {DEPTH_LIMIT}")
    return root


def _refuse_what_is_not_run(model: etree._Element) -> None:
    submission = model.find(f"{XF}submission")
    if submission is not None and submission.get("base64RsaPublicKey"):
        raise FormError("forms encrypted with a key of their own are not run; cases are sealed by the terminal", "/")
