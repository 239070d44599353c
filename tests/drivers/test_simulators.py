"""What all simulators promise: control channel, faults by name, end with their parent; and the panel's buttons."""

from __future__ import annotations

import argparse
import json
import shlex
from pathlib import Path

import cv2
import numpy as np
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


def test_each_button_of_the_panel_is_a_command(simulator, tmp_path: Path) -> None:
    folders = {name: tmp_path / name for name in ("people", "codes", "papers")}
    for folder in folders.values():
        folder.mkdir()
        cv2.imwrite(str(folder / "a picture.png"), np.zeros((60, 80, 3), np.uint8))
    person = {
        "name": "测试甲",
        "sex": "男",
        "nation": "01",
        "birth": "19900228",
        "address": "某路1号",
        "number": "11010119900228001X",
        "authority": "某市公安局",
        "valid_from": "20200101",
        "valid_to": "长期",
    }
    (folders["people"] / "one.json").write_text(json.dumps(person), encoding="utf-8")
    running = {
        "id_card": simulator("id_card"),
        "code_scanner": simulator("camera", "--size", "320x240"),
        "face_camera": simulator("camera", "--size", "320x240"),
        "document_camera": simulator("camera", "--size", "320x240"),
        "receipt_printer": simulator("receipt_printer", "--out", str(tmp_path / "out")),
    }
    controls = {name: one.said["control"] for name, one in running.items()}
    wanted = panel.sections(argparse.Namespace(**folders), controls)
    assert [len(buttons) for _, _, buttons in wanted] == [2, 2, 6, 2, len(panel.RECEIPT_FAULTS)]
    for _, address, buttons in wanted:
        for line in reversed(buttons.values()):
            assert command(address, line)["ok"], shlex.split(line)
    assert running["id_card"]("state")["card"] is False
