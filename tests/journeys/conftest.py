"""Whole journeys: the fixtures are those of fixtures.py."""

from tests.journeys.fixtures import citizen, hall, open_terminal, start_agent

__all__ = ["citizen", "hall", "open_terminal", "start_agent"]
