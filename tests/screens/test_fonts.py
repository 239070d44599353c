from __future__ import annotations

from pathlib import Path

import pytest

from screens import fonts


@pytest.fixture(scope="module", autouse=True)
def made() -> None:
    fonts.make(fonts.folder())


def test_common_text_is_left_alone() -> None:
    assert fonts.mark_rare("张伟 Zhang，12 月") == "张伟 Zhang，12 月"


def test_markup_in_text_is_shown_not_obeyed() -> None:
    assert fonts.mark_rare("[b]&[/b]") == "&bl;b&br;&amp;&bl;/b&br;"


def test_a_character_of_extension_b_gets_a_font_that_has_it() -> None:
    rare = "\U00020001"  # 𠀁
    assert not fonts.has(fonts.folder() / fonts.REGULAR, rare)
    assert fonts.mark_rare(f"王{rare}") == f"王[font=HanaMinB]{rare}[/font]"


def test_a_character_nothing_has_stays_in_the_typeface() -> None:
    assert fonts.font_of("\U0010fffd") == "Roboto"


def test_the_face_is_the_chinese_one() -> None:
    from fontTools.ttLib import TTFont

    with TTFont(fonts.folder() / fonts.REGULAR, lazy=True) as font:
        assert font["name"].getDebugName(1).endswith("SC")


def test_another_folder_can_be_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIANMIN_FONTS", str(tmp_path))
    assert fonts.folder() == tmp_path


def test_coverage_is_what_the_font_says() -> None:
    from fontTools.ttLib import TTFont

    path = fonts.folder() / fonts.REGULAR
    with TTFont(path, lazy=True) as font:
        there = font.getBestCmap()
    for code in (*range(0x3000, 0xA000, 7), 0x20087, 0x20001, 0x10FFFD):
        assert fonts.has(path, chr(code)) == (code in there)
