"""Prompts through a simulated card behind the real ALSA library."""

from __future__ import annotations

import json
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from drivers.errors import ConfigError
from drivers.sound import PromptEnded, PromptFailed, PromptUnplayable, Sound, StatusChanged
from drivers.status import DeviceState
from tests.drivers.conftest import Events, Simulator


def tone(seconds: float, hertz: int = 500, rate: int = 16000) -> bytes:
    samples = np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate) * 20000
    data = samples.astype("<i2").tobytes()
    form = b"\1\0\1\0" + rate.to_bytes(4, "little") + (2 * rate).to_bytes(4, "little") + b"\2\0\20\0"
    body = b"WAVEfmt \20\0\0\0" + form + b"data" + len(data).to_bytes(4, "little") + data
    return b"RIFF" + len(body).to_bytes(4, "little") + body


@pytest.fixture
def card(simulator) -> Simulator:
    return simulator("sound")


@pytest.fixture
def sound(card: Simulator, events: Events) -> Iterator[Sound]:
    sound = Sound(card.said["port"], 100, alsa_config=card.said["alsa_config"])
    sound.start(events)
    events.wait(StatusChanged, lambda event: event.status.usable, timeout=20)
    card("clear")
    yield sound
    sound.stop()


def until(what: str, found: Callable[[], Any], seconds: float = 20) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.02)
    raise AssertionError(f"never: {what}")


def test_a_prompt_is_heard_and_nobody_waits(card: Simulator, sound: Sound, events: Events) -> None:
    began = time.monotonic()
    number = sound.play(tone(0.6))
    assert time.monotonic() - began < 0.3
    ended = events.wait(PromptEnded, timeout=20)
    assert ended == PromptEnded(number, True)
    assert time.monotonic() - began > 0.5, "a card takes as long as the prompt"
    heard = card("state")
    assert abs(heard["loud_seconds"] - 0.6) < 0.05 and abs(heard["peak"] - 20000) < 300
    assert abs(heard["hertz"] - 500) < 25
    assert sound.check().usable


def test_a_new_prompt_interrupts_and_others_wait(card: Simulator, sound: Sound, events: Events) -> None:
    first = sound.play(tone(30))
    until("sound", lambda: card("state")["peak"])
    second = sound.play(tone(0.3))
    third = sound.play(tone(0.2), interrupt=False)
    assert [events.wait(PromptEnded, timeout=20) for _ in range(3)] == [
        PromptEnded(first, False), PromptEnded(second, True), PromptEnded(third, True),
    ]  # fmt: skip
    fourth = sound.play(tone(30))
    fifth = sound.play(tone(30), interrupt=False)
    sound.silence()
    assert {events.wait(PromptEnded, timeout=20) for _ in range(2)} == {
        PromptEnded(fourth, False), PromptEnded(fifth, False),
    }  # fmt: skip
    time.sleep(0.2)  # what is in the card already
    card("clear")
    time.sleep(0.2)
    assert card("state")["peak"] == 0, "it goes on after silence()"


def test_the_volume_changes_while_it_plays(card: Simulator, sound: Sound) -> None:
    sound.play(tone(20))
    until("loud", lambda: card("state")["peak"] > 19000)
    sound.set_volume(50)

    def now() -> int:
        card("clear")
        time.sleep(0.1)
        return int(card("state")["peak"])

    until("softer", lambda: 2000 < now() < 3000)
    sound.set_volume(0)
    until("nothing", lambda: now() == 0)
    for wrong in (-1, 101, True, 3.5):
        with pytest.raises(ConfigError):
            sound.set_volume(wrong)  # type: ignore[arg-type]
    began = time.monotonic()
    sound.stop()
    assert time.monotonic() - began < 2


def test_a_card_that_comes_back_is_found(card: Simulator, sound: Sound, events: Events) -> None:
    card("fault drop")
    assert events.wait(PromptFailed, timeout=20) if (number := sound.play(tone(0.2))) else None
    assert number and sound.status.detail == "no-device"
    card("fault none")
    sound.look_again()
    events.wait(StatusChanged, lambda event: event.status.usable, timeout=20)


def test_headphones_are_another_device(card: Simulator, simulator, events: Events) -> None:
    # two names of one card: enough to see where it goes
    sound = Sound("away", 100, headphones="simulated", alsa_config=card.said["alsa_config"])
    sound.start(events)
    try:
        sound.set_output("headphones")
        sound.play(tone(0.2))
        assert events.wait(PromptEnded, timeout=20).whole
        sound.set_output("loudspeaker")
        sound.play(tone(0.2))
        assert events.wait(PromptFailed, timeout=20).reason == "no-device"
        with pytest.raises(ConfigError):
            sound.set_output("neighbour")
    finally:
        sound.stop()
    with pytest.raises(ConfigError):
        Sound().set_output("headphones")


def test_what_cannot_be_played_is_told_at_once(sound: Sound, tmp_path: Path) -> None:
    for wrong in (b"no wave", tmp_path / "none.wav", str(tmp_path)):
        with pytest.raises(PromptUnplayable):
            sound.play(wrong)
    sound.stop()
    with pytest.raises(RuntimeError):
        sound.play(tone(0.1))
    sound.stop()


def test_without_a_player_it_is_offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Sound().check().detail == "no-player"


def test_the_command_line(card: Simulator, run, tmp_path: Path) -> None:
    at = ("--device", card.said["port"], "--alsa-config", card.said["alsa_config"], "--json")
    file = tmp_path / "hello.wav"
    file.write_bytes(tone(0.3))

    def say(*words: str) -> tuple[int, dict[str, Any]]:
        done = run("drivers.sound", *words, *at)
        assert not done.stderr
        return done.returncode, json.loads(done.stdout)

    assert say("status")[1]["device"] == DeviceState.ONLINE
    assert say("play", str(file), "--volume", "50") == (0, {"result": "played", "seconds": 0.3, "volume": 50})
    assert 2000 < card("state")["peak"] < 3000
    card("clear")
    assert say("volume", "100")[0] == 0 and card("state")["peak"] > 25000
    card(f"keep {tmp_path}/heard.wav")
    with wave.open(str(tmp_path / "heard.wav")) as heard:
        assert heard.getnframes() > 48000 * 0.6
    assert say("play", str(tmp_path / "none.wav"))[0] == 2
    assert say("volume", "130") == (2, {"result": "wrong-use", "reason": "config", "detail": "a volume is 0 to 100"})
    file.write_bytes(tone(20))
    assert say("play", str(file), "--timeout", "0.5") == (1, {"result": "timeout", "seconds": 20.0, "volume": 80})
    card("fault busy")
    code, said = say("play", str(file))
    assert (code, said["device"], said["detail"]) == (1, "deviceBusy", "in-use")
