"""Fuzzy sounds (模糊音): how people with an accent spell a word, as entries after the right ones.

librime's own way, `fuzz/` in the schema, halves the weight of a fuzzy spelling, but librime 1.8.5 forgets
to do so for the last syllable of a word: li offered 你 before 里, and no schema can change it.
"""

from __future__ import annotations

import re
from functools import cache

PENALTY = 8.0  # the weight of a word is divided by this for an accented spelling
CHARACTER_PENALTY = 256.0  # that of a single character: 你 weighs 22 times what 里 does
RARELY = 300.0  # words with less weight have no accented spelling

Words = dict[tuple[str, str], float]

#: An accent is heard in a whole word: 张三 is zhang san or zang san.
ACCENTS = tuple(
    (re.compile(pattern), spelled)
    for pattern, spelled in (
        (r"\b([zcs])h", r"\1"),
        (r"\b([zcs])(?!h)", r"\1h"),
        (r"\bn", "l"),
        (r"\bl", "n"),
        (r"([aei])ng\b", r"\1n"),
        (r"([aei])n\b", r"\1ng"),
        (r"\bzh", "z"),
        (r"\bch", "c"),
        (r"\bsh", "s"),
    )
)


def spellings(sound: str) -> set[str]:
    """The accented spellings of "zhang san": each accent alone, or with flat initials."""
    return {" ".join(heard) for heard in zip(*map(_heard, sound.split(" ")), strict=True)} - {sound}


@cache
def _heard(syllable: str) -> tuple[str, ...]:
    """A syllable with flat initials, and with each accent; there are 400 syllables in 200,000 words."""
    flat = ACCENTS[0][0].sub(ACCENTS[0][1], syllable)
    return flat, *(pattern.sub(spelled, base) for base in (syllable, flat) for pattern, spelled in ACCENTS)


def with_accents(words: Words) -> Words:
    """`words` and their accented spellings; what is also a right spelling of the word keeps its weight."""
    accented: Words = {}
    for (word, sound), weight in words.items():
        if weight >= RARELY:
            for spelling in spellings(sound):
                accented[word, spelling] = weight / (PENALTY if len(word) > 1 else CHARACTER_PENALTY)
    return accented | words
