"""Samples of the document scanner's page."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.journey import views as v
from kiosk.journey.source_views import ScannerView, ScannerWay
from kiosk.words import say


def scanners(language: str, page: Callable[..., v.Snapshot], picture: bytes) -> dict[str, v.Snapshot]:
    """Every sample by name; `page` makes one of a view and its buttons, `picture` is a page that was scanned."""

    def words(key: str, **values: object) -> str:
        return say(f"document_scanner.{key}", language, **values)

    def ways(chosen: str) -> tuple[ScannerWay, ...]:
        names = ("feeder", "feeder_duplex", "flatbed")
        return tuple(ScannerWay(way, words(way), words(f"{way}_line"), way == chosen) for way in names)

    title = words("title", name="房屋租赁合同" if language == "zh" else "Lease or title deed")
    pages = (picture,) * 3
    jam = "\n".join((words("jam"), words("stays", count=3)))
    card = words("title", name="学生证" if language == "zh" else "Student card")
    glass = ways("flatbed")[2:]
    good, count = words("turn_over"), words("count", count=3)
    return {
        "scanner": page(ScannerView(title, "ready", ways("feeder"), words("feeder_help")), "return", "scan"),
        "scanner-scanning": page(
            ScannerView(title, "scanning", message=words("scanning", number=4), pages=pages, count=count),
            "return",
            "stop",
        ),
        "scanner-jam": page(
            ScannerView(title, "ready", ways("feeder"), words("feeder_help"), pages=pages, count=count, problem=jam),
            "return",
            "scan",
        ),
        "scanner-other-side": page(
            ScannerView(card, "ready", glass, words("flatbed_help"), "", pages[:1], words("count", count=1), good),
            "return",
            "scan",
        ),
        "scan-no-camera": page(
            v.ScanView(
                title,
                say("scan.no_camera", language),
                "gone",
                say("scan.other_ways", language),
                from_phone=True,
                from_stick=True,
                from_scanner=True,
            ),
            "back",
        ),
        "scanner-away": page(
            ScannerView(title, "away", message=words("away"), problem=words("gone")), "return", "try_again"
        ),
    }
