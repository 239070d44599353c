"""How words of government service sound that pypinyin's dictionary lacks, or reads the common, here wrong, way."""

from __future__ import annotations

from functools import cache

#: word -> its syllables, tones as accents
_PHRASES = {
    "参保": "cān bǎo",
    "续参": "xù cān",
    "补差": "bǔ chā",
    "长者": "zhǎng zhě",
    "长护": "cháng hù",
    "长护险": "cháng hù xiǎn",
    "重办": "chóng bàn",
    "重领": "chóng lǐng",
    "重填": "chóng tián",
    "重交": "chóng jiāo",
    "重签": "chóng qiān",
    "重打": "chóng dǎ",
    "重做": "chóng zuò",
    "丢失": "diū shī",
    "当日": "dàng rì",
    "换发": "huàn fā",
    "发薪": "fā xīn",
    "行业": "háng yè",
    "调档": "diào dàng",
    "调取": "diào qǔ",
    "调解": "tiáo jiě",
    "还款": "huán kuǎn",
    "还贷": "huán dài",
    "还本": "huán běn",
    "还回": "huán huí",
    "返还": "fǎn huán",
    "应还": "yīng huán",
    "未还": "wèi huán",
    "单独": "dān dú",
    "单位": "dān wèi",
    "未成年人": "wèi chéng nián rén",
    "曾用名": "céng yòng míng",
    "户口簿": "hù kǒu bù",
    "供暖费": "gōng nuǎn fèi",
    "乐器": "yuè qì",
    "一切": "yí qiè",
    "为准": "wéi zhǔn",
    "为限": "wéi xiàn",
    "为期": "wéi qī",
    "视为": "shì wéi",
    "均为": "jūn wéi",
    "应为": "yīng wéi",
    "额为": "é wéi",
    "期为": "qī wéi",
    "应当": "yīng dāng",
    "应缴": "yīng jiǎo",
    "应交": "yīng jiāo",
    "应补": "yīng bǔ",
    "多领": "duō lǐng",
    "如实地": "rú shí de",
    "真实地": "zhēn shí de",
    "及时地": "jí shí de",
    "认真地": "rèn zhēn de",
    "完整地": "wán zhěng de",
    "清楚地": "qīng chu de",
    "在校": "zài xiào",
    "记载": "jì zǎi",
    "登载": "dēng zǎi",
    "载明": "zǎi míng",
    "薄厚": "báo hòu",
    "核发处": "hé fā chù",
    "经办处": "jīng bàn chù",
    "住处": "zhù chù",
    "处以": "chǔ yǐ",
    "处罚": "chǔ fá",
    "只能": "zhǐ néng",
    "只给": "zhǐ gěi",
    "只用": "zhǐ yòng",
    "一家": "yì jiā",
}


@cache
def learn() -> None:
    """Have pypinyin know them, once in a process."""
    from pypinyin import load_phrases_dict

    load_phrases_dict({word: [[syllable] for syllable in said.split()] for word, said in _PHRASES.items()})
