"""Which sound a character has, and how a sentence is handed to the engine."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.speech.mandarin import name, pinyin
from kiosk.speech.script import script

SOUNDS = {
    "银行行政行为": "yin2 hang2 xing2 zheng4 xing2 wei2",
    "重新重要重签": "chong2 xin1 zhong4 yao4 chong2 qian1",
    "丢失重办": "diu1 shi1 chong2 ban4",
    "长期成长": "chang2 qi1 cheng2 zhang3",
    "还有退还": "hai2 you3 tui4 huan2",
    "偿还还款": "chang2 huan2 huan2 kuan3",
    "参保缴费": "can1 bao3 jiao3 fei4",
    "户口簿": "hu4 kou3 bu4",
    "办事处处罚": "ban4 shi4 chu4 chu3 fa2",
    "为老人办": "wei4 lao3 ren2 ban4",
    "期限为三十天": "qi1 xian4 wei2 san1 shi2 tian1",
    "长得高": "zhang3 de5 gao1",
    "不得转让": "bu4 de2 zhuan3 rang4",
    "女律师略": "nv3 lv4 shi1 lve4",
    "不是不知道": "bu2 shi4 bu4 zhi1 dao4",
    "一个一定": "yi2 ge4 yi2 ding4",
    "一年一起一张": "yi4 nian2 yi4 qi3 yi4 zhang1",
    "第一十一月一日": "di4 yi1 shi2 yi1 yue4 yi1 ri4",
    "查一查": "cha2 yi5 cha2",
    "二零一一年": "er4 ling2 yi1 yi1 nian2",
    "幺三八": "yao1 san1 ba1",
    "龘": "da2",
    "𠮷": ",",
    "": "",
}


@pytest.mark.parametrize(("characters", "sounds"), SOUNDS.items())
def test_characters_sound_as_in_their_word(characters: str, sounds: str) -> None:
    assert " ".join(pinyin(characters)) == sounds


def test_a_family_name_sounds_as_a_name() -> None:
    assert name("曾示例") == ["zeng1", "shi4", "li4"] and name("单样本")[0] == "shan4"
    assert name("尉迟示例")[:2] == ["yu4", "chi2"] and name("王示例")[0] == "wang2"
    assert ">shen1 qing3 ren2 , zeng1 shi4 li4 san1 " in script("申请人：曾示例 3702 **** 26")
    # only where a name stands
    assert "jie3 chu2" in script("条件：解除合同")


def voices(said: str) -> list[tuple[str, str]]:
    return [(each.get("name", ""), each.text or "") for each in ElementTree.fromstring(said)]


def test_latin_letters_in_chinese_have_the_english_voice() -> None:
    chinese, english = "sit/cmn-Latn-pinyin", "en-us"
    assert voices(script("请交PDF文件，不要photo。")) == [
        (chinese, "qing3 jiao1"), (english, "P D F"), (chinese, "wen2 jian4 , bu2 yao4"), (english, "photo"),
        (chinese, "."),
    ]  # fmt: skip
    assert voices(script("I don't, truly.")) == [(english, "I don't, truly.")]


@pytest.mark.parametrize("nothing", ["", "。。！", "——", "😀", "\n"])
def test_what_says_nothing_has_no_script(nothing: str) -> None:
    assert script(nothing) == ""


@given(st.text(st.one_of(st.sampled_from("<>&[]'\"/{}你好abc12，。一不为得"), st.characters()), max_size=60))
def test_no_text_says_anything_to_the_engine_itself(text: str) -> None:
    said = script(text)
    if said:
        for _, words in voices(said):
            assert re.fullmatch(r"[A-Za-z0-9'.,!?;:() ]*", words)
