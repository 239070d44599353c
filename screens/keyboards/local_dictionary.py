"""The pinyin dictionary with the words of the installed release, made while nobody stands before the terminal."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from pathlib import Path

from kiosk.items.local_words import release_name
from screens.keyboards import dictionary
from screens.keyboards.pinyin import PinyinInput
from screens.keyboards.worker import PROJECT

log = logging.getLogger(__name__)


class LocalDictionary:
    """Looks for another release when told to, and gives `pinyin` the dictionary made for it.

    `data` is the terminal's folder; dictionaries lie in its `rime/`, one a release, the older ones removed. Making
    one takes some seconds in a process of the lowest priority, which ends when a citizen comes and begins again
    when they are gone.
    """

    def __init__(self, data: Path, pinyin: PinyinInput) -> None:
        self._data, self._pinyin = data, pinyin
        self.used = ""  # the release whose words the keyboard knows
        self._failed = ""
        self._making: subprocess.Popen[bytes] | None = None
        self._wanted = ""

    def look(self, at_rest: bool) -> None:
        """Call it every now and then; `at_rest` says that nobody is being served. Never waits."""
        if self._making is not None:
            self._watch(self._making, at_rest)
            return
        name = release_name(self._data) if at_rest else ""
        if not name or name in (self.used, self._failed):
            return
        self._wanted = name
        if dictionary.is_made(self._folder(name)):
            self._use(name)
            return
        command = [sys.executable, "-m", "screens.keyboards.dictionary", "--out", str(self._folder(name))]
        self._making = subprocess.Popen(
            [*command, "--release", str(self._data.absolute())],
            cwd=PROJECT,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """Ends what is being made."""
        if self._making is not None:
            self._making.kill()
            self._making.wait()
            self._making = None

    def _watch(self, making: subprocess.Popen[bytes], at_rest: bool) -> None:
        if not at_rest:
            self.stop()
        elif making.poll() is not None:
            self._making = None
            if dictionary.is_made(self._folder(self._wanted)):
                self._use(self._wanted)
            else:
                self._failed = self._wanted
                log.warning("no dictionary could be made for release %s: the general one stays", self._wanted)

    def _use(self, name: str) -> None:
        self._pinyin.use(self._folder(name))
        self.used = name
        for old in self._folder(name).parent.iterdir():
            if old.name != name:
                shutil.rmtree(old, ignore_errors=True)

    def _folder(self, name: str) -> Path:
        return (self._data / "rime" / name).absolute()
