"""An offline code is taken once, whatever is restarted in between."""

from __future__ import annotations

from pathlib import Path

from offline_cache import Cache

DAY = 86400.0


def test_once(tmp_path: Path) -> None:
    cache = Cache.open(tmp_path)
    assert not cache.used_codes.known(b"one")
    assert cache.used_codes.take(b"one", 1300.0, 1000.0)
    assert not cache.used_codes.take(b"one", 1300.0, 1000.0)
    assert cache.used_codes.take(b"two", 1300.0, 1000.0)
    cache.close()
    again = Cache.open(tmp_path)
    assert again.used_codes.known(b"one") and not again.used_codes.take(b"one", 1300.0, 1001.0)


def test_it_is_forgotten_a_day_after_it_ran_out(tmp_path: Path) -> None:
    cache = Cache.open(tmp_path)
    cache.used_codes.take(b"one", 1300.0, 1000.0)
    cache.used_codes.take(b"two", 2000.0, 1300.0 + DAY)
    assert cache.used_codes.known(b"one")
    cache.used_codes.take(b"three", 1e6, 1301.0 + DAY)
    assert not cache.used_codes.known(b"one") and cache.used_codes.known(b"two")
