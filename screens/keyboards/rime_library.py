"""librime (Debian package librime1, 1.8) through ctypes: the part of `rime_api.h` this house uses."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, byref, c_bool, c_char_p, c_int, c_size_t, c_void_p, sizeof
from pathlib import Path

LIBRARY = "librime.so.1"

BACKSPACE, PAGE_UP, PAGE_DOWN = 0xFF08, 0xFF55, 0xFF56  # X11 keysyms


class Traits(ctypes.Structure):
    """`RimeTraits`."""

    _fields_ = [
        ("data_size", c_int),
        ("shared_data_dir", c_char_p),
        ("user_data_dir", c_char_p),
        ("distribution_name", c_char_p),
        ("distribution_code_name", c_char_p),
        ("distribution_version", c_char_p),
        ("app_name", c_char_p),
        ("modules", POINTER(c_char_p)),
        ("min_log_level", c_int),
        ("log_dir", c_char_p),
        ("prebuilt_data_dir", c_char_p),
        ("staging_dir", c_char_p),
    ]


class Composition(ctypes.Structure):
    """`RimeComposition`: what stands under the cursor."""

    _fields_ = [
        ("length", c_int),
        ("cursor_pos", c_int),
        ("sel_start", c_int),
        ("sel_end", c_int),
        ("preedit", c_char_p),
    ]


class Candidate(ctypes.Structure):
    """`RimeCandidate`."""

    _fields_ = [("text", c_char_p), ("comment", c_char_p), ("reserved", c_void_p)]


class Menu(ctypes.Structure):
    """`RimeMenu`: one page of candidates."""

    _fields_ = [
        ("page_size", c_int),
        ("page_no", c_int),
        ("is_last_page", c_int),
        ("highlighted_candidate_index", c_int),
        ("num_candidates", c_int),
        ("candidates", POINTER(Candidate)),
        ("select_keys", c_char_p),
    ]


class Context(ctypes.Structure):
    """`RimeContext`."""

    _fields_ = [
        ("data_size", c_int),
        ("composition", Composition),
        ("menu", Menu),
        ("commit_text_preview", c_char_p),
        ("select_labels", POINTER(c_char_p)),
    ]


class Commit(ctypes.Structure):
    """`RimeCommit`: text that is finished."""

    _fields_ = [("data_size", c_int), ("text", c_char_p)]


def sized(struct: Traits | Context | Commit) -> None:
    """`RIME_STRUCT_INIT`: tell librime how much of the structure its caller knows."""
    struct.data_size = sizeof(struct) - sizeof(c_int)


def traits(source: Path, user: Path, build: Path) -> Traits:
    """Traits that log nothing above fatal errors, and those to standard error.

    `source` holds the schema and dictionary texts, `user` whatever librime keeps of its own, `build` the
    compiled files.
    """
    made = Traits()
    sized(made)
    made.shared_data_dir = str(source).encode()
    made.user_data_dir = str(user).encode()
    made.prebuilt_data_dir = made.staging_dir = str(build).encode()
    made.distribution_name = made.distribution_code_name = b"bianmin"
    made.distribution_version = b"1"
    made.app_name = b"rime.bianmin"
    made.min_log_level = 3
    made.log_dir = b""
    return made


def load() -> ctypes.CDLL:
    """The library with its functions typed. Raises OSError where it is not installed."""
    rime = ctypes.CDLL(LIBRARY)
    session = c_size_t
    for name, result, arguments in (
        ("RimeSetup", None, (POINTER(Traits),)),
        ("RimeInitialize", None, (POINTER(Traits),)),
        ("RimeFinalize", None, ()),
        ("RimeDeployerInitialize", None, (POINTER(Traits),)),
        ("RimeDeploySchema", c_bool, (c_char_p,)),
        ("RimeDeployConfigFile", c_bool, (c_char_p, c_char_p)),
        ("RimeCreateSession", session, ()),
        ("RimeSelectSchema", c_bool, (session, c_char_p)),
        ("RimeProcessKey", c_bool, (session, c_int, c_int)),
        ("RimeCommitComposition", c_bool, (session,)),
        ("RimeClearComposition", None, (session,)),
        ("RimeGetCommit", c_bool, (session, POINTER(Commit))),
        ("RimeFreeCommit", c_bool, (POINTER(Commit),)),
        ("RimeGetContext", c_bool, (session, POINTER(Context))),
        ("RimeFreeContext", c_bool, (POINTER(Context),)),
    ):
        function = getattr(rime, name)
        function.restype, function.argtypes = result, arguments
    return rime


__all__ = ["BACKSPACE", "PAGE_DOWN", "PAGE_UP", "Commit", "Context", "byref", "load", "sized", "traits"]
