"""Invented pages of saving and continuing, for `screens.samples`. The code opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from kiosk.journey import views as v
from kiosk.words import say

CODE = "7K2M-9QXD-4RTW-A358"
ADDRESS = "https://id.example.gov.cn/saved?c=7K2M9QXD4RTWA358"


def saved_pages(language: str, page: Callable[..., v.Snapshot], filling: v.Snapshot) -> dict[str, v.Snapshot]:
    """The pages by name; `page(view, *buttons)` puts the chrome around one, `filling` is a page of a form."""

    def words(key: str, **values: object) -> str:
        return say(key, language, **values)

    def slip(state: str) -> v.Paper:
        return v.Paper("slip", words("saved.slip"), words(f"paper.{state}_line"), words(f"paper.{state}"), state)  # type: ignore[arg-type]

    name = "就业创业证" if language == "zh" else "employment certificate"
    left = words("saved.and").join((words("saved.scan", name=name), words("saved.sign"), words("saved.submit")))
    saved = v.SavedView(
        "saved",
        words("saved.title"),
        words("saved.line"),
        CODE,
        ADDRESS,
        words("saved.until", year=2026, month=12, day=5, time="14:24"),
        (slip("printed"),),
        (words("saved.left", left=left), words("saved.not_kept")),
    )
    failed = v.SavedView("failed", words("saved.failed"), problem=words("saved.failed_unreachable"))
    field = v.Field(
        "code", "text", words("continue_saved.code"), words("continue_saved.hint"), "7k2m-9qxd-4rt", required=True,
        keyboard="latin",
    )  # fmt: skip
    asked = v.QuestionView(words("continue_saved.title"), words("continue_saved.line"), (field,))
    wrong = replace(asked, fields=(replace(field, error=words("continue_saved.other_person")),))
    changed = v.TroubleView(
        words("continue_saved.changed_title"),
        words("continue_saved.changed_what", name="灵活就业人员参保登记" if language == "zh" else "Social insurance"),
        words("continue_saved.changed_advice", phone="12345"),
        words("continue_saved.changed_kept"),
    )
    return {
        "question-saves": replace(filling, chrome=replace(filling.chrome, saves=True)),
        "saving": page(v.SavedView("saving", words("saved.saving")), "", "finish"),
        "saved": page(saved, "stay", "finish"),
        "saved-no-slip": page(replace(saved, papers=(slip("uncertain"),)), "stay", "finish"),
        "saved-failed": page(failed, "stay", "try_again"),
        "continue": page(asked, "return", "next"),
        "continue-wrong": page(wrong, "return", "next"),
        "continue-changed": page(changed, "", "next"),
    }
