"""Simulated devices: separate programs that speak the real wire. Written from the public tables, not from
drivers.

Each prints one JSON line when it is ready ({"device", "port" or "url" …, "control"}), takes commands on its
control address (see control.py) and ends on SIGTERM, or with --with-parent when its standard input closes.
"""
