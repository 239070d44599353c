"""Makes the pinyin dictionary at set-up time, in about 6 s.

`python -m screens.keyboards.dictionary --out build/rime`

Sources: the general dictionary of Debian's rime-data-luna-pinyin (its compiled table as text, 357,000 words
with their weights: the package's .dict.yaml alone holds single characters only), and the schema and
government words in `rime/` beside this file; with `--release DATA` the words of the release installed in a terminal's
folder, too (screens.keyboards.local_dictionary). The result is a folder with `build/` (what the engine reads)
and an empty `user/`.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from kiosk.items.local_words import NoRelease, local_words
from screens.keyboards import accents, names, rime_library
from screens.keyboards.worker import PROJECT

#: the environment's BIANMIN_GENERAL_WORDS names another table of the same kind
GENERAL_WORDS = Path(os.environ.get("BIANMIN_GENERAL_WORDS", "/usr/share/rime-data/build/luna_pinyin.table.txt"))
SCHEMA = Path(__file__).parent / "rime"
GOVERNMENT_WORDS = SCHEMA / "government_words.dict.yaml"
LOCAL_WEIGHT = 20000.0  # of a word of the release: a government word has 30000
RARELY = 300.0  # of weights up to 60,000 for words; 46,000 of 122,000 two-character words have less
MADE = ("bianmin.table.bin", "bianmin.prism.bin", "bianmin.schema.yaml", "default.yaml")

HEADER = """---
name: bianmin
version: "1"
sort: by_weight
...
"""


class DictionaryError(RuntimeError):
    """The dictionary could not be made; the text says what is missing."""


def default_folder() -> Path:
    """Where the dictionary lives: the environment's BIANMIN_RIME, or build/rime in the project."""
    named = os.environ.get("BIANMIN_RIME")
    return Path(named) if named else PROJECT / "build" / "rime"


def is_made(folder: Path) -> bool:
    """Whether `folder` holds a whole dictionary, made from the schema and words as they are now."""
    made = [folder / "build" / name for name in MADE]
    if not all(file.is_file() for file in made):
        return False
    return (folder / "made").is_file() and (folder / "made").read_text() == _fingerprint()


def ensure(folder: Path) -> None:
    """Makes the dictionary in a process of its own unless it is there already. Raises DictionaryError."""
    if is_made(folder):
        return
    command = [sys.executable, "-m", "screens.keyboards.dictionary", "--out", str(folder)]
    made = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False)
    if not is_made(folder):
        raise DictionaryError(made.stderr.strip()[-500:] or f"no dictionary in {folder}")


def compile_into(folder: Path, local: Iterable[str] = ()) -> None:
    """Compiles beside `folder` and moves the result into place, so that nobody reads half of one.

    `local` are words of this terminal's place, in Chinese characters; their sounds are pypinyin's.
    """
    if not GENERAL_WORDS.is_file():
        raise DictionaryError(f"{GENERAL_WORDS} is missing: install rime-data-luna-pinyin")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".rime-") as work:
        source, result = Path(work, "source"), Path(work, "result")
        shutil.copytree(SCHEMA, source)
        (result / "user").mkdir(parents=True)
        text = HEADER + "".join(f"{word}\t{sound}\t{weight:.0f}\n" for (word, sound), weight in _words(local).items())
        (source / "bianmin.dict.yaml").write_text(text, encoding="utf-8")
        _deploy(source, Path(work, "user"), result / "build")
        for unused in (result / "build").glob("*.txt"):
            unused.unlink()
        (result / "made").write_text(_fingerprint())
        if folder.exists():
            folder.rename(Path(work, "old"))
        result.rename(folder)


def _words(local: Iterable[str]) -> dict[tuple[str, str], float]:
    """Every word and its sound with its weight; government words may raise a weight.

    Left out are words of two characters hardly anybody writes (they hid the single characters), longer ones
    never met, and rare characters (outside U+4E00 to U+9FFF), which are left to an input of their own:
    common fonts lack most of them.
    """
    words: dict[tuple[str, str], float] = {}
    general = list(_rows(GENERAL_WORDS))
    simplified = simplified_text("\n".join(word for word, _, _ in general)).split("\n")
    for word, (_, sound, weight) in zip(simplified, general, strict=True):
        if len(word) > 1 and weight < (RARELY if len(word) == 2 else 1):
            continue
        if all("\u4e00" <= character <= "\u9fff" or character == "〇" for character in word):
            words[word, sound] = max(words.get((word, sound), 0.0), weight)
    for word, sound, weight in _rows(GOVERNMENT_WORDS):
        words[word, sound] = max(words.get((word, sound), 0.0), weight)
    for word, sound in _sounded(local):
        words[word, sound] = max(words.get((word, sound), 0.0), LOCAL_WEIGHT)
    spelled = accents.with_accents(words)
    for name, sound in names.names():
        spelled[name, sound] = max(spelled.get((name, sound), 0.0), names.WEIGHT)
    return spelled


def _sounded(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each word with its sound as the dictionary writes it: no tones, v for ü."""
    from pypinyin import Style, lazy_pinyin

    for word in words:
        syllables = lazy_pinyin(word, style=Style.NORMAL, v_to_u=False)
        if len(syllables) == len(word) and all(syllable.isascii() and syllable.isalpha() for syllable in syllables):
            yield word, " ".join(syllables)


def _rows(table: Path) -> Iterator[tuple[str, str, float]]:
    """The lines of a dictionary's text that have a word, its sound and its weight."""
    for line in table.read_text("utf-8").splitlines():
        parts = line.split("\t")
        if len(parts) == 3:
            yield parts[0], parts[1], float(parts[2])


def simplified_text(text: str) -> str:
    """Traditional to simplified characters with libopencc, which librime itself depends on."""
    opencc = ctypes.CDLL("libopencc.so.1.1")
    opencc.opencc_open.restype, opencc.opencc_open.argtypes = ctypes.c_void_p, (ctypes.c_char_p,)
    opencc.opencc_convert_utf8.restype = ctypes.c_void_p
    opencc.opencc_convert_utf8.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t)
    opencc.opencc_convert_utf8_free.argtypes = (ctypes.c_void_p,)
    opencc.opencc_close.argtypes = (ctypes.c_void_p,)
    handle = opencc.opencc_open(b"t2s.json")
    if handle in (None, ctypes.c_void_p(-1).value):
        raise DictionaryError("opencc cannot read t2s.json: install libopencc-data")
    given = text.encode()
    made = opencc.opencc_convert_utf8(handle, given, len(given))
    if not made:
        raise DictionaryError("opencc could not convert the dictionary")
    try:
        return ctypes.string_at(made).decode()
    finally:
        opencc.opencc_convert_utf8_free(made)
        opencc.opencc_close(handle)


def _deploy(source: Path, user: Path, build: Path) -> None:
    user.mkdir()
    build.mkdir()
    rime = rime_library.load()
    traits = rime_library.traits(source, user, build)
    rime.RimeSetup(traits)
    rime.RimeDeployerInitialize(traits)
    done = rime.RimeDeployConfigFile(b"default.yaml", b"config_version")
    done = done and rime.RimeDeploySchema(str(source / "bianmin.schema.yaml").encode())
    rime.RimeFinalize()
    missing = [name for name in MADE if not (build / name).is_file()]
    if not done or missing:
        raise DictionaryError(f"librime did not make {', '.join(missing) or 'the schema'}")


def _fingerprint() -> str:
    """The size of the general dictionary and the digests of our own files: enough to see a change."""
    size = GENERAL_WORDS.stat().st_size if GENERAL_WORDS.exists() else 0
    files = [Path(__file__), Path(accents.__file__), Path(names.__file__), *sorted(SCHEMA.iterdir())]
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    return "\n".join([str(size), *digests])


def main() -> int:
    """The command line."""
    options = argparse.ArgumentParser(description="Make the pinyin dictionary.")
    options.add_argument("--out", type=Path, default=default_folder(), help="the folder to make")
    options.add_argument("--release", type=Path, metavar="DATA", help="a terminal's folder, for words of its release")
    given = options.parse_args()
    out: Path = given.out
    try:
        local: list[str] = []
        if given.release is not None:
            os.nice(19)
            local = local_words(given.release)
        compile_into(out.absolute(), local)
    except (DictionaryError, NoRelease, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"dictionary made in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
