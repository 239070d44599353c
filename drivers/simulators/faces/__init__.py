"""Faces of people who do not exist, for the camera and the ID card simulators. See README.md."""
