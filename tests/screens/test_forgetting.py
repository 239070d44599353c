"""A page that is left keeps nothing of the citizen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.journey.views import Preview
from screens.login_samples import face_picture
from screens.samples import snapshots
from screens.scan_samples import CORNERS, page_picture

SAMPLES = snapshots()
SECRETS = {
    "home": "王女士",
    "home-acting": "替李样本办理",
    "login-step-up-one": "取公积金",
    "smart-card-failed": "没有读成",
    "phone-login": "WDJB-MJHT",
    "held": "JY-3702-2021",
    "held-earlier": "3702-0260309",
    "usb-stick": "租房合同2026",
    "phone-upload": "房屋租赁合同",
    "code-login-licence": "这不是营业执照上的码",
    "face": "向左转头",
    "face-over": "照片和本人差别大",
    "search": "参保",
    "situation": "本市户口",
    "question-fields": "1380",
    "question-keyboard": "福州南路",
    "check": "3702 ****",
    "commitment": "本人王示例",
    "offline": "A03-1121-0047",
    "done-sealed": "印章已核验",
    "done-withheld": "/documents/0123",
    "notice-leave": "已经填的不会保存",
}


def texts(widget: Any) -> str:
    seen = []
    for each in widget.walk(restrict=True):
        for name in ("words", "text", "shown", "label", "title", "line", "control_name", "name", "code"):
            seen.append(str(getattr(each, name, "")))
    return "\n".join(seen)


@pytest.mark.parametrize("page", SECRETS)
def test_left_pages_are_empty(hands: Any, page: str) -> None:
    hands.show(SAMPLES[page])
    assert SECRETS[page] in texts(hands.stage)
    hands.show(SAMPLES["attract"])
    everything = [hands.stage, hands.stage._notice, *hands.stage._parts, *hands.stage._pages.values()]
    assert not any(SECRETS[page] in texts(widget) for widget in everything)
    assert all(each.view == each.blank for each in hands.stage._pages.values() if each is not hands.stage.page)


def test_a_left_pad_has_no_strokes(hands: Any) -> None:
    hands.show(SAMPLES["sign"])
    pad = hands.stage.page.ids.pad
    assert pad.strokes
    hands.show(SAMPLES["attract"])
    assert pad.strokes == ()


def test_a_left_camera_page_has_no_picture(hands: Any) -> None:
    hands.show(SAMPLES["scan"])
    picture = hands.stage.page.ids.picture
    hands.stage.preview(Preview(page_picture(), CORNERS))
    assert picture._texture is not None
    hands.show(SAMPLES["attract"])
    hands.stage.preview(Preview(page_picture(), CORNERS))
    assert picture._texture is None


def test_left_pages_of_a_material_are_drawn_no_more(hands: Any) -> None:
    hands.show(SAMPLES["scan-pages"])
    strip = hands.stage.page.ids.strip
    assert len(strip.children) == len(SAMPLES["scan-pages"].view.strip) > 1
    hands.show(SAMPLES["attract"])
    assert strip.children == []


def test_a_left_code_is_not_drawn(hands: Any) -> None:
    hands.show(SAMPLES["phone-login"])
    code = hands.stage.page.ids.picture
    assert code.texture is not None
    hands.show(SAMPLES["attract"])
    assert code.texture is None
    assert code.side == 0


@pytest.mark.parametrize("after", ["attract", "face-over", "face-starting", "face-gone"])
def test_a_face_looked_at_no_more_is_nowhere(hands: Any, after: str) -> None:
    hands.show(SAMPLES["face"])
    picture = hands.stage.page.ids.picture
    hands.stage.preview(Preview(face_picture(), None))
    texture = picture._texture
    assert len(set(texture.pixels)) > 10
    assert texture in [getattr(each, "texture", None) for each in drawn(picture.canvas)]
    hands.show(SAMPLES[after])
    hands.stage.preview(Preview(face_picture(), None))  # one that was on its way
    assert picture._texture is None
    assert set(texture.pixels[0::4] + texture.pixels[1::4] + texture.pixels[2::4]) == {0}
    assert texture not in [getattr(each, "texture", None) for each in drawn(picture.canvas)]


def drawn(group: Any) -> Any:
    for each in group.children:
        yield each
        yield from drawn(each) if hasattr(each, "children") else ()


def test_a_broken_picture_changes_nothing(hands: Any) -> None:
    hands.show(SAMPLES["scan"])
    hands.stage.preview(Preview(page_picture(), CORNERS))
    before = hands.stage.page.ids.picture._texture
    hands.stage.preview(Preview(b"\xff\xd8 no picture", None))
    assert hands.stage.page.ids.picture._texture is before


def test_one_page_is_kept_for_each_view(hands: Any) -> None:
    hands.show(SAMPLES["home"])
    first = hands.stage.page
    hands.show(SAMPLES["situation"])
    hands.show(replace(SAMPLES["home"]))
    assert hands.stage.page is first
