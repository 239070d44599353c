"""A program that holds a citizen's data leaves no memory image behind when it crashes."""

from __future__ import annotations

import resource

#: core(5): a limit of one byte writes no file, and is the one value that also stops a dump to a program
NO_DUMP = 1


def forbid_crash_dumps() -> None:
    """For this process and everything it starts; the workers of native engines inherit it."""
    resource.setrlimit(resource.RLIMIT_CORE, (NO_DUMP, NO_DUMP))
