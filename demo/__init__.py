"""The demonstration: every part as a program of its own, and citizens who walk through them with real touches.

Imports no room of this house: it starts programs, touches the screen, and looks the result up from outside.
"""
