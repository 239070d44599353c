"""What tests of the ways in share: requests of a terminal and stand-ins that run as their own processes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import requests
from pydantic import BaseModel

from contract.logins import CodeCheck, IdentityAnswer, Purpose
from fleet.stand_ins.program import command
from tests.fleet.running_platform import LIMIT, TestTerminal

_M = TypeVar("_M", bound=BaseModel)
_T = TypeVar("_T")

WANG_NUMBER, WANG_MOBILE = "37029919920318002X", "13800000026"
LI_NUMBER, LI_MOBILE = "370299198506070018", "13900000018"
ZHAO_NUMBER, ZHAO_MOBILE = "370299195809010043", "13700000043"
CHEN_NUMBER, CHEN_MOBILE = "370299197811230095", "13600000095"


def post(terminal: TestTerminal, path: str, message: BaseModel, answer: type[_M]) -> _M:
    """POST to /api/v1/identity/`path`, which must answer."""
    said = terminal.call("POST", f"identity/{path}", json=message.model_dump(mode="json"))
    assert said.status_code == 200, said.text
    return answer.model_validate_json(said.content)


def check(terminal: TestTerminal, raw: str, task_code: str = "") -> IdentityAnswer:
    """Hold a code to the terminal's scanner."""
    code = CodeCheck(
        raw=raw, terminal_id=terminal.terminal_id, place="一楼", purpose=Purpose.LOGIN, task_code=task_code
    )
    return post(terminal, "code", code, IdentityAnswer)


def oauth(terminal: TestTerminal, path: str, **form: Any) -> requests.Response:
    """A form to /oauth2/`path`."""
    return terminal.post(f"{terminal.platform.url}/oauth2/{path}", data=form, timeout=LIMIT)


def eventually(ask: Callable[[], _T], seconds: float = LIMIT) -> _T:
    """What `ask` gives, once it is something."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.03)
    return answer


@dataclass(frozen=True)
class StandIn:
    """A stand-in for a city's service."""

    url: str
    control: str

    def do(self, line: str) -> dict[str, Any]:
        """A control command that must work."""
        answer = command(self.control, line)
        assert answer["ok"], answer
        return answer

    def sms(self, mobile: str) -> str:
        """The six digits on this phone's screen, once they came; the phone then forgets them."""
        code: str = eventually(lambda: command(self.control, f"last {mobile}").get("code"))
        return code

    @contextmanager
    def fault(self, name: str) -> Iterator[None]:
        """`name` while the block runs."""
        self.do(f"fault {name}")
        try:
            yield
        finally:
            self.do("fault none")


def stand_in(module: str) -> Iterator[StandIn]:
    """Start `python -m fleet.stand_ins.<module>`, and end it."""
    process = subprocess.Popen(
        [sys.executable, "-m", f"fleet.stand_ins.{module}", "--with-parent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        said = json.loads(process.stdout.readline())
        yield StandIn(said["url"], said["control"])
    finally:
        process.stdin.close()
        process.wait(LIMIT)
        process.stdout.close()
