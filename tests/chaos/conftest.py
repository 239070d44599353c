"""The town of the journeys."""

from tests.journeys.fixtures import hall

__all__ = ["hall"]
