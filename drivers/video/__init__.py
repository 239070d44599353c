"""Pictures of a camera: MJPEG over HTTP, V4L2, or what FFmpeg opens. stream.py has frames; check.py loads no OpenCV."""
