"""The document camera, for use inside a worker process."""

from __future__ import annotations

from drivers.video.camera import Camera, Frame, camera_status

__all__ = ["DocumentCamera", "Frame", "camera_status"]


class DocumentCamera(Camera):
    """See drivers.video.camera. Looks down on a paper; open only while a citizen is scanning."""
