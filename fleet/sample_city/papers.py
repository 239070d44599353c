"""An invented 就业创业证 page, drawn and then "photographed" lying on a desk, once sharp and once blurred."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

#: Face 2 of Debian's NotoSansCJK collection is the simplified Chinese one (face 0 is Japanese).
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
SIMPLIFIED = 2

#: A4 at 200 dpi.
PAGE = (1654, 2339)
#: A document camera of 3 megapixels.
PHOTO = (2048, 1536)
#: The camera's focal length in pixels: a view of 75 degrees across.
FOCAL = 1340.0

_INK, _QUIET, _RULE, _SEAL = (24, 30, 40), (90, 98, 110), (150, 160, 172), (190, 40, 32)

_ROWS = (
    ("姓名", "王示例"),
    ("性别", "女"),
    ("出生日期", "1992 年 3 月 18 日"),
    ("公民身份号码", "37029919920318002X"),
    ("户籍地址", "海湾市东滩区样板路17号2单元101室"),
    ("常住地址", "海湾市东滩区样板路17号2单元101室"),
    ("学历", "大专"),
    ("职业资格", "无"),
    ("证书编号", "3702990026000017"),
    ("发证机关", "海湾市人力资源和社会保障局（示例）"),
    ("发证日期", "2024 年 5 月 6 日"),
)


_ADVICE = ("一、本证是示例，不能用来办事。", "二、本人使用，不得转借。", "三、信息有变化，请及时更新。")


def photograph_papers(folder: Path) -> None:
    """Write `employment_card.jpg` and `employment_card_blurred.jpg`, 2048x1536, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    photo = photograph(draw_employment_card(), corners_seen(tilt=16, turn=5, distance=350))
    for name, picture in (("employment_card", photo), ("employment_card_blurred", _shake(photo))):
        cv2.imwrite(str(folder / f"{name}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 88])


def draw_employment_card() -> np.ndarray:
    """The flat page as a BGR picture of `PAGE` size."""
    page = Image.new("RGB", PAGE, (250, 248, 242))
    draw = ImageDraw.Draw(page)
    width, _ = PAGE
    draw.rectangle((70, 70, width - 70, PAGE[1] - 70), outline=_RULE, width=4)
    draw.text((width / 2, 220), "就 业 创 业 证", font=_font(104), fill=_INK, anchor="mm")
    draw.text((width / 2, 330), "样本  数据均为虚构", font=_font(44), fill=_QUIET, anchor="mm")

    draw.rectangle((1180, 430, 1500, 840), fill=(214, 224, 232), outline=_RULE, width=3)
    draw.ellipse((1270, 500, 1410, 650), fill=(160, 174, 188))
    draw.pieslice((1210, 670, 1470, 990), 180, 360, fill=(160, 174, 188))
    draw.rectangle((1182, 838, 1498, 1000), fill=(250, 248, 242))
    draw.line((1180, 838, 1500, 838), fill=_RULE, width=3)

    for index, (label, value) in enumerate(_ROWS):
        top = 470 + index * 128
        draw.text((150, top), label, font=_font(46), fill=_QUIET)
        draw.text((490, top), value, font=_font(48), fill=_INK)
        draw.line((480, top + 84, 1120 if index < 3 else 1500, top + 84), fill=_RULE, width=2)

    center = (1230, 1880)
    draw.ellipse((center[0] - 190, center[1] - 190, center[0] + 190, center[1] + 190), outline=_SEAL, width=9)
    draw.text(center, "样例", font=_font(108), fill=_SEAL, anchor="mm")
    draw.text((150, 1960), "注意事项", font=_font(46), fill=_INK)
    for index, line in enumerate(_ADVICE):
        draw.text((150, 2030 + index * 66), line, font=_font(38), fill=_QUIET)
    return cv2.cvtColor(np.asarray(page), cv2.COLOR_RGB2BGR)


def corners_seen(tilt: float, turn: float, distance: float, aside: tuple[float, float] = (0, 0)) -> np.ndarray:
    """Where the camera sees the corners of an upright A4 sheet, clockwise from its top left, in pixels.

    `tilt` (degrees) leans the camera back, `turn` turns the sheet on the desk; `distance` and `aside` are
    millimetres from the lens to the sheet's middle, and of the sheet's middle from where the camera points.
    """
    lean, spin = np.radians(tilt), np.radians(turn)
    sheet = np.array([(-105, -148.5), (105, -148.5), (105, 148.5), (-105, 148.5)])
    x = sheet[:, 0] * np.cos(spin) - sheet[:, 1] * np.sin(spin) + aside[0]
    y = sheet[:, 0] * np.sin(spin) + sheet[:, 1] * np.cos(spin) + aside[1]
    depth = distance - y * np.sin(lean)
    seen = np.stack([x / depth, y * np.cos(lean) / depth], axis=1) * FOCAL
    return (seen + np.array(PHOTO) / 2).astype(np.float32)


def photograph(page: np.ndarray, corners: np.ndarray, seed: int = 7) -> np.ndarray:
    """`page` lying on a grey-brown desk with its corners at `corners`, lit from the left, with a soft shadow."""
    width, height = PHOTO
    chance = np.random.default_rng(seed)
    across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    grain = cv2.resize(chance.normal(0, 1, (height // 6, 24)), (width, height), interpolation=cv2.INTER_CUBIC)
    desk = np.array([96, 108, 118], np.float32) + (grain[..., None] * 3.5).astype(np.float32)

    flat = np.array([(0, 0), (page.shape[1], 0), (page.shape[1], page.shape[0]), (0, page.shape[0])], np.float32)
    view = cv2.getPerspectiveTransform(flat, np.asarray(corners, np.float32))
    # The page is several times finer than the photograph: shrink with care, as a lens does.
    seen = cv2.warpPerspective(cv2.GaussianBlur(page, (0, 0), 0.8), view, PHOTO, flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(np.full(page.shape[:2], 255, np.uint8), view, PHOTO, flags=cv2.INTER_LINEAR)
    cover = cv2.GaussianBlur(cover, (0, 0), 0.7).astype(np.float32)[..., None] / 255

    shadow = np.roll(cover[..., 0], (14, 20), (0, 1))
    desk *= 1 - 0.42 * cv2.GaussianBlur(shadow, (0, 0), 16)[..., None]
    photo = desk * (1 - cover) + seen.astype(np.float32) * cover
    light = 0.93 - 0.10 * across - 0.05 * down - 0.05 * across * across
    photo = photo * light[..., None] + chance.normal(0, 1.6, (height, width, 1))
    return np.clip(photo, 0, 255).astype(np.uint8)


def _shake(photo: np.ndarray) -> np.ndarray:
    """The same moment with the paper still moving: out of focus and dragged sideways."""
    drag = np.zeros((1, 17), np.float32)
    drag[:] = 1 / drag.size
    return cv2.GaussianBlur(cv2.filter2D(photo, -1, drag), (0, 0), 4)


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size, index=SIMPLIFIED)
