"""Every pair of text and ground on the screens has a contrast of 7:1 or more (WCAG AAA)."""

from __future__ import annotations

from typing import Any

import pytest

PAIRS = [
    ("ink", "ground"), ("ink", "surface"), ("ink", "seawash"), ("quiet", "ground"), ("quiet", "surface"),
    ("quiet", "seawash"), ("surface", "sea"), ("surface", "seadeep"), ("sea", "surface"), ("sea", "seawash"),
    ("sea", "ground"), ("seal", "sealwash"), ("surface", "seal"), ("pine", "pinewash"), ("amber", "amberwash"),
    ("amber", "surface"), ("surface", "ink"), ("seal", "seawash"), ("seal", "surface"),
]  # fmt: skip


def luminance(colour: list[float]) -> float:
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast(window: Any, text: str, ground: str) -> None:
    from screens.theme import theme

    light, dark = sorted((luminance(getattr(theme, name)) for name in (text, ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 7


def test_care_mode_enlarges_text_and_not_the_bars(window: Any) -> None:
    from screens.theme import Theme

    theme = Theme()
    before = theme.small, theme.body, theme.choice, theme.heading, theme.label
    theme.care = True
    after = theme.small, theme.body, theme.choice, theme.heading, theme.label
    assert [round(b / a, 2) for a, b in zip(before, after, strict=True)] == [1.6, 1.6, 1.6, 1.6, 1.0]
