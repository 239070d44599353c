"""One pinyin composition at a time over librime. Only inside the worker: librime may crash it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from screens.keyboards import rime_library
from screens.keyboards.rime_library import BACKSPACE, PAGE_DOWN, PAGE_UP, byref

SCHEMA = b"bianmin"


@dataclass(frozen=True)
class Composition:
    """What is being typed: letters not chosen yet, the candidates of one page, and text that is finished."""

    composing: str = ""
    candidates: tuple[str, ...] = ()
    page: int = 0
    has_more: bool = False
    commit: str = ""


class RimeEngine:
    """librime with the dictionary in `data` (see screens.keyboards.dictionary). One a process; close it.

    Raises OSError when librime is not installed and RuntimeError when it cannot read the dictionary.
    """

    def __init__(self, data: Path) -> None:
        self._rime = rime_library.load()
        self._traits = rime_library.traits(data / "build", data / "user", data / "build")
        self._rime.RimeSetup(byref(self._traits))
        self._rime.RimeInitialize(byref(self._traits))
        self._session = self._rime.RimeCreateSession()
        if not self._session or not self._rime.RimeSelectSchema(self._session, SCHEMA):
            raise RuntimeError(f"no pinyin dictionary in {data}")

    def key(self, letter: str) -> Composition:
        """One letter a-z or an apostrophe between syllables. Raises ValueError for anything else."""
        if len(letter) != 1 or letter not in "abcdefghijklmnopqrstuvwxyz'":
            raise ValueError("a pinyin key is one letter a-z")
        self._rime.RimeProcessKey(self._session, ord(letter), 0)
        return self._state()

    def backspace(self) -> Composition:
        """Takes the last letter away, or the last choice back."""
        self._rime.RimeProcessKey(self._session, BACKSPACE, 0)
        return self._state()

    def choose(self, index: int) -> Composition:
        """Chooses a candidate of the page shown, counted from 0. Others change nothing."""
        if 0 <= index < len(self._state().candidates):
            self._rime.RimeProcessKey(self._session, ord("1") + index, 0)
        return self._state()

    def page(self, step: int) -> Composition:
        """The next (1) or the previous (-1) page of candidates."""
        self._rime.RimeProcessKey(self._session, PAGE_DOWN if step > 0 else PAGE_UP, 0)
        return self._state()

    def finish(self) -> Composition:
        """Takes the best candidates for all that is being typed."""
        self._rime.RimeCommitComposition(self._session)
        return self._state()

    def clear(self) -> Composition:
        """Forgets what is being typed."""
        self._rime.RimeClearComposition(self._session)
        return self._state()

    def close(self) -> None:
        """librime crashes at the end of a process that does not do this."""
        self._rime.RimeFinalize()

    def _state(self) -> Composition:
        commit = rime_library.Commit()
        rime_library.sized(commit)
        finished = ""
        if self._rime.RimeGetCommit(self._session, byref(commit)):
            finished = (commit.text or b"").decode()
            self._rime.RimeFreeCommit(byref(commit))
        context = rime_library.Context()
        rime_library.sized(context)
        if not self._rime.RimeGetContext(self._session, byref(context)):
            return Composition(commit=finished)
        try:
            menu = context.menu
            return Composition(
                composing=(context.composition.preedit or b"").decode(),
                candidates=tuple(menu.candidates[i].text.decode() for i in range(menu.num_candidates)),
                page=menu.page_no,
                has_more=bool(menu.num_candidates) and not menu.is_last_page,
                commit=finished,
            )
        finally:
            self._rime.RimeFreeContext(byref(context))
