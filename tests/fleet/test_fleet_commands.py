"""The commands: init once, migrations as the tables, serve that lives and ends with its children."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from fleet.database import open_database
from fleet.tables import Base
from tests.fleet.running_platform import LIMIT, run_command, start_serving


def children_of(process: subprocess.Popen[str]) -> dict[str, int]:
    """Process ids of the direct children, by the program's name."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return {Path(f"/proc/{pid}/comm").read_text().strip(): int(pid) for pid in listed}


def gone(pid: int) -> bool:
    deadline = time.monotonic() + LIMIT
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    return not Path(f"/proc/{pid}").exists()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    assert run_command("init", "--data", str(tmp_path / "platform"))[0] == 0
    return tmp_path / "platform"


def test_init_runs_once(data: Path) -> None:
    before = (data / "pki" / "ca.crt").read_bytes()
    code, content = run_command("init", "--data", str(data))
    assert code == 1
    assert "already" in str(content["error"])
    assert (data / "pki" / "ca.crt").read_bytes() == before


def test_other_commands_say_that_init_comes_first(tmp_path: Path) -> None:
    for command in (["voucher", "--terminal", "T-1"], ["release"], ["serve"], ["import", "city.xlsx"]):
        code, content = run_command(*command, "--data", str(tmp_path / "nothing"))
        assert code == 1
        assert "kiosk-fleet init" in str(content["error"])
    assert not (tmp_path / "nothing").exists()


def test_wrong_use_exits_2() -> None:
    for arguments in ([], ["init"], ["voucher", "--data", "x"], ["dance"]):
        with pytest.raises(SystemExit) as ended:
            run_command(*arguments)
        assert ended.value.code == 2


def test_migrations_make_the_tables_of_the_code(tmp_path: Path) -> None:
    database = open_database(tmp_path / "fleet.db")
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    database.close()


def test_serve_ends_both_children_when_told_to(data: Path) -> None:
    process = start_serving(data)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["url"].startswith("https://localhost:")
    children = children_of(process)
    assert len(children) == 2
    process.terminate()
    assert process.wait(LIMIT) == 0
    assert all(gone(pid) for pid in children.values())


@pytest.mark.parametrize("victim", ["nginx", "application"])
def test_serve_ends_visibly_when_a_child_dies(data: Path, victim: str) -> None:
    command = [sys.executable, "-m", "fleet", "serve", "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    children = children_of(process)
    nginx = next(pid for name, pid in children.items() if name == "nginx")
    application = next(pid for name, pid in children.items() if name != "nginx")
    os.kill(nginx if victim == "nginx" else application, signal.SIGKILL)
    assert process.wait(LIMIT) == 1
    assert f"{victim} ended with -9" in process.stderr.read()
    assert gone(nginx) and gone(application)


def test_a_port_in_use_is_said_plainly(data: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "fleet", "serve", "--data", str(data), "--port", port]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert ended.returncode == 1
    assert f"port {port} cannot be used" in ended.stderr
