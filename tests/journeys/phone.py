"""A citizen's phone: opens the terminal's code on the platform's pages, and receives messages."""

from __future__ import annotations

import re

import requests

from demo.programs import until
from tests.journeys.town_hall import TownHall


class Phone:
    """The phone of one of the sample city's people; a browser without pictures."""

    def __init__(self, hall: TownHall, place: int) -> None:
        self._hall = hall
        self._person = hall.people[place]
        self._browser = requests.Session()
        self._browser.trust_env = False
        self._browser.verify = str(hall.town.fleet_data / "pki" / "ca.crt")
        self._address = ""
        self.page = ""

    def scan(self, address: str) -> None:
        """Open what the terminal's QR says."""
        self._address = address.partition("?")[0]
        self.page = self._browser.get(address, timeout=20).text

    def press(self, action: str, **fields: str) -> None:
        """Fill a form in and press its button."""
        csrf = re.search(r'name="csrf" value="([^"]*)"', self.page)
        assert csrf and f'value="{action}"' in self.page, f"no {action} on this page: {self.page[-900:]}"
        form = {"csrf": csrf[1], "action": action, **fields}
        self.page = self._browser.post(self._address, data=form, timeout=20).text

    def say_who(self) -> None:
        """As far as the question whether this is the machine; the city's app says who its owner is."""
        self._confirm_code(self._hall.town.citizen_code(self._person["number"]))
        assert "这是您要登录的机器吗" in self.page, self.page[-900:]

    def say_who_by_sms(self) -> None:
        """The same without an app: the numbers typed, and the code that comes."""
        self._confirm_code("")
        self._hall.sms.tell("forget")
        self.press("who", number=self._person["number"], mobile=self._person["mobile"])
        self.press("sms", code=self.message())
        assert "这是您要登录的机器吗" in self.page, self.page[-900:]

    def _confirm_code(self, handover: str) -> None:
        shown = re.search(r'name="user_code" value="([^"]*)"', self.page)
        assert shown
        self.press("code", user_code=shown[1], handover=handover)

    def message(self) -> str:
        """The six digits of the newest message, once it is there."""
        mobile = self._person["mobile"]

        def look() -> str:
            messages = self._hall.sms.tell("messages")["messages"]
            ours = [message["text"] for message in messages if message["mobile"] == mobile]
            found = re.search(r"\d{6}", ours[-1]) if ours else None
            return found[0] if found else ""

        return str(until("a message with a code", 20, look))


def licence_text(uscc: str) -> str:
    """The text of a business licence's QR."""
    return f"http://www.gsxt.gov.cn/index.html?uniscid={uscc}"
