"""Samples of the pages on which papers come in: the document camera, the citizen's phone, a USB stick."""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageDraw

from kiosk.journey import source_views
from kiosk.journey import views as v
from kiosk.words import say
from screens.scanner_samples import scanners

CORNERS = ((0.24, 0.14), (0.74, 0.10), (0.79, 0.86), (0.29, 0.90))


def page_picture(cropped: bool = False) -> bytes:
    """A sheet of paper on a grey desk, as JPEG; `cropped`: the sheet alone."""
    picture = Image.new("RGB", (960, 720), (93, 102, 110))
    draw = ImageDraw.Draw(picture)
    sheet = [(x * 960, y * 720) for x, y in CORNERS]
    if cropped:
        picture = Image.new("RGB", (600, 840), (253, 245, 225))
        draw = ImageDraw.Draw(picture)
        sheet = [(0, 0), (600, 0), (600, 840), (0, 840)]
    draw.polygon(sheet, fill=(253, 245, 225))
    (ax, ay), (bx, by), _, (dx, dy) = sheet
    for row in range(9):
        t = 0.12 + row * 0.085
        start = (ax + (dx - ax) * t + (bx - ax) * 0.1, ay + (dy - ay) * t + (by - ay) * 0.1)
        length = 0.75 if row % 3 else 0.5
        draw.line([start, (start[0] + (bx - ax) * length, start[1] + (by - ay) * length)], (150, 152, 146), 9)
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=85)
    return data.getvalue()


def scans(language: str, page: Callable[..., v.Snapshot]) -> dict[str, v.Snapshot]:
    """Every sample by name; `page` makes one of a view and its buttons."""
    own = _chinese(page) if language == "zh" else _english(page)
    return {**own, **_uploads(language, page), **scanners(language, page, page_picture(cropped=True))}


def _chinese(page: Callable[..., v.Snapshot]) -> dict[str, v.Snapshot]:
    flags = (("清楚", True), ("没有反光", True), ("四角完整", True))
    return {
        "scan": page(
            v.ScanView(
                "拍摄就业创业证",
                "放在下方灰色台面上，四个角都要露出来。",
                "steady",
                "已找到纸张，请放稳，1 秒后自动拍",
                flags=flags,
                page="第 1 页",
                from_phone=True,
                from_stick=True,
                from_platform=True,
                from_scanner=True,
            ),
            "back",
            "capture",
        ),
        "scan-without": page(
            v.ScanView(
                "拍摄退出现役证件",
                "四个角都要露出来。",
                "searching",
                without="今天没带，以后补交",
                from_phone=True,
                from_stick=True,
                from_scanner=True,
            ),
            "back",
            "capture",
        ),
        "scan-taken": page(
            v.ScanView(
                "拍摄就业创业证",
                "看一看字是否清楚。",
                "taken",
                flags=flags,
                pages=1,
                page="正面",
                picture=page_picture(cropped=True),
                strip=(page_picture(cropped=True),),
                adds="拍背面",
                from_phone=True,
            ),
            "back",
            "take_back",
        ),
        "scan-refused": page(
            v.ScanView(
                "拍摄就业创业证",
                "放在下方灰色台面上，四个角都要露出来。",
                "refused",
                say("scan.refused"),
                say("scan.problem_glare"),
                page="第 1 页",
                picture=page_picture(),
                marks=((0.5, 0.3, 0.62, 0.42),),
                from_phone=True,
            ),
            "back",
            "capture",
        ),
        "scan-doubted": page(
            v.ScanView(
                "拍摄户口簿本人页",
                "放在下方灰色台面上，四个角都要露出来。",
                "taken",
                problem=say("scan.doubt_name_differs", read="李样本", login="王示例"),
                reading=say("scan.read", count=6),
                pages=1,
                page="第 1 页",
                picture=page_picture(cropped=True),
                strip=(page_picture(cropped=True),),
                adds="再拍一页",
                from_phone=True,
            ),
            "back",
            "keep_doubted",
        ),
        "scan-reading": page(
            v.ScanView(
                "拍摄户口簿本人页",
                "放在下方灰色台面上，四个角都要露出来。",
                "reading",
                say("scan.reading", number=2, total=3),
                pages=3,
                page="第 3 页",
                picture=page_picture(cropped=True),
            ),
            "back",
            "go_unread",
        ),
        "scan-pages": page(
            v.ScanView(
                "拍摄房屋租赁合同",
                "放在下方灰色台面上，四个角都要露出来。",
                "taken",
                pages=6,
                page="第 2 页",
                picture=page_picture(cropped=True),
                strip=(page_picture(cropped=True),) * 6,
                at=1,
                adds="再拍一页",
                from_phone=True,
            ),
            "back",
            "keep_all",
        ),
        "scan-delete": page(
            v.ScanView(
                "拍摄学生证",
                "放在下方灰色台面上，四个角都要露出来。",
                "taken",
                pages=2,
                page="背面",
                picture=page_picture(cropped=True),
                strip=(page_picture(cropped=True),) * 2,
                at=1,
                sure="要删掉背面吗？删了要重新拍。",
            ),
            "back",
            "keep_all",
        ),
    }


def _english(page: Callable[..., v.Snapshot]) -> dict[str, v.Snapshot]:
    scan = v.ScanView(
        "Scan your certificate",
        "Lay it on the grey desk, all four corners in sight.",
        "found",
        flags=(("sharp", True), ("no glare", False)),
        page="Page 1",
        from_phone=True,
    )
    pages = v.ScanView(
        "Scan: Lease or title deed",
        "Lay it on the grey desk, all four corners in sight.",
        "taken",
        pages=5,
        page="Page 3",
        picture=page_picture(cropped=True),
        strip=(page_picture(cropped=True),) * 5,
        at=2,
        adds="Add a page",
        from_phone=True,
        from_stick=True,
        from_scanner=True,
    )
    return {"scan": page(scan, "back", "capture"), "scan-pages": page(pages, "back", "keep_all")}


def _uploads(language: str, page: Callable[..., v.Snapshot]) -> dict[str, v.Snapshot]:
    """The pages that wait for the citizen's phone."""
    title = say("phone_upload.title", language, name="房屋租赁合同" if language == "zh" else "Lease or title deed")
    address = "https://zwfw.example.gov.cn/upload?k=cN2vUq9sTf0Lw4yKd7mZx1bHj6gRp8aEiOuYtQwErTy"
    refused = "\n".join(
        say("phone_upload.refused", language, number=number, reason=say(f"phone_upload.{reason}", language))
        for number, reason in ((1, "encrypted"), (2, "active"))
    )
    stick = say("usb_stick.title", language, name="房屋租赁合同" if language == "zh" else "Lease or title deed")
    files = (
        source_views.StickRow("租房合同2026（盖章）.pdf", "PDF · 1.2 MB", True),
        source_views.StickRow("IMG_20261103_0915.jpg", "JPEG · 3.4 MB", True),
        source_views.StickRow("a very long name of a file that somebody …ed-final.pdf", "PDF · 840 KB"),
    )
    return {
        "usb-stick": page(source_views.StickView(stick, "choosing", files), "return", "take_files"),
        "usb-stick-waiting": page(source_views.StickView(stick), "return"),
        "phone-upload": page(source_views.PhoneUploadView(title, "waiting", address, 583), "return"),
        "phone-upload-fetching": page(source_views.PhoneUploadView(title, "fetching"), "return"),
        "phone-upload-over": page(
            source_views.PhoneUploadView(title, "over", problem=refused), "return", "another_code"
        ),
    }
