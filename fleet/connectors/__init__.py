"""What a city connects of its own: whom codes stand for, registers, whom one may act for, SMS, sealed documents.

`interface.py` says what a connector is, `connected.py` reads connectors.toml; see docs/connectors.md.
"""
