"""One platform, its city's stand-ins and two enrolled terminals for all tests of a worker."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from tests.fleet.city_workbook import with_logins
from tests.fleet.logins import StandIn, stand_in
from tests.fleet.running_platform import RunningPlatform, TestTerminal, running


@pytest.fixture(scope="session")
def sms_gateway() -> Iterator[StandIn]:
    yield from stand_in("sms_gateway")


@pytest.fixture(scope="session")
def code_service() -> Iterator[StandIn]:
    yield from stand_in("code_service")


@pytest.fixture(scope="session")
def platform(
    tmp_path_factory: pytest.TempPathFactory, sms_gateway: StandIn, code_service: StandIn
) -> Iterator[RunningPlatform]:
    """A platform with release 1 of the small city and its items for logins, connected to the stand-ins."""
    connectors = f"""
        [identity]
        use = "sample_city"
        [codes]
        use = "city_code"
        url = "{code_service.url}"
        area = "370299"
        [sms]
        use = "http"
        url = "{sms_gateway.url}/messages"
        health = "{sms_gateway.url}/health"
    """
    yield from running(tmp_path_factory.mktemp("fleet"), connectors, with_logins)


@pytest.fixture(scope="session")
def terminal(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> TestTerminal:
    """The terminal T-1, enrolled."""
    return TestTerminal(platform, "T-1", tmp_path_factory.mktemp("T-1"))


@pytest.fixture(scope="session")
def second(platform: RunningPlatform, tmp_path_factory: pytest.TempPathFactory) -> TestTerminal:
    """The terminal T-6, enrolled."""
    return TestTerminal(platform, "T-6", tmp_path_factory.mktemp("T-6"))


@pytest.fixture
def patient(platform: RunningPlatform) -> Iterator[None]:
    """Nobody has to wait for what earlier tests did, nor later ones for this."""

    def forgive() -> None:
        with sqlite3.connect(platform.data / "fleet.db", timeout=20) as database:
            database.execute("delete from waits")

    forgive()
    yield
    forgive()
