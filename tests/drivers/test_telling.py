"""A handler that fails ends no watch, and what it was told does not come into the log."""

from __future__ import annotations

import logging

import pytest

from drivers.telling import tell


def test_only_the_kind_of_a_handlers_error_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def handler(event: str) -> None:
        raise ValueError(event)

    tell(handler, "张测试 110101199002280022", logging.getLogger("drivers"))
    assert caplog.messages == ["handler of str failed: ValueError"]
    assert "张测试" not in caplog.text and "110101" not in caplog.text
