"""A letter of 600 characters read aloud: from the touch to the first sound, and how much faster it is made than heard.

The peer is the same engine given the whole letter at once: nothing is heard before all of it is made.
"""

from __future__ import annotations

import statistics
import subprocess
import time

from benchmarks.devices import simulator, tell
from benchmarks.figures import Figure
from drivers.sound import Sound
from drivers.sound.prompt import decode
from kiosk.speech.script import script
from kiosk.speech.sentences import sentences
from kiosk.speech.voice import ENGINE, PACE, Voice

RUNS = 9
_PARAGRAPHS = (
    "申请人：王示例 3702 **** **** **** 26",
    "我是自己来办的，填的内容都是真的，交的材料也是真的。2026年11月28日以前的缴费，我按每月3,200.50元补交。",
    "我现在没有单位给我交职工社保。以后有单位交了，我会在当月来办停保。",
    "我知道要按月交费。不交费的月份不算缴费年限，医疗待遇也会停。",
    "我同意办事部门向公安、民政、税务核对我的信息，只用来办这件事。",
    "如果我说的不是真的，这次登记可以撤销，多领的钱我会退回。",
)
LETTER = ("参保承诺书", *_PARAGRAPHS * 3)
CHARACTERS = sum(map(len, LETTER))


def run() -> list[Figure]:
    """The first sentence, the first sound in a simulated card, and all of it by its length."""
    voice, letter = Voice(), sentences(LETTER)
    voice.speak(letter[0].text)  # the words' table is read once in a terminal's life
    first = statistics.median(_seconds(voice, letter[0].text) for _ in range(RUNS)) * 1000
    whole = statistics.median(_whole() for _ in range(RUNS)) * 1000
    made, heard = [], []
    for sentence in letter:
        began = time.perf_counter()
        sound = voice.speak(sentence.text)
        made.append(time.perf_counter() - began)
        assert isinstance(sound, bytes)
        heard.append(decode(sound).seconds)
    # the worst case of a pause: a sentence by the one that is heard while it is made
    gap = max(work / time_for_it for work, time_for_it in zip(made[1:], heard, strict=False))
    sounded = _first_sound(voice, letter[0].text)
    letter_of = f"letter of {CHARACTERS} characters"
    return [
        Figure(f"{letter_of}, first sentence made", first, "whole letter at once", whole, "ms"),
        Figure(f"{letter_of}, touch to first sound", sounded, "wanted", 1000, "ms"),
        Figure(f"{letter_of}, made (real-time factor)", sum(made), "heard", sum(heard), "s"),
        Figure("a sentence made while the one before is heard, worst", gap, "no pause", 1.0, "×"),
    ]


def _seconds(voice: Voice, sentence: str) -> float:
    began = time.perf_counter()
    voice.speak(sentence)
    return time.perf_counter() - began


def _whole() -> float:
    """The engine alone, with every sentence in one go."""
    said = "".join(script(sentence.text) for sentence in sentences(LETTER))
    command = [ENGINE, "-m", "-b", "1", "-v", "en-us", "-s", str(PACE), "--stdin", "--stdout"]
    began = time.perf_counter()
    subprocess.run(command, input=said.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def _first_sound(voice: Voice, sentence: str) -> float:
    """Milliseconds from the touch until the card has taken something that can be heard."""
    taken = []
    with simulator("sound") as said:
        sound = Sound(said["port"], 100, alsa_config=said["alsa_config"])
        sound.start(lambda event: None)
        try:
            while not sound.check().usable:
                time.sleep(0.05)
            for _ in range(RUNS):
                tell(said["control"], "clear")
                began = time.perf_counter()
                made = voice.speak(sentence)
                assert isinstance(made, bytes)
                sound.play(made)
                while not tell(said["control"], "state")["peak"]:
                    time.sleep(0.002)
                taken.append(time.perf_counter() - began)
                sound.silence()
                time.sleep(0.3)
        finally:
            sound.stop()
    return statistics.median(taken) * 1000
