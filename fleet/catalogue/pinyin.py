"""Pinyin for search, made on the server so that terminals need no dictionary."""

from __future__ import annotations

from functools import cache

from pypinyin import Style, lazy_pinyin, load_phrases_dict

#: Words of government service that pypinyin's phrase dictionary lacks or reads the common, here wrong, way.
_PHRASES: dict[str, list[list[str]]] = {
    "参保": [["cān"], ["bǎo"]],
    "续参": [["xù"], ["cān"]],
    "补差": [["bǔ"], ["chā"]],
    "长者": [["zhǎng"], ["zhě"]],
    "长护": [["cháng"], ["hù"]],
    "长护险": [["cháng"], ["hù"], ["xiǎn"]],
    "重办": [["chóng"], ["bàn"]],
    "重领": [["chóng"], ["lǐng"]],
    "换发": [["huàn"], ["fā"]],
    "发薪": [["fā"], ["xīn"]],
    "行业": [["háng"], ["yè"]],
    "调档": [["diào"], ["dàng"]],
    "调取": [["diào"], ["qǔ"]],
    "调解": [["tiáo"], ["jiě"]],
    "还款": [["huán"], ["kuǎn"]],
    "还贷": [["huán"], ["dài"]],
    "单独": [["dān"], ["dú"]],
    "单位": [["dān"], ["wèi"]],
    "未成年人": [["wèi"], ["chéng"], ["nián"], ["rén"]],
    "曾用名": [["céng"], ["yòng"], ["míng"]],
    "户口簿": [["hù"], ["kǒu"], ["bù"]],
    "供暖费": [["gōng"], ["nuǎn"], ["fèi"]],
    "乐器": [["yuè"], ["qì"]],
}


def syllables(text: str) -> list[str]:
    """The syllables of `text` without tones, ü as v; runs of other characters in lower case, punctuation dropped.

    Heteronyms are read by the longest phrase they stand in: 银行 is yin hang, 行政 xing zheng.
    """
    _load()
    found = lazy_pinyin(text, style=Style.NORMAL, v_to_u=False, errors=_other)
    return [syllable for run in found for syllable in run.split()]


def full(text: str) -> str:
    """Syllables joined by spaces: `can bao zheng ming`."""
    return " ".join(syllables(text))


def initials(text: str) -> str:
    """The first letter of each syllable: `cbzm`."""
    return "".join(syllable[0] for syllable in syllables(text))


def _other(run: str) -> str:
    return "".join(character if character.isalnum() else " " for character in run.lower())


@cache
def _load() -> None:
    load_phrases_dict(_PHRASES)
