"""Secondary instances: those written into the form, and those whose file comes beside it."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from kiosk.forms.errors import FormError
from kiosk.forms.geojson import from_geojson
from kiosk.forms.namespaces import XF
from kiosk.forms.secondary import Branch, Table, from_csv, from_element, from_xml


def read_instances(model: etree._Element, resources: Callable[[str], bytes] | None) -> dict[str, Table | Branch]:
    """Every list and file by its id. Raises FormError where a file is not there or cannot be read."""
    found: dict[str, Table | Branch] = {}
    for instance in model.findall(f"{XF}instance")[1:]:
        identifier, source = instance.get("id", ""), instance.get("src", "")
        if not identifier or identifier in found:
            raise FormError("every list of a form needs an id of its own", identifier)
        if source:
            found[identifier] = _from_file(identifier, source, resources)
        elif len(instance) == 1:
            found[identifier] = from_element(identifier, instance[0])
        else:
            raise FormError("the list is empty", identifier)
    return found


def _from_file(identifier: str, source: str, resources: Callable[[str], bytes] | None) -> Table | Branch:
    if source.startswith("jr://instance/"):
        raise FormError(f"{source} cannot be read here", identifier)
    if resources is None:
        raise FormError(f"the file {source} is not beside the form", identifier)
    try:
        content = resources(source)
    except (OSError, KeyError, LookupError):
        raise FormError(f"the file {source} is not beside the form", identifier) from None
    if source.startswith("jr://file-csv/"):
        return from_csv(identifier, content)
    return from_geojson(identifier, content) if source.endswith(".geojson") else from_xml(identifier, content)
