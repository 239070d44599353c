"""The town of the journeys, and the shelf of releases of the cache's tests."""

from tests.journeys.fixtures import hall
from tests.offline_cache.conftest import published, shelf

__all__ = ["hall", "published", "shelf"]
