"""Samples of the page on which what the platform has is confirmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk.journey import views as v
from kiosk.words import say
from screens.certificate_samples import certificate_picture
from screens.scan_samples import page_picture


def held_pages(language: str, page: Callable[..., v.Snapshot]) -> dict[str, v.Snapshot]:
    """Every sample by name; `page` makes one of a view and its buttons."""
    zh = language == "zh"
    name, lease = ("就业创业证", "房屋租赁合同") if zh else ("Employment certificate", "Lease")

    def said(key: str, **values: object) -> str:
        return say(f"held.{key}", language, **values)

    def day(year: int, month: int, day: int) -> str:
        return say("check.date", language, year=year, month=month, day=day)

    authority = "海湾市人力资源和社会保障局（示例）"
    facts = {
        "licence": "就业创业证",
        "number": "JY-3702-2021-000095",
        "authority": authority,
        "issued_on": day(2021, 6, 15),
    }
    rows = tuple((said(key), value) for key, value in facts.items())
    good, over = (*rows, (said("valid_until"), said("for_good"))), (*rows, (said("valid_until"), day(2024, 12, 31)))
    seal = said("sealed", signer="海湾市政务服务专用章（示例）", date="2026-11-28")
    another, now = said("scan_instead"), said("scan_now")
    title = said("title", name=name)
    earlier = (
        (said("given_on"), day(2026, 3, 9)),
        (said("given_for"), "居住证办理"),
        (said("case_number"), "3702-0260309-00012"),
    )
    ready = v.HeldView(title, "ready", good, certificate_picture(), seal, scans=another)
    given = v.HeldView(said("title", name=lease), "ready", earlier, page_picture(cropped=True), scans=another)
    expired = said("expired", until=day(2024, 12, 31))
    asking = page(v.HeldView(said("asks", name=name), scans=now), "back", "use_held")
    checking = page(v.HeldView(title, "checking", good, scans=another), "back", "use_held")
    return {
        "held": page(ready, "back", "use_held"),
        "held-earlier": page(given, "back", "use_held"),
        "held-asking": replace(asking, chrome=replace(asking.chrome, forward_enabled=False)),
        "held-checking": replace(checking, chrome=replace(checking.chrome, forward_enabled=False)),
        "held-file": page(v.HeldView(title, "file", good, b"", seal, said("file"), scans=another), "back", "use_held"),
        "held-expired": page(v.HeldView(title, "refused", over, problem=expired), "back", "scan_it"),
    }
