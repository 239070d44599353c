"""Samples of the last page with a certificate: one that is printed, and one that a phone may fetch."""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image, ImageDraw

from kiosk.journey import views as v
from kiosk.words import say


def certificate_picture() -> bytes:
    """A sealed page with a frame and lines for its text, as JPEG."""
    picture = Image.new("RGB", (900, 1273), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((44, 44, 856, 1229), outline=(11, 79, 108), width=3)
    draw.rectangle((270, 170, 630, 206), fill=(60, 70, 84))
    for row in range(7):
        draw.rectangle((130, 320 + row * 64, 300, 336 + row * 64), fill=(160, 170, 178))
        draw.rectangle((340, 320 + row * 64, 560 + row % 3 * 70, 336 + row * 64), fill=(90, 100, 112))
    draw.ellipse((560, 930, 760, 1130), outline=(196, 35, 28), width=7)
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=85)
    return data.getvalue()


def certificate_views(language: str, done: v.DoneView, name: str) -> dict[str, v.DoneView]:
    """`done` with a certificate called `name`."""
    receipt, number = done.papers[0], "GJ-S-4F0A6B21C9"
    printing = v.Paper(
        "certificate", name, say("paper.once", language, number=number), say("paper.printing", language), "printing"
    )
    withheld = v.Paper("certificate", name, say("seal.unprintable", language), say("paper.failed", language), "failed")
    signer = "海湾市政务服务专用章（示例）"
    sealed = v.CertificateView(
        say("seal.preview", language), certificate_picture(),
        say("seal.signed", language, signer=signer, date="2026-11-28"),
    )  # fmt: skip
    link = "https://kiosk.example.invalid/documents/" + "0123456789abcdef" * 2 + ".1795242360." + "0123456789abcdef" * 4
    phone = v.CertificateView(say("seal.phone", language), address=link)
    not_here = v.Paper(
        "certificate",
        name,
        say("seal.not_fetched", language),
        say("paper.failed", language),
        "failed",
        True,
        "fetch_again",
    )
    plain = replace(done, levels=(), progress=None)
    line = say("done.look_line", language)
    return {
        "done-sealed": replace(plain, papers=(receipt, printing), certificate=sealed, progress=0.6),
        "done-about-to-print": replace(
            plain,
            papers=(receipt, replace(printing, state="waiting", badge=say("paper.waiting", language))),
            certificate=replace(sealed, title=say("seal.about_to_print", language, seconds=5), seconds=5),
            line=say("done.about_to_print_line", language),
            progress=0.4,
        ),
        "done-held": replace(
            plain,
            papers=(
                receipt,
                v.Paper(
                    "certificate",
                    name,
                    say("paper.held_line", language),
                    say("paper.held", language),
                    "held",
                    True,
                    "print_now",
                ),
            ),
            line=say("done.held_line", language),
        ),
        "done-not-fetched": replace(plain, papers=(receipt, not_here), line=line),
        "done-withheld": replace(plain, papers=(receipt, withheld), certificate=phone, line=line),
    }


def without_receipt(done: v.DoneView, language: str) -> v.DoneView:
    """`done` where the receipt printer is down and the network is not."""
    failed = v.Paper("receipt", "受理凭证", say("paper.failed_line", language), "", "failed")
    rows = (
        ("", "市南区政务服务中心"),
        ("办件编号", "3702-0261121-00417"),
        ("事项", "灵活就业人员参保登记"),
        ("申请人", "王示例"),
        ("身份证号", "3702**********002X"),
        ("提交时间", "2026-11-21 10:24"),
        ("受理部门", "海湾市人力资源和社会保障局"),
        ("终端", "HW-0001 一楼大厅"),
        ("", "交来的材料"),
        ("", "1. 就业创业证"),
        ("", "已当场办结：参保登记证明。"),
        ("", "查询电话 12345"),
    )
    link = v.CertificateView(
        say("done.receipt_by_phone", language), b"", "", "https://zwfw.example.gov.cn/receipt?k=cN2vUq9sTf0Lw4yKd7mZx1"
    )
    receipt = v.ReceiptView("受理凭证", rows)
    return replace(done, papers=(failed, *done.papers[1:]), progress=None, receipt=receipt, certificate=link)
