"""What all simulators promise: control channel, faults by name, end with their parent; and the panel's buttons."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from drivers.simulators import panel
from drivers.simulators.control import command

SIMULATORS = {
    "id_card": (),
    "code_scanner_serial": (),
    "wedge": (),
    "keypad": (),
    "camera": ("--size", "320x240"),
    "receipt_printer": ("--out", "{tmp}"),
}


@pytest.mark.parametrize("name", SIMULATORS)
def test_commands_are_answered_and_wrong_ones_refused(simulator, tmp_path: Path, name: str) -> None:
    one = simulator(name, *(word.format(tmp=tmp_path) for word in SIMULATORS[name]), "--fault", "drop")
    assert one.said["port"] and one("state")["fault"] == "drop"
    assert one("fault none")["fault"] == "none"
    for wrong in ("fault nonsense", "nonsense", "", "'"):
        answer = command(one.said["control"], wrong)
        assert not answer["ok"] and answer["error"]


@pytest.mark.parametrize("name", SIMULATORS)
def test_a_simulator_ends_with_its_parent(simulator, tmp_path: Path, name: str) -> None:
    one = simulator(name, *(word.format(tmp=tmp_path) for word in SIMULATORS[name]))
    one.process.stdin.close()
    assert one.process.wait(5) == 0
    with pytest.raises(OSError):
        command(one.said["control"], "state")
    assert not Path(one.said["port"]).exists()


def test_the_control_command_line(simulator, run) -> None:
    control = simulator("id_card").said["control"]
    done = run("drivers.simulators.control", control, "fault", "slow")
    assert done.returncode == 0 and json.loads(done.stdout) == {"ok": True, "fault": "slow"}
    assert run("drivers.simulators.control", control, "nonsense").returncode == 1
    assert run("drivers.simulators.control", "127.0.0.1:9", "state").returncode == 1
    assert run("drivers.simulators.control").returncode == 2


def test_the_panel_tells_what_nobody_answers(simulator) -> None:
    one = simulator("id_card")
    assert panel.answered(one.said["control"], "state")["ok"]
    assert not panel.answered(one.said["control"], "nonsense")["ok"]
    assert "没有回答" in panel.answered("127.0.0.1:9", "state")["error"]
