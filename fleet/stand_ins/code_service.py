"""A stand-in for a city's code service: `python -m fleet.stand_ins.code_service`.

Commands: `citizen NUMBER` and `licence NUMBER` make a code for one of the sample city's people ({"code"}), `asked`
tells what came with the last licence code, `fault none|slow|error|garbage|expired`.
"""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import fleet.sample_city
from fleet.stand_ins.program import Answering, Service, run

#: Seconds a code lives, and how long a slow service takes.
LIFETIME, SLOW = 60.0, 30.0
_PEOPLE = Path(next(iter(fleet.sample_city.__path__))) / "people.json"


class CodeService(Service):
    """Codes and tokens in memory; each is good once."""

    faults = ("slow", "error", "garbage", "expired")

    def __init__(self) -> None:
        super().__init__(_Requests)
        self.people = {person["number"]: person for person in json.loads(_PEOPLE.read_text("utf-8"))}
        self.codes: dict[str, tuple[str, float]] = {}
        self.tokens: dict[str, str] = {}
        self.asked: dict[str, str] = {}

    def make(self, words: list[str], begin: str) -> dict[str, Any]:
        """A code for the person of this number. Raises KeyError for nobody."""
        code = begin + secrets.token_hex(12)
        self.codes[code] = (self.people[words[0]]["number"], time.monotonic() + LIFETIME)
        return {"code": code}

    def take(self, code: str) -> str | None:
        """The number a code stands for, once."""
        number, until = self.codes.pop(code, ("", 0.0))
        return number if number and until > time.monotonic() and self.fault != "expired" else None

    def token(self, number: str) -> str:
        """A token for the next call."""
        token = secrets.token_hex(16)
        self.tokens[token] = number
        return token


class _Requests(Answering):
    server: CodeService

    def do_GET(self) -> None:
        """One of the four addresses."""
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        match self.server.fault:
            case "slow":
                self.server.ending.wait(SLOW)
            case "error":
                return self.answer({"error": "internal"}, 500)
            case "garbage":
                return self.answer_bytes("<html>系统维护中</html>".encode())
        match parts.path.rpartition("/")[2]:
            case "getTokenSNOByQrCode.do":
                number = self.server.take(query.get("certQrCode", ""))
                self._respond(number and {"tokenSNO": self.server.token(number)})
            case "getAccessToken.do":
                number = self.server.tokens.pop(query.get("tokenSNO", ""), None)
                self._respond(number and {"accessToken": self.server.token(number)})
            case "getUserInfoByAccessToken.do":
                person = self.server.people.get(self.server.tokens.pop(query.get("accessToken", ""), ""))
                self._respond(person and {
                    "zwdtsw_name": person["name"],
                    "zwdtsw_cert_id": person["number"],
                    "encrypt_identity": secrets.token_hex(8),
                })  # fmt: skip
            case "getQrCodeInfoByElectronicCert.do":
                person = self.server.people.get(self.server.take(query.pop("codeParam", "")) or "")
                self.server.asked = query
                self._respond(person and {
                    "xm": person["name"],
                    "zjhm": person["number"],
                    "mobile": person["mobile"],
                    "encodeCertCode": secrets.token_hex(8),
                })  # fmt: skip
            case _:
                self.answer({"error": "not found"}, 404)
        return None

    def _respond(self, response: dict[str, str] | str | None) -> None:
        if response:
            self.answer({"success": True, "biz_response": response})
        else:
            self.answer({"success": False, "msg": "二维码已过期"})


def main() -> None:
    """Run the service."""
    service = CodeService()
    commands = {
        "citizen": lambda words: service.make(words, "http://code.example.invalid/ssm/"),
        "licence": lambda words: service.make(words, "LZ"),
        "asked": lambda _words: {"asked": service.asked},
    }
    run("code_service", service, commands, __doc__ or "")


if __name__ == "__main__":
    main()
