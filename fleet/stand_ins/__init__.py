"""Stand-ins for a city's services, programs of their own: `python -m fleet.stand_ins.code_service`, `….sms_gateway`.

Each prints one JSON line when it is ready ({"service", "url", "control"}), takes commands on its control address
(see program.py) and ends on SIGTERM, or with --with-parent when its standard input closes. They know the wire, not
the connectors.
"""
