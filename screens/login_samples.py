"""Invented pages of signing in, for `screens.samples`. Nobody in them exists."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

from PIL import Image, ImageDraw

from kiosk.journey import views as v
from kiosk.words import say

CODE = "https://id.example.gov.cn/device?user_code=WDJB-MJHT"
ADDRESS = "id.example.gov.cn/device"
USER_CODE = "WDJB-MJHT"


def face_picture() -> bytes:
    """A drawn face before a wall, as JPEG."""
    picture = Image.new("RGB", (640, 480), (196, 204, 208))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((180, 380, 460, 700), fill=(62, 84, 110))
    draw.rectangle((285, 320, 355, 410), fill=(214, 170, 140))
    draw.ellipse((225, 90, 415, 350), fill=(228, 186, 156))
    draw.pieslice((219, 76, 421, 290), 180, 360, fill=(40, 34, 32))
    for x in (275, 345):
        draw.ellipse((x, 205, x + 22, 218), fill=(40, 34, 32))
    draw.line([(320, 215), (312, 262), (324, 264)], fill=(190, 140, 112), width=4)
    draw.arc((285, 270, 355, 305), 20, 160, fill=(150, 70, 66), width=5)
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=85)
    return data.getvalue()


def _offering(label: str, snapshot: v.Snapshot) -> v.Snapshot:
    return replace(snapshot, chrome=replace(snapshot.chrome, forward=label))


def logins(language: str, page: Callable[..., v.Snapshot]) -> dict[str, v.Snapshot]:
    """The pages of signing in; `page(view, *buttons)` puts the chrome around one."""
    return (_chinese if language == "zh" else _english)(page)


def _chinese(page: Callable[..., v.Snapshot]) -> dict[str, v.Snapshot]:
    code = v.WayTile("citizen_code", "出示居民码", "电子社保卡、鲁通码也可以", "qr")
    phone = v.WayTile("phone", "用手机扫一扫", "手机上确认，不用带证", "phone")
    card = v.WayTile("social_security_card", "社会保障卡", "插卡读取", "card")
    none = v.WayTile("no_papers", "没带证件", "身份证号加短信验证码", "dots")
    no_phone = v.WayTile("phone", "用手机扫一扫", "网络断了，恢复后再用", "phone", available=False)
    no_card = v.WayTile("social_security_card", "社会保障卡", "读卡器坏了，会报告给工作人员", "card", available=False)
    title, line = "请出示身份", "选一种方式。您的信息只用于本次办理，离开后即清除。"
    others = ("替家人或单位办理？", "先用您本人的身份登录")
    login = v.LoginView(title, line, "waiting", "", (code, phone, card, none), others)
    step_up = v.LoginView("再确认一次是您本人", "取公积金要更可靠的身份。选一种方式。", None, "", (phone, card), None)
    long = "没有读成。请把身份证拿起来，擦一擦，再平放一次；还是不行，可以换下面的方式，或到窗口办理。刚才填的都还在。"
    title_face, promise = say("face.title"), say("face.promise")
    face = v.FaceView(title_face, promise, "looking", say("face_asks.turn_left"), 1, 3, "", 24, sign="turn_left")
    over = "照片和本人差别大，可能是光线或眼镜的缘故。可以再试一次，或返回换一种方式。"
    waiting = v.PhoneLoginView("waiting", CODE, USER_CODE, ADDRESS, 292)
    return {
        "login": page(login, "return"),
        "login-failed": page(
            v.LoginView(title, line, "failed", long, (code, no_phone, no_card, none), others), "return"
        ),
        "login-out": page(v.LoginView(title, line, "out_of_service", "", (code, phone, none), others), "return"),
        "login-step-up": page(step_up, "return"),
        "login-step-up-one": page(
            v.LoginView("再确认一次是您本人", "取公积金要更可靠的身份。", None, long, (card,)), "return"
        ),
        "login-step-up-four": page(v.LoginView(title, line, None, "", (code, no_phone, card, none)), "return"),
        "smart-card": page(v.SmartCardView(), "return"),
        "smart-card-failed": page(v.SmartCardView("failed", "没有读成。请把卡拔出来，换一头再插一次。", 41), "return"),
        "smart-card-out": page(v.SmartCardView("out_of_service", "读卡器没有反应，请返回换一种方式。"), "return"),
        "code-login": page(
            v.CodeLoginView("请对准扫码口", "打开手机上的居民码，屏幕调亮，放在扫码口前约 10 厘米处。", seconds=52),
            "return",
        ),
        "code-login-licence": page(
            v.CodeLoginView(
                "请扫营业执照上的码",
                "执照右上角的二维码，对准扫码口。",
                "refused",
                "这不是营业执照上的码，请换一个再试。",
            ),
            "return",
        ),
        "phone-login": page(waiting, "return"),
        "phone-login-asking": page(v.PhoneLoginView(), "return"),
        "phone-login-over": _offering(
            "换一个码",
            page(
                v.PhoneLoginView("over", problem="您在手机上没有同意。可以换一个码再来，或返回换一种方式。"), "return"
            ),
        ),
        "face": page(face, "return"),
        "face-blink": page(
            v.FaceView(title_face, promise, "looking", say("face_asks.blink"), 2, 3, "", 9, sign="blink"), "return"
        ),
        "face-dark": page(
            v.FaceView(
                title_face, promise, "looking", say("face_asks.brighter"), 0, 3, say("face.dark"), 33, sign="look"
            ),
            "return",
        ),
        "face-comparing": page(v.FaceView(title_face, promise, "comparing", "", 3, 3), "return"),
        "face-starting": page(v.FaceView(title_face, promise), "return"),
        "face-over": _offering("再试一次", page(v.FaceView(title_face, promise, "over", problem=over), "return")),
        "face-gone": page(
            v.FaceView(title_face, promise, "gone", problem="摄像头没有反应，请返回换一种方式。"), "return"
        ),
    }


def _english(page: Callable[..., v.Snapshot]) -> dict[str, v.Snapshot]:
    code = v.WayTile("citizen_code", "Show your resident code", "or your electronic social security card", "qr")
    phone = v.WayTile("phone", "Scan with your phone", "Confirm there, no card needed", "phone")
    card = v.WayTile("social_security_card", "Social security card", "Put it into the slot", "card")
    none = v.WayTile("no_papers", "I have no papers with me", "ID number and a code by text message", "dots")
    no_phone = v.WayTile("phone", "Scan with your phone", "Needs the network, which is down", "phone", available=False)
    title = "Who are you?"
    line = "Choose one way. Your details serve this visit only and are wiped when you leave."
    others = ("Here for family or a company?", "Sign in as yourself first")
    long = (
        "It could not be read. Please lift the card, wipe it, and lay it flat once more; if that does not help, "
        "take another way below or ask at the counter. What you wrote is still here."
    )
    title_face, promise = say("face.title", "en"), say("face.promise", "en")
    face = v.FaceView(title_face, promise, "looking", say("face_asks.turn_right", "en"), 1, 3, sign="turn_right")
    over = "The picture differs from your card; light or glasses may be why. Try again, or go back for another way."
    return {
        "login": page(v.LoginView(title, line, "waiting", "", (code, phone, card, none), others), "return"),
        "login-failed": page(v.LoginView(title, line, "failed", long, (code, no_phone, card, none), others), "return"),
        "login-step-up": page(
            v.LoginView("Please confirm once more who you are", line, None, "", (phone, card, code)), "return"
        ),
        "smart-card": page(v.SmartCardView(), "return"),
        "code-login": page(
            v.CodeLoginView(
                "Hold your code to the scanner", "Open it on your phone, make the screen bright, about 10 cm away."
            ),
            "return",
        ),
        "phone-login": page(v.PhoneLoginView("waiting", CODE, USER_CODE, ADDRESS, 48), "return"),
        "phone-login-over": _offering(
            "Another code",
            page(
                v.PhoneLoginView("over", problem="You did not agree on your phone. Ask for another code, or go back."),
                "return",
            ),
        ),
        "face": page(face, "return"),
        "face-dark": page(
            v.FaceView(title_face, promise, "looking", say("face_asks.brighter", "en"), 0, 3, "", 33, sign="look"),
            "return",
        ),
        "face-over": _offering("Try again", page(v.FaceView(title_face, promise, "over", problem=over), "return")),
    }
