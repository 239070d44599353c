"""The face camera: the same states and faults as the document camera, since it is the same wire."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.face_camera import FaceCamera
from tests.faults.devices import matrix, test_document_camera
from tests.faults.devices.test_document_camera import EXPECTED


class Rig(test_document_camera.Rig):
    """A face camera and its simulator."""

    kind = FaceCamera


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], matrix.Met]:
    folder: Path = tmp_path_factory.mktemp("face_camera")
    return matrix.meet_all("face_camera", Rig, EXPECTED, folder)


@pytest.mark.parametrize("cell", matrix.cells("face_camera", EXPECTED))
def test_cell(cell: matrix.Cell, met: dict[tuple[str, str], matrix.Met], record_property) -> None:
    matrix.judge(cell, met, record_property)
