"""A phone without a screen: fills the forms of /device as a browser would."""

from __future__ import annotations

import re

import requests

from tests.fleet.running_platform import LIMIT, RunningPlatform


class Phone(requests.Session):
    """Has the pages' cookie, knows nothing else."""

    def __init__(self, platform: RunningPlatform) -> None:
        super().__init__()
        self.verify, self.trust_env = platform.ca, False
        self.address = f"{platform.url}/device"
        self.page = self.get(self.address, timeout=LIMIT)

    def does(self, action: str, **fields: str) -> requests.Response:
        """Send the form of `action` on the page that is shown."""
        found = re.search(r'name="csrf" value="([0-9a-f]{64})"', self.page.text)
        assert found, self.page.text
        form = {"csrf": found[1], "action": action, **fields}
        self.page = self.post(self.address, data=form, timeout=LIMIT)
        return self.page

    def types(self, user_code: str, handover: str = "") -> requests.Response:
        """Type the machine's code; `handover` is what the city's app gives along."""
        return self.does("code", user_code=user_code, handover=handover)

    def approves(self, user_code: str, handover: str) -> None:
        """The whole way, by somebody the city's app hands over."""
        assert "这是您要登录的机器吗" in self.types(user_code, handover).text
        assert "机器上马上就登录" in self.does("approve").text
        assert not self.cookies, "the cookie is gone at the end"

    def denies(self, user_code: str, handover: str) -> str:
        """The same way, up to the other button."""
        self.types(user_code, handover)
        return self.does("deny").text
