"""A keypad under umockdev: keys, long presses, unplugging."""

from __future__ import annotations

import json

import pytest

from drivers.errors import ConfigError
from drivers.keypad import Keypad
from tests.drivers.told import Told


def test_keys_are_told_and_reach_nobody_else(simulator) -> None:
    pad = simulator("keypad")
    read = Told("drivers.keypad", "read", "--address", pad.said["address"], environment=pad.said["environment"])
    try:
        read.wait(event="status", device="online")
        assert pad("state")["grabbed"]
        for name, key in (("5", "five"), ("enter", "enter"), ("cancel", "cancel"), ("up", "up"), ("f3", "fdk03")):
            pad(f"press {name}")
            assert read.wait(event="pressed") == {"event": "pressed", "key": key}
        assert not any(line["event"] in ("held", "repeated") for line in read.seen)
        pad("hold clear 1.3")
        assert [read.wait(event=event)["key"] for event in ("pressed", "repeated", "held")] == ["clear"] * 3
        pad("press 9999")
        pad("unplug")
        read.wait(event="status", device="offline", detail="gone")
        pad("plug")
        read.wait(event="status", device="online")
        pad("press 0")
        read.wait(event="pressed", key="zero")
    finally:
        read.stop()


def test_the_command_line(simulator, run) -> None:
    done = run("drivers.keypad", "status", "--address", "evdev:0000:ffff", "--json")
    assert json.loads(done.stdout)["device"] == "offline" and done.returncode == 1
    done = run("drivers.keypad", "read", "--address", "/dev/input/none", "--timeout", "0.4", "--json")
    assert json.loads(done.stdout.splitlines()[-1]) == {"result": "no-key", "device": "offline", "detail": "gone"}
    assert done.returncode == 1
    assert run("drivers.keypad", "read").returncode == 2
    assert run("drivers.keypad", "status", "--address", "serial:/dev/null").returncode == 2


@pytest.mark.parametrize("keys", [{"KEY_F1": "nonsense"}, {"KEY_NONSENSE": "help"}])
def test_a_map_that_is_not_understood_is_said(keys: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        Keypad("evdev:0000:ffff", keys)


def test_it_starts_once_and_stops(events) -> None:
    keypad = Keypad("evdev:0000:ffff")
    keypad.start(events)
    with pytest.raises(RuntimeError):
        keypad.start(events)
    keypad.look_again()
    keypad.stop()
    keypad.stop()
    assert keypad.status.detail == "not-started" and keypad.check().detail == "gone"
