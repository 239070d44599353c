"""The base of every message, and text in more than one language."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Message(BaseModel):
    """A message between terminal and platform: immutable, and unknown fields are an error."""

    # an error must not quote what a citizen wrote
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Words(Message):
    """One text for citizens in Chinese and, where it exists, English."""

    zh: str
    en: str = ""

    def in_language(self, language: str) -> str:
        """The text in `language` ("zh" or "en"); Chinese where the translation is missing."""
        return (self.en or self.zh) if language == "en" else self.zh
