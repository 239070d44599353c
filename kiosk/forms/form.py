"""A form, as those who use the engine meet it: loaded once, run in as many sessions as there are citizens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from kiosk.forms.definition import FormDefinition
from kiosk.forms.loading import load
from kiosk.forms.session import FormSession


class Form(FormDefinition):
    """A loaded form. Never changes; a form that loads can be run."""

    @classmethod
    def load(cls, xml: bytes) -> Form:
        """Read an XForm. Raises FormError, naming the place, for whatever could not be run later."""
        definition = load(xml)
        return cls(**{part.name: getattr(definition, part.name) for part in fields(definition) if part.init})

    def start(self, language: str = "", prefill: Mapping[str, str] | None = None) -> FormSession:
        """A new session; `prefill` maps `bianmin:from` sources ("identity/name") to values."""
        return FormSession(self, language or self.default_language, prefill or {})

    def restore(self, saved: bytes, language: str = "") -> FormSession:
        """A session as `FormSession.serialise` left it. Raises FormError if it belongs to another form or version."""
        return FormSession.restored(self, saved, language or self.default_language)
