"""What the command lines of all drivers share."""

from __future__ import annotations

import argparse

import pytest

from drivers.command_line import seconds

KINDS = {
    "": ("status", "devices.toml"),
    "code_scanner": ("read", "--source", "/dev/nothing"),
    "document_camera": ("status", "--url", "/dev/nothing"),
    "face_camera": ("status", "--url", "/dev/nothing"),
    "id_card": ("read", "--port", "/dev/nothing"),
    "keypad": ("read", "--address", "/dev/nothing"),
    "lamps": ("status", "--port", "/dev/nothing"),
    "receipt_printer": ("status", "--to", "file:/dev/nothing"),
    "smart_card": ("read",),
    "sound": ("status",),
}


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "86401", "soon", ""])
def test_a_time_is_a_time(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        seconds(text)


def test_a_time_may_be_part_of_a_second() -> None:
    assert seconds("0.5") == 0.5


@pytest.mark.parametrize("kind", KINDS)
def test_every_command_refuses_a_wait_without_end(run, kind: str) -> None:
    done = run(f"drivers.{kind}".rstrip("."), *KINDS[kind], "--timeout", "nan")
    assert done.returncode == 2 and "seconds, above 0" in done.stderr


def test_a_wrong_address_is_said_and_nothing_else(run) -> None:
    done = run("drivers.code_scanner", "status", "--source", "bogus:x", "--json")
    assert (done.returncode, done.stderr) == (2, "")
