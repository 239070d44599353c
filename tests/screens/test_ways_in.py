"""What the pages of signing in draw: the phone's code, the face, who one acts for."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kiosk.journey.frame import Step
from kiosk.journey.views import FaceView, PhoneLoginView, Preview
from screens.login_samples import CODE
from screens.samples import snapshots

SAMPLES = snapshots()


@pytest.mark.parametrize("text", [CODE, CODE + "&x=" + "7" * 120, "https://a.cn/d"])
def test_a_code_is_large_and_its_modules_are_whole_pixels(hands: Any, text: str) -> None:
    from screens.widgets.qr_code import QUIET_ZONE, modules

    hands.show(replace(SAMPLES["phone-login"], view=PhoneLoginView("waiting", text, "WDJB-MJHT", "a.cn/d", 90)))
    code = hands.stage.page.ids.picture
    count, pixels = modules(text)
    assert code.texture.size == (count, count)
    assert code.texture.mag_filter == "nearest"
    assert code.side % count == 0
    assert code.side * (count - 2 * QUIET_ZONE) / count >= 460
    assert code.side <= 1080 - 96
    assert set(pixels) == {0, 255}
    rim = np.frombuffer(pixels, np.uint8).reshape(count, count)
    assert all(side.min() == 255 for side in (rim[:4], rim[-4:], rim[:, :4], rim[:, -4:]))


def test_a_code_can_be_read(hands: Any) -> None:
    import zxingcpp

    from screens.widgets.qr_code import modules

    count, pixels = modules(CODE)
    picture = Image.frombytes("L", (count, count), pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    found = zxingcpp.read_barcodes(np.asarray(picture.resize((count * 8, count * 8), Image.Resampling.NEAREST)))
    assert [one.text for one in found] == [CODE]


def test_what_is_typed_is_told_as_it_is_typed(hands: Any) -> None:
    hands.show(SAMPLES["phone-login"])
    assert hands.find("user_code")["name"] == "WDJB-MJHT"
    assert "id.example.gov.cn/device" in hands.find("address")["name"]
    assert hands.find("seconds")["name"] == "这个码还能用 4 分 52 秒"
    hands.show(SAMPLES["phone-login-over"])
    assert not {"user_code", "address", "seconds"} & {c["id"] for c in hands.tree()["controls"] if c["visible"]}


def test_something_moves_while_waiting_and_only_then(hands: Any) -> None:
    from screens.widgets.waiting_bar import WaitingBar

    hands.show(SAMPLES["phone-login"])
    bar = next(each for each in hands.stage.page.walk(restrict=True) if isinstance(each, WaitingBar))
    before = bar.place
    hands.settle(0.2)
    assert bar.place != before
    hands.show(SAMPLES["attract"])
    assert not bar.moving
    rest = bar.place
    hands.settle(0.2)
    assert bar.place == rest


def test_the_face_is_not_turned_round_again_and_not_stretched(hands: Any) -> None:
    """The picture comes mirrored (kiosk.identity.face.events.FacePicture): its left is the left of the screen."""
    camera = Image.new("RGB", (640, 480), (0, 0, 255))
    camera.paste((255, 0, 0), (0, 0, 320, 480))
    data = io.BytesIO()
    camera.save(data, "JPEG")
    hands.show(SAMPLES["face"])
    hands.stage.preview(Preview(data.getvalue(), None))
    picture = hands.stage.page.ids.picture
    wide, high = picture._texture.size
    assert wide / high == pytest.approx(3 / 4, abs=0.01)
    assert picture.width / picture.height == pytest.approx(3 / 4, abs=0.01)
    shown = np.frombuffer(picture._texture.pixels, np.uint8).reshape(high, wide, 4)
    assert shown[high // 2, wide // 8, 0] > 200
    assert shown[high // 2, -wide // 8, 2] > 200


def test_every_sign_is_drawn(window: Any) -> None:
    from screens.widgets.icons import ICONS

    assert {"look", "turn_left", "turn_right", "blink"} <= set(ICONS)


@pytest.mark.parametrize("state", ["starting", "looking", "comparing", "over", "gone"])
@pytest.mark.parametrize("care", [False, True])
def test_the_promise_about_the_picture_is_always_in_sight(hands: Any, state: Any, care: bool) -> None:
    promise = "照片只用来和身份证上的比一比，比完就删，不保存、不上传。"
    page = SAMPLES["face"]
    view = FaceView("请看一下摄像头", promise, state, "请眨一眨眼", 0, 3, "没有比上。" if state == "over" else "")
    hands.show(replace(page, view=view, chrome=replace(page.chrome, care=care)))
    told = hands.find("promise")
    assert told["name"] == promise
    oval = hands.stage.page.ids.picture
    assert told["y"] + told["h"] <= 1920 - oval.to_window(*oval.pos)[1] - oval.height + 1
    assert not hands.stage.page.do_scroll_y


def test_who_one_acts_for_stands_under_the_top_bar_and_covers_nothing(hands: Any) -> None:
    page = SAMPLES["situation"]
    hands.show(page)
    title = hands.find("title")["y"]
    chrome = replace(page.chrome, acting="替李样本办理", network="offline", step=Step(1, 6, "填写"))
    hands.show(replace(page, chrome=chrome))
    strip, offline, step = hands.find("acting"), hands.find("offline"), hands.find("step")
    assert strip["y"] >= 112
    assert strip["y"] + strip["h"] <= offline["y"]
    assert offline["y"] + offline["h"] <= step["y"] < hands.find("title")["y"]
    hands.show(page)
    assert hands.find("title")["y"] == title
    assert not [c for c in hands.tree()["controls"] if c["id"] == "acting"]
