"""A network scanner's ScannerStatus, and the options a SANE backend names."""

from __future__ import annotations

import json

from drivers.document_scanner import escl, options
from drivers.errors import BadAnswer, Refused

DECLARED = (BadAnswer, Refused)


def one_input(data: bytes) -> None:
    if data.startswith(b"<"):
        status = escl.status_of(escl.decode(data))
        assert status.usable or status.detail or status.media is not None
        return
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return
    found = options.parse(said)
    can = options.capabilities(found)
    options.loaded(found), options.cover_open(found)
    for source in can.sources:
        assert isinstance(options.source_settings(found, source), dict)
    for mode in can.modes:
        for dpi in can.dpi or (300,):
            assert options.page_settings(found, mode, dpi).keys() <= found.keys() | {"page-width", "page-height"}
    options.source_settings(found, "feeder-duplex")


_HEAD = b'<scan:ScannerStatus xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://pwg">'
SEEDS: list[bytes] = [
    _HEAD + b"<pwg:State>Idle</pwg:State><scan:AdfState>ScannerAdfEmpty</scan:AdfState></scan:ScannerStatus>",
    _HEAD + b"<pwg:State>Stopped</pwg:State><scan:AdfState>ScannerAdfJam</scan:AdfState></scan:ScannerStatus>",
    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><ScannerStatus><State>&b;</State></ScannerStatus>',
    json.dumps(
        [
            {"name": "source", "value": "ADF", "settable": True, "words": ["Flatbed", "ADF", "ADF Duplex"]},
            {"name": "mode", "value": "Gray", "settable": True, "words": ["Color", "Gray", "Lineart"]},
            {"name": "resolution", "value": 300, "settable": True, "range": [1.0, 1200.0, 1.0]},
            {"name": "depth", "value": 8, "settable": True, "words": [1, 8, 16]},
            {"name": "br-x", "value": 80.0, "settable": True, "range": [0, 215.9, 0]},
            {"name": "page-loaded", "value": 1, "settable": False},
        ]
    ).encode(),
    b'[{"name": "resolution", "value": 75, "settable": true, "words": [75, 150, 300]},'
    b' {"name": "adf-mode", "settable": true, "words": ["Simplex", "Duplex"]},'
    b' {"name": "source", "settable": true, "words": ["Document Table", "Automatic Document Feeder"]}]',
]
