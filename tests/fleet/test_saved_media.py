"""Pictures, amounts and long lists of a saved application's form on a phone without a screen, over real HTTP."""

from __future__ import annotations

import io
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html import unescape

import pytest
import requests
from PIL import Image

from kiosk.forms import Form
from tests.fleet.allowance import application, released_form, save, saved_now, with_allowance, write_allowance
from tests.fleet.logins import CHEN_MOBILE, CHEN_NUMBER, StandIn
from tests.fleet.running_platform import LIMIT, RunningPlatform, TestTerminal, running

pytestmark = pytest.mark.usefixtures("patient")
MANY = 250
QUESTIONS: tuple[dict[str, str], ...] = (
    {"type": "begin_group", "name": "first", "label": "先看图", "appearance": "field-list"},
    {"type": "select_one shape", "name": "shape", "label": "哪一种", "media::image": "plan.png"},
    {"type": "decimal", "name": "rent", "label": "每月房租", "appearance": "money"},
    {"type": "text", "name": "helper", "label": "帮您的人的身份证号", "appearance": "numbers",
     "constraint": "regex(., '^[0-9]{17}[0-9Xx]$')"},
    {"type": "end_group"},
    {"type": "select_one street", "name": "street", "label": "哪条街", "media::image": "map.png"},
)  # fmt: skip
CHOICES = (
    ("shape", "flat", "楼房", "flat.jpg"), ("shape", "house", "平房", "drawing.png"),
    *(("street", f"s{number}", f"示例{number}街", "") for number in range(MANY)),
)  # fmt: skip


def picture(kind: str) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, kind)
    return data.getvalue()


PNG, JPEG = picture("PNG"), picture("JPEG")
FILES = {"plan.png": PNG, "map.png": PNG + b"map", "flat.jpg": JPEG, "drawing.png": b"<svg><script>0</script></svg>"}


class SavedPhone(requests.Session):
    """A phone that has said who holds it."""

    def __init__(self, platform: RunningPlatform, gateway: StandIn, code: str) -> None:
        super().__init__()
        self.verify, self.trust_env = platform.ca, False
        self.address = f"{platform.url}/saved"
        with closing(sqlite3.connect(platform.data / "fleet.db", timeout=20)) as database:
            database.execute("delete from waits")
            database.commit()
        gateway.do("forget")
        self.page = self.get(self.address, timeout=LIMIT).text
        self.does("code", code=code)
        self.does("who", number=CHEN_NUMBER, mobile=CHEN_MOBILE)
        self.does("sms", code=gateway.sms(CHEN_MOBILE))

    def does(self, action: str, **fields: str) -> str:
        """Press a button of the page that is shown; the next page."""
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.page))
        answer = self.post(self.address, data={**hidden, "action": action, **fields}, timeout=LIMIT)
        self.page = unescape(answer.text)
        return self.page

    def picture(self, name: str) -> requests.Response:
        return self.get(f"{self.address}/picture", params={"name": name}, timeout=LIMIT)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory, sms_gateway: StandIn) -> Iterator[RunningPlatform]:
    folder = tmp_path_factory.mktemp("media")
    write_allowance(folder / "city", QUESTIONS, CHOICES)
    for name, content in FILES.items():
        (folder / "city" / name).write_bytes(content)
    sms = f'[sms]\nuse = "http"\nurl = "{sms_gateway.url}/messages"\nhealth = "{sms_gateway.url}/health"\n'
    yield from running(folder, f'[identity]\nuse = "sample_city"\n{sms}', with_allowance)


@pytest.fixture(scope="module")
def terminal(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> TestTerminal:
    return TestTerminal(platform, "T-1", tmp_path_factory.mktemp("T-1"))


@pytest.fixture
def code(platform: RunningPlatform, terminal: TestTerminal) -> str:
    return save(terminal, application(released_form(platform), "陈假设", CHEN_MOBILE), CHEN_NUMBER)


def test_pictures_of_this_page_are_shown_to_this_session_only(
    platform: RunningPlatform, sms_gateway: StandIn, code: str
) -> None:
    phone = SavedPhone(platform, sms_gateway, code)
    assert {"plan.png", "flat.jpg"} <= set(re.findall(r'<img src="/saved/picture\?name=([^"]+)"', phone.page))
    for name, kind in (("plan.png", "image/png"), ("flat.jpg", "image/jpeg")):
        said = phone.picture(name)
        assert (said.status_code, said.content, said.headers["Content-Type"]) == (200, FILES[name], kind)
        assert said.headers["X-Content-Type-Options"] == "nosniff" and said.headers["Cache-Control"] == "no-store"
    assert phone.picture("drawing.png").status_code == 404, "by its content it is no picture"
    for name in ("map.png", "", "../plan.png", "allowance.xml", "/etc/passwd", "%00"):
        assert phone.picture(name).status_code == 404, f"{name} is not on this page"
    stranger = requests.get(
        f"{platform.url}/saved/picture", params={"name": "plan.png"}, verify=platform.ca, timeout=LIMIT
    )
    assert stranger.status_code == 404
    phone.does("next")
    assert phone.picture("map.png").content == FILES["map.png"] and phone.picture("plan.png").status_code == 404
    phone.does("save")
    assert phone.picture("map.png").status_code == 404, "the session is over"


def test_an_amount_in_words_and_a_keyboard_with_an_x(
    platform: RunningPlatform, sms_gateway: StandIn, code: str
) -> None:
    phone = SavedPhone(platform, sms_gateway, code)
    assert "人民币" not in phone.page
    assert not re.search(r'name="q:/data/first/helper"[^>]*inputmode', phone.page), "digits alone have no X"
    phone.does("next", **{"q:/data/first/rent": "1234.5"})
    assert "人民币壹仟贰佰叁拾肆元伍角" in phone.does("back")


def test_a_long_list_is_searched(
    platform: RunningPlatform, terminal: TestTerminal, sms_gateway: StandIn, code: str
) -> None:
    phone = SavedPhone(platform, sms_gateway, code)
    page = phone.does("next")
    street = "/data/street"
    assert f"有 {MANY} 个" in page and 'value="s3"' in page and f'value="s{MANY - 1}"' not in page
    page = phone.does("search", **{f"s:{street}": f"示例{MANY - 1}街"})
    assert re.findall(r'<option value="(s\d+)"', page) == [f"s{MANY - 1}"]
    phone.does("next", **{f"q:{street}": f"s{MANY - 1}"})
    xml, files = released_form(platform), {f"jr://images/{name}": content for name, content in FILES.items()}
    session = Form.load(xml.encode(), files.__getitem__).restore(saved_now(terminal, code, CHEN_NUMBER).form.encode())
    assert session.value(street) == f"s{MANY - 1}"
    page = phone.does("back")
    assert f'<option value="s{MANY - 1}" selected>示例{MANY - 1}街' in page, "what was found stays chosen"
