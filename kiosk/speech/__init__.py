"""Texts read aloud: Chinese and English, by espeak-ng (a program of its own) fed by pypinyin, without a network.

A text becomes sentences (`sentences`), a sentence the words as they are said: figures (`figures`, `english`), Mandarin
in pinyin (`mandarin`), both together as a script (`script`); `voice` has the script spoken. The journey's own part, in
which each sentence is made while the one before is heard, is kiosk.journey.speech.
"""
