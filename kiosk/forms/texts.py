"""The texts of a form in its languages, with answers put in where a label has an <output>, and media beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from kiosk.forms.declaration import Declaration
from kiosk.forms.errors import FormError
from kiosk.forms.namespaces import XF
from kiosk.forms.xpath.compiler import Form
from kiosk.forms.xpath.context import World
from kiosk.forms.xpath.expression import Expression

#: what pyxform writes where a language has no text
UNTRANSLATED = "-"
#: forms of a <value>: the text itself, a short one, guidance, and the media an engine can show
_MEDIA = ("image", "big-image", "audio", "video")
_KNOWN = (None, "long", "short", "guidance", "print", *_MEDIA)
Pieces = tuple[str | Expression, ...]


@dataclass(frozen=True)
class Label:
    """A text in every language: pieces that are plain text or an expression; guidance and media by language too."""

    pieces: Mapping[str, Pieces] = field(default_factory=dict)
    guidance: Mapping[str, Pieces] = field(default_factory=dict)
    #: language -> kind ("image", "audio", …) -> address (jr://images/a.png)
    media: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def expressions(self) -> list[Expression]:
        """Those whose values stand in the text."""
        return [one for pieces in (*self.pieces.values(), *self.guidance.values()) for one in _computed(pieces)]

    def text(self, node: Any, world: World) -> str:
        """The text in the world's language, or in the first that has one; "" for no label."""
        return _text(self.pieces, node, world)

    def guidance_text(self, node: Any, world: World) -> str:
        """The guidance, likewise."""
        return _text(self.guidance, node, world)

    def media_for(self, language: str) -> Mapping[str, str]:
        """Addresses of what is shown or played beside the text."""
        return self.media.get(language) or next(iter(self.media.values()), {})


def _computed(pieces: Pieces) -> list[Expression]:
    return [piece for piece in pieces if isinstance(piece, Expression)]


def _text(pieces: Mapping[str, Pieces], node: Any, world: World) -> str:
    chosen = pieces.get(world.language)
    if chosen is None:
        chosen = next(iter(pieces.values()), ())
    if len(chosen) == 1 and isinstance(chosen[0], str):
        return chosen[0]
    return "".join(one if isinstance(one, str) else one.text(node, world) for one in chosen).strip()


class Texts:
    """The <itext> of a form."""

    def __init__(self, model: etree._Element, form: Form) -> None:
        self._form = form
        self._entries: dict[str, dict[str, etree._Element]] = {}
        self.languages: list[str] = []
        self.default = ""
        for translation in model.findall(f"{XF}itext/{XF}translation"):
            language = translation.get("lang", "")
            self.languages.append(language)
            if translation.get("default") == "true()":
                self.default = language
            for entry in translation.findall(f"{XF}text"):
                self._entries.setdefault(entry.get("id", ""), {})[language] = entry
        self.default = self.default or (self.languages[0] if self.languages else "")
        self._plain: dict[str, dict[str, str]] = {}

    def resolve(self, language: str) -> str:
        """The form's own name of a language: "zh" is "zh", "中文 (zh)" or, where neither is there, the default."""
        for name in self.languages:
            if name == language or name.endswith(f"({language})"):
                return name
        return self.default

    def label(self, element: etree._Element | None, place: Declaration, rule: str = "label") -> Label:
        """The text of a label or hint element that stands at `place`; an empty Label for None."""
        if element is None:
            return Label()
        reference = element.get("ref", "")
        if reference.startswith("jr:itext("):
            return self.identified(reference[len("jr:itext(") : -1].strip("'\" "), place, rule)
        if reference:
            return Label({self.default: (Expression(reference, place, rule, self._form),)})
        return Label({self.default: self._pieces(element, place, rule)})

    def referred(self, reference: str, place: Declaration, rule: str) -> Label:
        """The text of `jr:itext('id')`, or `reference` itself where it is plain text."""
        if reference.startswith("jr:itext("):
            return self.identified(reference[len("jr:itext(") : -1].strip("'\" "), place, rule)
        return Label({self.default: (reference,)})

    def identified(self, identifier: str, place: Declaration, rule: str = "label") -> Label:
        """The text with this id. Raises FormError where there is none."""
        if identifier not in self._entries:
            raise FormError(f"the text {identifier} is missing", place.path, rule)
        pieces: dict[str, Pieces] = {}
        guidance: dict[str, Pieces] = {}
        media: dict[str, dict[str, str]] = {}
        for language, entry in self._entries[identifier].items():
            for value in entry.findall(f"{XF}value"):
                kind = value.get("form")
                if kind not in _KNOWN:
                    raise FormError(f"the medium {kind} is not known", place.path, rule)
                if kind in _MEDIA:
                    media.setdefault(language, {})[str(kind)] = (value.text or "").strip()
                elif (value.text or "").strip() == UNTRANSLATED and not len(value):
                    continue
                elif kind in ("guidance", "print"):
                    guidance[language] = self._pieces(value, place, "hint")
                elif kind in (None, "long") or language not in pieces:
                    pieces[language] = self._pieces(value, place, rule)
        return Label(pieces, guidance, media)

    def plain(self, identifier: str, language: str) -> str:
        """The text with this id as jr:itext() gives it, without answers; "" where there is none."""
        entries = self._entries.get(identifier, {})
        entry = entries.get(language)
        if entry is None:
            entry = next(iter(entries.values()), None)
        value = None if entry is None else entry.find(f"{XF}value")
        return "" if value is None else "".join(map(str, value.itertext())).strip()

    def _pieces(self, element: etree._Element, place: Declaration, rule: str) -> Pieces:
        pieces: list[str | Expression] = [element.text or ""]
        for child in element:
            if child.tag == f"{XF}output":
                source = str(child.get("value") or child.get("ref") or "")
                pieces.append(Expression(source, place, rule, self._form))
            else:
                pieces.append("".join(str(part) for part in child.itertext()))
            pieces.append(child.tail or "")
        if len(pieces) == 1:
            return (str(pieces[0]).strip(),)
        return tuple(piece for piece in pieces if piece != "")
