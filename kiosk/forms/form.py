"""A form, as those who use the engine meet it: loaded once, run in as many sessions as there are citizens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from kiosk.forms.definition import FormDefinition
from kiosk.forms.loading import load
from kiosk.forms.loading.xform import Resources
from kiosk.forms.session import FormSession


class Form(FormDefinition):
    """A loaded form. Never changes; a form that loads can be run."""

    @classmethod
    def load(cls, xml: bytes, resources: Resources | None = None) -> Form:
        """Read an XForm. `resources` gives the bytes of a file beside it by its address (jr://file-csv/list.csv),
        or raises KeyError or OSError.

        Raises FormError, naming the place, for whatever could not be run later.
        """
        definition = load(xml, resources)
        return cls(**{part.name: getattr(definition, part.name) for part in fields(definition) if part.init})

    def start(
        self, language: str = "", prefill: Mapping[str, str] | None = None, properties: Mapping[str, str] | None = None
    ) -> FormSession:
        """A new session; `prefill` maps `bianmin:from` sources ("identity/name") to values, `properties` the
        preloads of ODK ("deviceid", "username", …)."""
        return FormSession(self, language or self.default_language, prefill or {}, properties or {})

    def restore(self, saved: bytes, language: str = "", *, other_version: bool = False) -> FormSession:
        """A session as `FormSession.serialise` left it. Raises FormError if it belongs to another form or version;
        with `other_version` an older version's answers are taken as far as there are questions for them."""
        return FormSession.restored(self, saved, language or self.default_language, other_version)
