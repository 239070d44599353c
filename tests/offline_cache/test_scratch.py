"""Temporary files: in memory, private, inherited by workers, and gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os, subprocess, sys, tempfile, time
from offline_cache.scratch import use_scratch
folder = use_scratch("bianmin-tried")
with tempfile.NamedTemporaryFile(delete=False) as file:
    file.write(b"a page")
inherited = subprocess.run([sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())"],
                           capture_output=True, text=True).stdout.strip()
print(folder, file.name, inherited, flush=True)
sys.stdin.readline()
"""


def started(**environment: str) -> tuple[subprocess.Popen[str], list[Path]]:
    program = subprocess.Popen([sys.executable, "-c", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env={**os.environ, **environment})  # fmt: skip
    assert program.stdout is not None
    return program, [Path(word) for word in program.stdout.readline().split()]


def test_temporary_files_lie_in_memory_and_go_with_the_program() -> None:
    program, [folder, file, inherited] = started()
    assert file.parent == folder == inherited and folder.stat().st_mode & 0o777 == 0o700
    kind = subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True, check=True).stdout
    assert kind.strip() == "tmpfs"
    program.communicate("\n", timeout=20)
    assert not folder.exists()


def test_what_a_killed_program_left_is_removed_by_the_next() -> None:
    program, [left, file, _] = started()
    os.kill(program.pid, signal.SIGKILL)
    program.communicate(timeout=20)
    assert file.exists()
    program, [folder, _, _] = started()
    assert not left.exists() and folder.exists()
    other, [beside, _, _] = started()
    assert folder.exists(), "that of a program that runs stays"
    for one in (program, other):
        one.communicate("\n", timeout=20)
    assert not beside.exists()


def test_a_folder_on_a_disk_is_refused(tmp_path: Path) -> None:
    program, said = started(RUNTIME_DIRECTORY=str(tmp_path))
    _, errors = program.communicate(timeout=20)
    if not said:
        assert program.returncode and "is not in memory" in errors
    else:
        assert subprocess.run(["stat", "-f", "-c", "%T", tmp_path], capture_output=True, text=True).stdout == "tmpfs\n"
