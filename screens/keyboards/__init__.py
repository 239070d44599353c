"""The keyboard on the screen, and the pinyin engine behind it."""
