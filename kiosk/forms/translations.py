"""The texts of a form in its languages, with answers put in where a label has an <output>."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from kiosk.forms.errors import FormError
from kiosk.forms.expressions import Expression

XF = "{http://www.w3.org/2002/xforms}"
#: what pyxform writes where a language has no text
UNTRANSLATED = ("-",)


@dataclass(frozen=True)
class Label:
    """A text in every language: pieces that are plain text or an expression to be computed."""

    pieces: dict[str, tuple[str | Expression, ...]] = field(default_factory=dict)

    @property
    def computed(self) -> bool:
        """Whether the text depends on answers."""
        return any(isinstance(piece, Expression) for pieces in self.pieces.values() for piece in pieces)

    def text(self, language: str, compute: Callable[[Expression], str]) -> str:
        """The text in `language`, or in the form's first language; "" for no label."""
        pieces = self.pieces.get(language, UNTRANSLATED)
        if pieces == UNTRANSLATED:
            pieces = next((one for one in self.pieces.values() if one != UNTRANSLATED), ())
        return "".join(piece if isinstance(piece, str) else compute(piece) for piece in pieces).strip()


class Translations:
    """The <itext> of a form."""

    def __init__(self, model: etree._Element, dates: frozenset[str], paths: set[str]) -> None:
        self._dates = dates
        self._paths = paths
        self._texts: dict[str, dict[str, tuple[str | Expression, ...]]] = {}
        self.languages: list[str] = []
        self.default = ""
        for translation in model.findall(f"{XF}itext/{XF}translation"):
            language = translation.get("lang", "")
            self.languages.append(language)
            if translation.get("default") == "true()":
                self.default = language
            for entry in translation.findall(f"{XF}text"):
                identifier = entry.get("id", "")
                for form in [v.get("form") for v in entry.findall(f"{XF}value")]:
                    if form not in (None, "guidance"):
                        raise FormError(f"media ({form}) are not supported yet", identifier.partition(":")[0])
                value = next((v for v in entry.findall(f"{XF}value") if v.get("form") is None), None)
                if value is not None:
                    self._texts.setdefault(identifier, {})[language] = self._pieces(value, identifier)
        self.default = self.default or (self.languages[0] if self.languages else "")

    def label(self, element: etree._Element | None, place: str) -> Label:
        """The label or hint element's text; an empty Label for None."""
        if element is None:
            return Label()
        reference = element.get("ref")
        if reference:
            return self.referred(reference, place)
        return Label({self.default: self._pieces(element, place)})

    def referred(self, reference: str, place: str) -> Label:
        """The text of `jr:itext('id')`, or `reference` itself where it is plain text."""
        if not reference.startswith("jr:itext("):
            return Label({self.default: (reference,)})
        return self.identified(reference[len("jr:itext(") : -1].strip("'\" "), place)

    def identified(self, identifier: str, place: str) -> Label:
        """The text with this id. Raises FormError where there is none."""
        if identifier not in self._texts:
            raise FormError(f"the text {identifier} is missing", place)
        return Label(self._texts[identifier])

    def _pieces(self, element: etree._Element, place: str) -> tuple[str | Expression, ...]:
        pieces: list[str | Expression] = [element.text or ""]
        for child in element:
            if child.tag == f"{XF}output":
                pieces.append(self._output(str(child.get("value") or child.get("ref") or ""), place.split(":")[0]))
            pieces.append(child.tail or "")
        return tuple(pieces)

    def _output(self, source: str, place: str) -> Expression:
        expression = Expression(source, place, self._dates)
        for read in expression.reads:
            if read not in self._paths:
                raise FormError(f"the text reads {read}, which does not exist", place)
        return expression
