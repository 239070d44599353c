"""A citizen's phone: opens the code a terminal shows on the platform's pages, agrees or not, and receives messages."""

from __future__ import annotations

import re
from pathlib import Path

import requests
import zxingcpp
from PIL import Image

from demo.programs import Failed, until
from demo.town import Town


class Phone:
    """The phone of the sample city's person at `place`; a browser without pictures that trusts the town's authority."""

    def __init__(self, town: Town, place: int) -> None:
        self._town = town
        self._person = town.people[place]
        self._browser = requests.Session()
        self._browser.trust_env = False
        self._browser.verify = str(town.fleet_data / "pki" / "ca.crt")
        self._address = ""
        self.page = ""

    def scan(self, address: str) -> None:
        """Open what the terminal's QR says."""
        self._address = address.partition("?")[0]
        self.page = self._browser.get(address, timeout=20).text

    def press(self, action: str, **fields: str) -> None:
        """Fill a form in and press its button. Raises Failed when the page has none."""
        csrf = re.search(r'name="csrf" value="([^"]*)"', self.page)
        if not csrf or f'value="{action}"' not in self.page:
            raise Failed(f"no {action} on the phone's page: {self.page[-900:]}")
        form = {"csrf": csrf[1], "action": action, **fields}
        self.page = self._browser.post(self._address, data=form, timeout=20).text

    def say_who(self) -> None:
        """As far as the question whether this is the machine; the city's app says who its owner is. Raises Failed."""
        self._confirm_code(self._town.citizen_code(self._person["number"]))
        self.expect("这是您要登录的机器吗")

    def say_who_by_sms(self) -> None:
        """The same without an app: the numbers typed, and the code that comes. Raises Failed."""
        assert self._town.sms is not None
        self._confirm_code("")
        self._town.sms.tell("forget")
        self.press("who", number=self._person["number"], mobile=self._person["mobile"])
        self.press("sms", code=self.message())
        self.expect("这是您要登录的机器吗")

    def expect(self, words: str) -> None:
        """Raises Failed when the page does not say these words."""
        if words not in self.page:
            raise Failed(f"“{words}” is not on the phone's page: {self.page[-900:]}")

    def _confirm_code(self, handover: str) -> None:
        shown = re.search(r'name="user_code" value="([^"]*)"', self.page)
        if not shown:
            raise Failed(f"the phone shows no code to confirm: {self.page[-900:]}")
        self.press("code", user_code=shown[1], handover=handover)

    def messages(self) -> list[str]:
        """What came, oldest first."""
        assert self._town.sms is not None
        messages = self._town.sms.tell("messages")["messages"]
        return [str(message["text"]) for message in messages if message["mobile"] == self._person["mobile"]]

    def message(self) -> str:
        """The six digits of the newest message, once it is there. Raises Failed."""

        def look() -> str:
            came = self.messages()
            found = re.search(r"\d{6}", came[-1]) if came else None
            return found[0] if found else ""

        return str(until("a message with a code", 20, look))


def code_in(picture: Path) -> str:
    """The text of the QR code in a picture of the screen, as a phone's camera reads it; empty where there is none."""
    with Image.open(picture) as seen:
        codes = zxingcpp.read_barcodes(seen.convert("L"))
    return codes[0].text if codes else ""
