"""Devices of a terminal: one package per kind of device. No screen, no item, no citizen."""
