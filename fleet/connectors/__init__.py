"""What a city connects of its own: who a code stands for, who is registered, whom one may act for, SMS.

`interface.py` says what a connector is, `connected.py` reads connectors.toml; see docs/connectors.md.
"""
