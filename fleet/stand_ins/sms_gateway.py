"""A stand-in for an SMS gateway: `python -m fleet.stand_ins.sms_gateway`.

POST /messages {"mobile", "text"} keeps a message in memory, GET /health says whether it would. Commands: `messages`
tells all, `last MOBILE` the newest of one phone ({"text", "code"}), `forget`, `fault none|silent|refuses`.
"""

from __future__ import annotations

import json
import re
from typing import Any

from fleet.stand_ins.program import Answering, Service, run

#: Seconds a silent gateway keeps the line open.
SILENT = 60.0


class SmsGateway(Service):
    """Messages in memory, as phones would show them."""

    faults = ("silent", "refuses")

    def __init__(self) -> None:
        super().__init__(_Requests)
        self.messages: list[dict[str, str]] = []

    def last(self, words: list[str]) -> dict[str, Any]:
        """The newest message to a mobile. Raises IndexError where there is none."""
        text = [message["text"] for message in self.messages if message["mobile"] == words[0]][-1]
        found = re.search(r"\d{6}", text)
        return {"text": text, "code": found[0] if found else ""}

    def forget(self, _words: list[str]) -> dict[str, Any]:
        """Keep nothing."""
        self.messages.clear()
        return {}


class _Requests(Answering):
    server: SmsGateway

    def do_GET(self) -> None:
        """Health."""
        if self._works():
            self.answer({"status": "ready"})

    def do_POST(self) -> None:
        """A message."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self._works():
            return
        try:
            message = json.loads(body)
            kept = {"mobile": str(message["mobile"]), "text": str(message["text"])}
        except (ValueError, KeyError, TypeError):
            self.answer({"error": "mobile and text are needed"}, 400)
            return
        self.server.messages.append(kept)
        self.answer({"accepted": True}, 202)

    def _works(self) -> bool:
        if self.server.fault == "silent":
            self.server.ending.wait(SILENT)
            return False
        if self.server.fault == "refuses":
            self.answer({"error": "no balance"}, 503)
            return False
        return True


def main() -> None:
    """Run the gateway."""
    gateway = SmsGateway()
    commands = {"messages": lambda _words: {"messages": gateway.messages}, "last": gateway.last}
    run("sms_gateway", gateway, {**commands, "forget": gateway.forget}, __doc__ or "")


if __name__ == "__main__":
    main()
