"""The terminal's memory: what it keeps, for how long, sealed with which key, and how it reaches the platform."""

from offline_cache.cache import Cache

__all__ = ["Cache"]
