"""Which codes were seen a moment ago."""

from __future__ import annotations

# A hand trembles and a look misses: a code before a camera is new only after it was away this long.
AWAY_AFTER = 1.0
# Presentation scanners send a code that stays several times a second; a trigger is not pulled twice in this time.
SAME_AFTER = 0.5


class Sightings:
    """So that a code held still is told once."""

    def __init__(self, away_after: float = AWAY_AFTER) -> None:
        self._away_after = away_after
        self._seen_at: dict[str, float] = {}

    def new(self, texts: list[str], now: float) -> list[str]:
        """Those not seen during the last `away_after` seconds."""
        self._seen_at = {text: at for text, at in self._seen_at.items() if now - at < self._away_after}
        fresh = [text for text in dict.fromkeys(texts) if text not in self._seen_at]
        self._seen_at.update(dict.fromkeys(texts, now))
        return fresh
