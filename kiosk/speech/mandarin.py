"""Chinese characters -> pinyin with tone numbers, as espeak-ng takes it: 银行 is yin2 hang2, 一个 yi2 ge4.

Which of its sounds a character has is what the word says it stands in. The change of 一 and 不 before other tones is
made here, that of two third tones is the engine's own.
"""

from __future__ import annotations

import re

from pypinyin import Style, lazy_pinyin
from pypinyin.seg.mmseg import seg

from kiosk.speech import phrases

_SYLLABLE = re.compile(r"[a-zêü]+[1-5]")
#: 一 beside one of these is a figure of a number, or the first of several, and keeps its tone
_NUMBER_BEFORE = frozenset("第初十百千零〇一二三四五六七八九幺点")
_FIGURE_AFTER = frozenset("零〇一二三四五六七八九幺十月号日楼层级等类")
_NUMERALS = frozenset("零一二两三四五六七八九十")
#: in no word, a particle or a noun: not what the dictionary says first
_ALONE = {"得": "de5", "处": "chu4"}
#: family names that sound otherwise than the word
SURNAMES = {
    "单": "shan4", "仇": "qiu2", "解": "xie4", "曾": "zeng1", "任": "ren2", "区": "ou1", "查": "zha1", "盖": "ge3",
    "朴": "piao2", "翟": "zhai2", "华": "hua4", "乐": "yue4", "缪": "miao4", "覃": "qin2", "纪": "ji3", "洗": "xian3",
    "黑": "he4", "尉迟": "yu4 chi2", "万俟": "mo4 qi2", "宁": "ning4", "燕": "yan1", "应": "ying1", "召": "shao4",
    "员": "yun4", "隗": "wei3", "逄": "pang2", "牟": "mu4", "冼": "xian3", "卜": "bu3", "种": "chong2", "繁": "po2",
}  # fmt: skip


def pinyin(text: str) -> list[str]:
    """The syllables of Chinese characters; a pause (",") for a character whose sound nobody wrote down."""
    phrases.learn()
    said = [syllable for word in seg.cut(text) for syllable in _word(word)]
    changed = [_changed(text, said, at) for at in range(len(text))]
    return [syllable if _SYLLABLE.fullmatch(syllable) else "," for syllable in changed]


def _word(word: str) -> list[str]:
    if word in _ALONE:
        return [_ALONE[word]]
    said = lazy_pinyin(word, style=Style.TONE3, neutral_tone_with_five=True)
    # characters that are not in its tables come back in one piece
    return said if len(said) == len(word) else [_word(each)[0] for each in word] if len(word) > 1 else [word]


def name(text: str) -> list[str]:
    """The syllables of a person's name."""
    for length in (2, 1):
        if text[:length] in SURNAMES:
            return SURNAMES[text[:length]].split() + pinyin(text[length:])
    return pinyin(text)


def _changed(text: str, said: list[str], at: int) -> str:
    """The syllable at `at`, by the tone of the next."""
    syllable, tone = said[at], said[at + 1][-1:] if at + 1 < len(said) else ""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if text[at] == "不" and tone == "4":
        return "bu2"
    if text[at] == "为" and after in _NUMERALS:
        return "wei2"
    if text[at] != "一" or syllable not in ("yi1", "yi2", "yi4"):
        return syllable
    if before in _NUMBER_BEFORE or not tone or after in _FIGURE_AFTER:
        return "yi1"
    if before and before == after:
        return "yi5"
    return "yi2" if tone == "4" or after == "个" else "yi4"
