"""SMS through a gateway that takes JSON over HTTP: POST {"mobile", "text"}."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from fleet.connectors.http import ask
from fleet.connectors.interface import Settings


class HttpSms:
    """Settings: `url` messages are posted to, `health` (url that answers when messages are taken), `token` (Bearer)."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._url = web_address(settings["url"])
        self._health = web_address(settings["health"]) if "health" in settings else ""
        self._headers = {"Authorization": f"Bearer {settings['token']}"} if "token" in settings else {}

    def send(self, mobile: str, text: str) -> None:
        """Post one message."""
        ask("POST", self._url, json={"mobile": mobile, "text": text}, headers=self._headers)

    def ready(self) -> None:
        """Ask `health`; without one the gateway is believed."""
        if self._health:
            ask("GET", self._health, headers=self._headers)


def web_address(text: str) -> str:
    """`text`, if it is an http or https address. Raises ValueError otherwise."""
    if urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).netloc:
        raise ValueError(f"{text} is not an http or https address")
    return text
