"""The face camera, for use inside a worker process."""

from __future__ import annotations

from drivers.video.camera import Camera, Frame, camera_status

__all__ = ["FaceCamera", "Frame", "camera_status"]


class FaceCamera(Camera):
    """See drivers.video.camera. 640x480 is enough; open only while a citizen is being checked."""
