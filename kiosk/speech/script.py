"""A sentence -> what espeak-ng is given: SSML that changes between the voice for pinyin and the English one.

Only letters, figures, spaces and the punctuation that makes a pause ever come into it, so that no text can say anything
to the engine itself.
"""

from __future__ import annotations

import re
from itertools import groupby

from kiosk.speech import english, figures, mandarin

_MANDARIN, _ENGLISH = "sit/cmn-Latn-pinyin", "en-us"
_HAN = "〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_HAN}]+|[A-Za-z]+(?:['’][A-Za-z]+)*|\d+|[。！？.!?]|[，、；：,;:（）()—…/\n]|\s+")
_ANY_HAN = re.compile(f"[{_HAN}]")
#: a person's name: 申请人：曾示例
_NAME = re.compile(rf"((?:人|姓名|名字)[：:]\s*)([{_HAN}·]{{2,4}})(?![{_HAN}])")
_PAUSES = {"。": ".", "！": "!", "？": "?", ".": ".", "!": "!", "?": "?"}
#: letters that are said one by one: ID, PDF, X
_CAPITALS = re.compile(r"\b[A-Z]{1,5}\b")
_ENGLISH_TOKEN = re.compile(r"[A-Za-z0-9'’]+|(?<=\d)[.,](?=\d)|[.,!?;:()]|\s+")


def script(sentence: str) -> str:
    """The SSML for one sentence; "" where there is nothing to say. With a Chinese character in it, it is Chinese."""
    words = _chinese(sentence) if _ANY_HAN.search(sentence) else [(_ENGLISH, _latin(english.figures(sentence)))]
    if not any(re.search(r"\w", said) for _, said in words):
        return ""
    runs = [(voice, " ".join(said for _, said in run)) for voice, run in groupby(words, key=lambda word: word[0])]
    return "<speak>" + "".join(f'<voice name="{voice}">{said}</voice>' for voice, said in runs) + "</speak>"


def _chinese(sentence: str) -> list[tuple[str, str]]:
    """Words and pauses, each with the voice that says it."""
    named = _NAME.search(sentence)
    if named:
        return [
            *_spoken(sentence[: named.start(2)]),
            (_MANDARIN, " ".join(mandarin.name(named[2].replace("·", "")))),
            *_spoken(sentence[named.end() :]),
        ]
    return _spoken(sentence)


def _spoken(text: str) -> list[tuple[str, str]]:
    words = []
    for token in _TOKEN.findall(figures.figures(text)):
        if _ANY_HAN.match(token):
            words.append((_MANDARIN, " ".join(mandarin.pinyin(token))))
        elif token[0].isalpha():
            words.append((_ENGLISH, _latin(token)))
        elif not token.isspace():
            words.append((_MANDARIN, _PAUSES.get(token, ",")))
    return words


def _latin(text: str) -> str:
    said = "".join(" " if token.isspace() else token for token in _ENGLISH_TOKEN.findall(text.replace("’", "'")))
    return _CAPITALS.sub(lambda found: " ".join(found[0]), said)
