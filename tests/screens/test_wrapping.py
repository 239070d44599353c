from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("window")
TEXT = "还没有受理。网络恢复后会送达平台，约 6 分钟后受理结果发短信到 138 **** 0026。（请留意）"


@pytest.fixture
def wrapping(window: Any) -> Any:
    import screens.widgets  # noqa: F401
    from screens.widgets import wrapping

    return wrapping


@pytest.mark.parametrize("width", range(120, 900, 60))
def test_lines_fit_and_nothing_is_lost(wrapping: Any, width: int) -> None:
    lines = wrapping.wrap(TEXT, width, 32)
    assert all(wrapping.measure(line, 32) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == TEXT.replace(" ", "")


@pytest.mark.parametrize("width", range(300, 900, 60))
def test_punctuation_stands_where_it_may(wrapping: Any, width: int) -> None:
    lines = wrapping.wrap(TEXT, width, 32)
    assert not any(line[0] in "，。）" for line in lines)
    assert not any(line[-1] == "（" for line in lines)


def test_words_and_numbers_stay_whole(wrapping: Any) -> None:
    for width in range(300, 900, 40):
        assert any("138 **** 0026" in line for line in wrapping.wrap(TEXT, width, 32))
        english = wrapping.wrap("Social insurance for the self-employed", width, 32)
        assert " ".join(english) == "Social insurance for the self-employed"


def test_balanced_lines_are_no_more_and_no_wider(wrapping: Any) -> None:
    plain, even = wrapping.wrap(TEXT, 700, 32), wrapping.balance(TEXT, 700, 32)
    assert len(even) == len(plain)
    shortest = min(wrapping.measure(line, 32) for line in even)
    assert shortest >= min(wrapping.measure(line, 32) for line in plain)
