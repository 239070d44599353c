"""Finding items: by words, any part of them, pinyin, initials, synonyms and topics; typing errors are forgiven."""

from offline_cache.search.finding import LIMIT, Found, Search, Why
from offline_cache.search.index import build
from offline_cache.search.texts import plain

__all__ = ["LIMIT", "Found", "Search", "Why", "build", "plain"]
