"""A city's code service, the worked example: the citizen's code goes through three calls, the licence code through one.

The wire is that of a public code service as its terminals show it: a text that contains `http` is a citizen's code
(getTokenSNOByQrCode.do, getAccessToken.do, getUserInfoByAccessToken.do), any other a code of 电子亮证
(getQrCodeInfoByElectronicCert.do). A failure is told in words, 二维码已过期.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from stdnum.cn import ric

from contract.codes import Assurance
from contract.identity import Person
from contract.logins import CodeCheck, IdentityAnswer, Refusal
from fleet.connectors.http import ask, text_of
from fleet.connectors.http_sms import web_address
from fleet.connectors.interface import Settings
from fleet.connectors.unconnected import Unconnected
from fleet.errors import ServiceUnavailable

#: What the service's words mean; the first that is found counts, anything else is UNKNOWN.
REFUSALS = (("已过期", Refusal.EXPIRED), ("已使用", Refusal.USED), ("已失效", Refusal.USED))
USING = {"login": "自助终端登录", "step_up": "自助终端身份核验"}


class CityCode(Unconnected):
    """Settings: `url` of the service, `area` (division, 6 digits), `assurance` its codes stand for (1 to 3; 2)."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._url = web_address(settings["url"]).rstrip("/")
        self._area = str(settings.get("area", ""))
        self._assurance = Assurance(settings.get("assurance", Assurance.SUBSTANTIAL))

    def check_code(self, code: CodeCheck) -> IdentityAnswer:
        """The service's answer, in our words."""
        raw = code.raw.replace("\r", "").replace("\n", "")
        said = self._citizen_code(raw) if "http" in raw else self._licence_code(raw, code)
        now = datetime.now(UTC)
        if isinstance(said, Refusal):
            return IdentityAnswer(refused=said, checked_at=now)
        return IdentityAnswer(person=said, assurance=self._assurance, checked_at=now)

    def ready(self) -> None:
        """A code that cannot exist must be refused in words."""
        if not text_of(ask("GET", f"{self._url}/selfapi/loginService/getTokenSNOByQrCode.do"), "msg"):
            raise ServiceUnavailable("the service does not speak the wire of this connector")

    def _citizen_code(self, raw: str) -> Person | Refusal:
        answer = self._get("selfapi/loginService/getTokenSNOByQrCode.do", certQrCode=raw)
        if isinstance(answer, Refusal):
            return answer
        answer = self._get("aci/workPlatform/getAccessToken.do", tokenSNO=text_of(answer, "tokenSNO"))
        if isinstance(answer, Refusal):
            return answer
        answer = self._get("aci/workPlatform/getUserInfoByAccessToken.do", accessToken=text_of(answer, "accessToken"))
        if isinstance(answer, Refusal):
            return answer
        return _person(text_of(answer, "zwdtsw_name"), text_of(answer, "zwdtsw_cert_id"), text_of(answer, "mobile"))

    def _licence_code(self, raw: str, code: CodeCheck) -> Person | Refusal:
        answer = self._get(
            "selfapi/loginService/getQrCodeInfoByElectronicCert.do",
            codeParam=raw,
            machineId=code.terminal_id,
            areaCode=self._area,
            place=code.place,
            itemCode=code.task_code,
            using=USING[code.purpose],
        )
        if isinstance(answer, Refusal):
            return answer
        return _person(text_of(answer, "xm"), text_of(answer, "zjhm"), text_of(answer, "mobile"))

    def _get(self, path: str, **query: str) -> dict[str, Any] | Refusal:
        answer = ask("GET", f"{self._url}/{path}", params=query)
        response = answer.get("biz_response")
        if isinstance(response, dict):
            return response
        words = text_of(answer, "msg")
        if not words:
            raise ServiceUnavailable("the answer has neither biz_response nor msg")
        return next((refusal for part, refusal in REFUSALS if part in words), Refusal.UNKNOWN)


def _person(name: str, number: str, mobile: str) -> Person:
    """Raises ServiceUnavailable unless name and number are a person's; divisions come and go and are not judged."""
    try:
        birth: date = ric.get_birth_date(number)
        right = len(number) == 18 and number.isascii() and number[17] == ric.calc_check_digit(number)
    except (ValueError, IndexError):  # stdnum's errors are ValueErrors
        right = False
    if not name or not right:
        raise ServiceUnavailable("the answer names no person")
    return Person(name=name, number=number, sex="男" if int(number[16]) % 2 else "女", birth=birth, mobile=mobile)
