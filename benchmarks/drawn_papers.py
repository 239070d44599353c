"""Invented papers, drawn flat: what the photographs of `photographed_pages` show and what reading is measured on.

People, firms and numbers are made up; the check digits are right, for the terminal verifies them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fleet.sample_city.papers import FONT, SIMPLIFIED

#: A4 at 200 dpi, and an ID card (ISO/IEC 7810 ID-1, 85.6 x 54 mm) at 500 dpi.
A4 = (1654, 2339)
CARD = (1685, 1063)

_INK, _QUIET, _SEAL = (24, 28, 36), (70, 96, 130), (196, 38, 34)


@dataclass(frozen=True)
class DrawnPaper:
    """A picture (BGR) and what stands in its fields."""

    kind: str
    picture: np.ndarray
    fields: dict[str, str]


def draw_id_card_front(name: str = "王示例", number: str = "37029919920318002X") -> DrawnPaper:
    """The portrait side of a 居民身份证."""
    page, draw = _sheet(CARD, (228, 238, 244))
    born, sex = f"{number[6:10]}年{int(number[10:12])}月{int(number[12:14])}日", "男" if int(number[16]) % 2 else "女"
    address = "海湾市东滩区样板路17号2单元101室"
    for y, pairs in (
        (130, (("姓名", name),)),
        (270, (("性别", sex), ("民族", "汉"))),
        (400, (("出生", born.replace("年", " 年 ").replace("月", " 月 ").replace("日", " 日")),)),
    ):
        x = 120
        for label, value in pairs:
            draw.text((x, y + 6), label, font=_font(46), fill=_QUIET)
            draw.text((x + 150, y), value, font=_font(56), fill=_INK)
            x += 330
    draw.text((120, 546), "住址", font=_font(46), fill=_QUIET)
    for row in range(0, len(address), 11):
        draw.text((270, 540 + row // 11 * 80), address[row : row + 11], font=_font(56), fill=_INK)
    draw.text((120, 900), "公民身份号码", font=_font(46), fill=_QUIET)
    draw.text((560, 888), number, font=_font(66), fill=_INK)
    _portrait(draw, (1150, 140, 1560, 700))
    fields = {"name": name, "sex": sex, "ethnicity": "汉", "birth": _iso(number), "address": address, "number": number}
    return DrawnPaper("id-card-front", _pixels(page), fields)


def draw_id_card_back() -> DrawnPaper:
    """The emblem side of a 居民身份证; a plain disc stands for the emblem."""
    page, draw = _sheet(CARD, (232, 240, 240))
    draw.ellipse((120, 110, 400, 390), fill=(200, 60, 50))
    draw.text((1010, 190), "中华人民共和国", font=_font(92), fill=_INK, anchor="mm")
    draw.text((1010, 360), "居 民 身 份 证", font=_font(116), fill=_INK, anchor="mm")
    for y, label, value in ((760, "签发机关", "海湾市公安局东滩分局"), (880, "有效期限", "2021.05.06-2041.05.06")):
        draw.text((360, y), label, font=_font(52), fill=_INK)
        draw.text((640, y - 2), value, font=_font(56), fill=_INK)
    fields = {"authority": "海湾市公安局东滩分局", "valid_from": "2021-05-06", "valid_until": "2041-05-06"}
    return DrawnPaper("id-card-back", _pixels(page), fields)


def draw_business_licence(code: str = "91370299MA3EXAMP11", name: str = "海湾市样本餐饮有限公司") -> DrawnPaper:
    """A 营业执照, lying. `code` is drawn as given, right or wrong."""
    page, draw = _sheet((A4[1], A4[0]), (250, 248, 240))
    draw.rectangle((60, 60, A4[1] - 60, A4[0] - 60), outline=(190, 150, 80), width=14)
    draw.text((A4[1] / 2, 300), "营 业 执 照", font=_font(150), fill=_INK, anchor="mm")
    draw.text((180, 420), "统一社会信用代码", font=_font(44), fill=_INK)
    draw.text((180, 480), code, font=_font(52), fill=_INK)
    left = (("名　　称", name), ("类　　型", "有限责任公司"), ("法定代表人", "李样本"))
    right = (("注册资本", "壹佰万元整"), ("成立日期", "2019年08月15日"), ("住　　所", "海湾市东滩区样板路8号"))
    for column, rows in ((180, left), (1240, right)):
        for row, (label, value) in enumerate(rows):
            draw.text((column, 660 + row * 130), label, font=_font(44), fill=_QUIET)
            draw.text((column + 270, 656 + row * 130), value, font=_font(48), fill=_INK)
    draw.text((180, 1050), "经营范围", font=_font(44), fill=_QUIET)
    draw.text((450, 1046), "餐饮服务；食品销售。", font=_font(48), fill=_INK)
    draw.text((1500, 1330), "登记机关", font=_font(48), fill=_INK)
    draw.text((1500, 1440), "2024 年 5 月 6 日", font=_font(44), fill=_INK)
    _seal(draw, (1960, 1340), 170)
    fields = {
        "code": code,
        "name": name,
        "type": "有限责任公司",
        "representative": "李样本",
        "capital": "壹佰万元整",
        "founded": "2019-08-15",
        "address": "海湾市东滩区样板路8号",
    }
    return DrawnPaper("business-licence", _pixels(page), fields)


def draw_household_page(name: str = "李样本", number: str = "37029919850715001X") -> DrawnPaper:
    """A 常住人口登记卡, a grid of labels and values."""
    page, draw = _sheet((1654, 1169), (246, 240, 228))
    draw.text((827, 90), "常住人口登记卡", font=_font(70), fill=_INK, anchor="mm")
    born = f"{number[6:10]}年{number[10:12]}月{number[12:14]}日"
    sex = "男" if int(number[16]) % 2 else "女"
    rows = (
        (("姓名", name), ("户主或与户主关系", "户主")),
        (("曾用名", ""), ("性别", sex)),
        (("出生地", "海湾市"), ("民族", "汉族")),
        (("籍贯", "海湾市"), ("出生日期", born)),
        (("公民身份证件编号", number), ("文化程度", "大学本科")),
    )
    for row, pairs in enumerate(rows):
        y = 170 + row * 150
        for column, (label, value) in enumerate(pairs):
            x = 60 + column * 767
            draw.rectangle((x, y, x + 767, y + 150), outline=(120, 90, 70), width=3)
            draw.line((x + 270, y, x + 270, y + 150), fill=(120, 90, 70), width=3)
            size = 40 if len(label) < 6 else 30
            draw.text((x + 135, y + 75), label, font=_font(size), fill=_QUIET, anchor="mm")
            draw.text((x + 300, y + 75), value, font=_font(44), fill=_INK, anchor="lm")
    draw.text((60, 980), "登记日期 2021年05月06日", font=_font(40), fill=_INK)
    _seal(draw, (1300, 1030), 110)
    fields = {
        "name": name,
        "relation": "户主",
        "sex": sex,
        "ethnicity": "汉",
        "birth": _iso(number),
        "number": number,
    }
    return DrawnPaper("household-page", _pixels(page), fields)


def draw_certificate(holder: str = "王示例", number: str = "3702990026000017") -> DrawnPaper:
    """Any certificate: title, number, holder, dates."""
    page, draw = _sheet(A4, (251, 250, 246))
    draw.rectangle((80, 80, A4[0] - 80, A4[1] - 80), outline=(160, 60, 50), width=8)
    draw.text((A4[0] / 2, 340), "食品经营许可证", font=_font(120), fill=_INK, anchor="mm")
    rows = (
        ("证书编号", number),
        ("持证人", holder),
        ("经营场所", "海湾市东滩区样板路17号"),
        ("主体业态", "餐饮服务经营者"),
        ("发证机关", "海湾市市场监督管理局"),
        ("发证日期", "2024年5月6日"),
        ("有效期至", "2029年5月5日"),
    )
    for row, (label, value) in enumerate(rows):
        draw.text((220, 620 + row * 150), f"{label}：", font=_font(52), fill=_INK)
        draw.text((520, 618 + row * 150), value, font=_font(54), fill=_INK)
    _seal(draw, (1200, 1900), 190)
    fields = {
        "title": "食品经营许可证",
        "number": number,
        "holder": holder,
        "issued": "2024-05-06",
        "valid_until": "2029-05-05",
    }
    return DrawnPaper("certificate", _pixels(page), fields)


def draw_authorisation_letter() -> DrawnPaper:
    """A form of an office's own, filled in: 授权委托书."""
    page, draw = _sheet(A4, (250, 250, 248))
    draw.text((A4[0] / 2, 300), "授权委托书", font=_font(110), fill=_INK, anchor="mm")
    fields = {"principal": "赵样本", "agent": "王示例", "matter": "社会保险参保登记", "until": "2026年12月31日"}
    labels = ("委托人", "受托人", "委托事项", "委托期限至")
    for row, (label, value) in enumerate(zip(labels, fields.values(), strict=True)):
        draw.text((240, 560 + row * 170), f"{label}：", font=_font(52), fill=_INK)
        draw.text((620, 556 + row * 170), value, font=_font(56), fill=_INK)
        draw.line((600, 640 + row * 170, 1400, 640 + row * 170), fill=_QUIET, width=3)
    draw.text((240, 1500), "委托人（签名）：", font=_font(52), fill=_INK)
    return DrawnPaper("form", _pixels(page), fields)


def draw_empty_page() -> DrawnPaper:
    """Blank A4."""
    return DrawnPaper("empty", _pixels(_sheet(A4, (250, 249, 246))[0]), {})


def draw_few_lines() -> DrawnPaper:
    """A declaration of three lines and nothing else: little print is not an empty page."""
    page, draw = _sheet(A4, (250, 249, 246))
    for row, text in enumerate(("声　明", "本人承诺所填内容真实。", "王示例　2026年11月28日")):
        draw.text((220, 320 + row * 130), text, font=_font(56), fill=_INK)
    return DrawnPaper("few-lines", _pixels(page), {})


#: Every paper that `reading` knows.
READABLE: tuple[Callable[[], DrawnPaper], ...] = (
    draw_id_card_front,
    draw_id_card_back,
    draw_business_licence,
    draw_household_page,
    draw_certificate,
)


def _sheet(size: tuple[int, int], colour: tuple[int, int, int]) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    page = Image.new("RGB", size, colour)
    return page, ImageDraw.Draw(page)


def _portrait(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = box
    draw.rectangle(box, fill=(206, 218, 228))
    middle, width = (left + right) / 2, right - left
    draw.pieslice((left + 20, bottom - width * 0.45, right - 20, bottom + width * 0.6), 180, 360, fill=(70, 80, 100))
    draw.ellipse((middle - width * 0.2, top + 90, middle + width * 0.2, top + 90 + width * 0.55), fill=(222, 184, 160))


def _seal(draw: ImageDraw.ImageDraw, center: tuple[int, int], radius: int) -> None:
    x, y = center
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=_SEAL, width=9)
    draw.text(center, "样例", font=_font(radius // 2), fill=_SEAL, anchor="mm")


def _iso(number: str) -> str:
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size, index=SIMPLIFIED)


def _pixels(page: Image.Image) -> np.ndarray:
    return cv2.cvtColor(np.asarray(page), cv2.COLOR_RGB2BGR)
