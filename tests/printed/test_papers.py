"""Every printed paper looks as it did when somebody last looked at it: `python -m tests.printed.papers` renews them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from tests.printed.papers import GOLDEN, pictures

#: how far two pictures of one paper may differ: mean of 255, and pixels in a thousand that are clearly another grey;
#: a character of a receipt is 0.5 in a thousand, a word in grey 0.2
MEAN, CLEARLY, PER_MILLE = 0.3, 96, 0.1


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Image.Image]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "Asia/Shanghai")
        time.tzset()
        yield pictures(tmp_path_factory.mktemp("tray"))
    time.tzset()


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Mean, and clearly different pixels in a thousand. Pictures of another size are of another paper."""
    if one.size != other.size:
        return 255.0, 1000.0
    apart = ImageChops.difference(one, other)
    clearly = sum(apart.histogram()[CLEARLY:])
    return ImageStat.Stat(apart).mean[0], 1000 * clearly / (one.width * one.height)


def same(one: Image.Image, other: Image.Image) -> bool:
    mean, per_mille = difference(one, other)
    return mean <= MEAN and per_mille <= PER_MILLE


def golden(name: str) -> Image.Image:
    with Image.open(GOLDEN / f"{name}.png") as picture:
        return picture.convert("L")


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.png")))
def test_it_looks_as_it_did(printed: dict[str, Image.Image], name: str, tmp_path: Path) -> None:
    if not same(printed[name], golden(name)):
        printed[name].save(tmp_path / "now.png")
        pytest.fail(
            f"{difference(printed[name], golden(name))}: compare {tmp_path / 'now.png'} with {GOLDEN / name}.png"
        )


def test_every_paper_has_a_golden_picture(printed: dict[str, Image.Image]) -> None:
    assert set(printed) == {path.stem for path in GOLDEN.glob("*.png")}


@pytest.mark.parametrize("name", ["receipt-accepted", "notice-accepted", "insurance_certificate"])
def test_a_character_that_is_gone_or_a_line_that_moved_is_seen(name: str) -> None:
    whole = golden(name)
    ink = whole.point([255 if grey < 128 else 0 for grey in range(256)]).getbbox()
    assert ink is not None
    left, top = ink[0], ink[1]
    blotted = whole.copy()
    ImageDraw.Draw(blotted).rectangle((left, top, left + 200, top + 30), fill=255)
    moved = Image.new("L", whole.size, 255)
    moved.paste(whole, (0, 2))
    assert not same(whole, moved)
    assert same(whole, whole.copy()) and not same(whole, blotted)
