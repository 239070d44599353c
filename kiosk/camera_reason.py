"""A camera's error as the reason code that a citizen's screen knows."""

from __future__ import annotations

from drivers.errors import CameraDark, CameraError, CameraFrozen


def camera_reason(error: CameraError) -> str:
    """ "dark", "camera-frozen" or "camera-gone"."""
    if isinstance(error, CameraDark):
        return "dark"
    return "camera-frozen" if isinstance(error, CameraFrozen) else "camera-gone"
