"""Rare characters by parts, by sound and by code point, in the real table."""

from __future__ import annotations

import queue
from pathlib import Path

import pytest

from screens import fonts
from screens.keyboards import radicals
from screens.keyboards.rare import RareCharacters
from screens.keyboards.rare_input import RareAnswer, RareInput
from tests.screens.keyboards.citizen import Make, Step


@pytest.fixture(scope="module")
def characters(table: Path) -> RareCharacters:
    return RareCharacters(table)


@pytest.mark.parametrize(
    ("parts", "character"),
    [
        ("土口", "𠮷"), ("龙天", "䶮"), ("吉吉", "喆"), ("火火火火", "燚"), ("辶山", "辿"), ("亻厂", "仮"),
        ("女吉", "姞"), ("斌贝", "赟"), ("牛牛牛", "犇"), ("水水水", "淼"), ("方方土", "堃"), ("王王", "玨"),
        ("日丙", "昞"), ("人人人", "众"), ("八刀", "分"), ("又又又又", "叕"),
    ],
)  # fmt: skip
def test_by_parts(characters: RareCharacters, parts: str, character: str) -> None:
    assert character in characters.by_parts(parts)[:8]


@pytest.mark.parametrize(
    ("letters", "character"),
    [
        ("zhe", "喆"),
        ("jiji", "喆"),
        ("longtian", "䶮"),
        ("yi", "燚"),
        ("huohuohuohuo", "燚"),
        ("zoushan", "辿"),
        ("tukou", "𠮷"),
    ],
)
def test_by_sound(characters: RareCharacters, letters: str, character: str) -> None:
    assert character in characters.by_sound(letters)


@pytest.mark.parametrize(("sound", "character"), [("zhe", "喆"), ("jun", "珺"), ("jie", "玠"), ("jin", "瑨")])
def test_by_sound_what_names_use_stands_before_what_nobody_uses(
    characters: RareCharacters, sound: str, character: str
) -> None:
    assert character in characters.by_sound(sound)[:12]


@pytest.mark.parametrize(
    ("digits", "found"),
    [("20BB7", "𠮷"), ("20bb7", "𠮷"), ("4DAE", "䶮"), ("E000", ""), ("D800", ""), ("41", ""), ("110000", "")],
)
def test_by_code(characters: RareCharacters, digits: str, found: str) -> None:
    assert "".join(characters.by_code(digits)) == found


def test_every_character_offered_can_be_drawn(characters: RareCharacters) -> None:
    for part in radicals.FREQUENT:
        for character in characters.by_parts(part):
            assert fonts.font_of(character) != "Roboto" or fonts.has(fonts.folder() / fonts.REGULAR, character), (
                character
            )


def test_every_part_offered_leads_somewhere(characters: RareCharacters) -> None:
    dead = [part for part in sorted(radicals.KNOWN) if not characters.by_parts(part)]
    assert dead == []
    assert all(len(parts) >= 10 for parts in radicals.BY_STROKES.values())


def test_parts_beside_lead_on(characters: RareCharacters) -> None:
    beside = characters.parts_beside("辶山")
    assert beside
    for part in list(beside)[:20]:
        assert characters.by_parts(f"辶山{part}"), part


def test_questions_that_would_harm_a_database(characters: RareCharacters) -> None:
    assert characters.by_sound("x'; drop table sounds; --") == ()
    assert characters.by_parts("';") == ()
    assert characters.by_code("0x41") == ()


def test_without_a_table_code_points_still_work(tmp_path: Path) -> None:
    answers: queue.Queue[RareAnswer] = queue.Queue()
    rare = RareInput(tmp_path / "none.db", deliver=lambda function: function())
    try:
        rare.ask("parts", "土口", answers.put)
        assert answers.get(timeout=10).out
        rare.ask("code", "20BB7", answers.put)
        assert answers.get(timeout=10).characters == ("𠮷",)
    finally:
        rare.stop()


def test_a_damaged_table_is_said_and_the_next_question_is_answered(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 4096)
    answers: queue.Queue[RareAnswer] = queue.Queue()
    rare = RareInput(tmp_path / "broken.db", deliver=lambda function: function())
    try:
        for way in ("parts", "sound"):
            rare.ask(way, "tu", answers.put)
            assert answers.get(timeout=10).out
        rare.ask("code", "20BB7", answers.put)
        assert answers.get(timeout=10).characters == ("𠮷",)
    finally:
        rare.stop()


def test_parts_on_the_keyboard(sit_down: Make, step: Step) -> None:
    citizen = sit_down("rare_parts")
    [earth] = [name for name in citizen.controls("key:part:") if citizen.control(name).text == "土"]
    citizen.tap(earth)
    step(lambda: len(citizen.shown()) > 1)
    [mouth] = [name for name in citizen.controls("key:part:") if citizen.control(name).text == "口"]
    citizen.tap(mouth)
    step(lambda: "𠮷" in citizen.shown())
    assert citizen.keyboard.composing == "土+口"
    wanted = citizen.control(f"candidate:{citizen.shown().index('𠮷')}")
    assert wanted.font_name == fonts.font_of("𠮷")
    citizen.tap(wanted.control_id)
    assert (citizen.text, citizen.keyboard.composing) == ("𠮷", "")


def test_strokes_show_other_parts(sit_down: Make) -> None:
    citizen = sit_down("rare_parts")
    citizen.tap("key:strokes:5")
    shown = [citizen.control(name).text for name in citizen.controls("key:part:")]
    assert "".join(shown) == radicals.BY_STROKES["5"][:29]
    citizen.tap("key:parts_more")
    assert citizen.control("key:part:0").text == radicals.BY_STROKES["5"][29]


def test_sound_and_code_on_the_keyboard(sit_down: Make, step: Step) -> None:
    citizen = sit_down("rare_sound")
    citizen.type("jiji")
    step(lambda: "喆" in citizen.keyboard.answer.candidates)
    citizen.tap("key:code")
    assert citizen.keyboard.composing == ""
    citizen.type("20BB7")
    step(lambda: citizen.shown() == ["𠮷"])
    assert citizen.keyboard.composing == "U+20BB7"
    citizen.tap("key:space")
    assert citizen.text == "𠮷"


def test_what_was_chosen_is_dropped_with_the_layout(sit_down: Make, step: Step) -> None:
    citizen = sit_down("rare_parts")
    citizen.tap("key:part:0")
    step(lambda: bool(citizen.shown()))
    citizen.tap("key:pinyin")
    assert (citizen.text, citizen.keyboard.composing, citizen.shown()) == ("", "", [])
