"""Speaks to a CUPS server through libcups: a request a line on standard input as JSON, an answer a line back.

A program of its own because libcups has no timeout: whoever started it ends it. It imports nothing of this house, so
that it starts in 30 ms.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import cups


def connect(server: str) -> cups.Connection:
    """To host:port, or to the socket at a path."""
    host, _, port = server.rpartition(":")
    if server.startswith("/"):
        cups.setServer(server)
    else:
        cups.setServer(host or server)
        cups.setPort(int(port) if host else 631)
    return cups.Connection()


def answer(server: cups.Connection, asked: dict[str, Any]) -> dict[str, Any]:
    """Do what is asked."""
    queue, job = asked["queue"], asked.get("id")
    match asked["do"]:
        case "create":
            return {"id": server.createJob(queue, asked["title"], asked["options"])}
        case "send":
            left = asked["length"]
            server.startDocument(queue, job, "document", asked["kind"], 1)
            while left:
                piece = sys.stdin.buffer.read(min(left, 65536))
                left -= len(piece)
                server.writeRequestData(piece, len(piece))
            if server.finishDocument(queue) != cups.IPP_OK:
                raise RuntimeError("not taken")
        case "state":
            names = ["job-state", "job-state-reasons", "job-impressions-completed"]
            said = server.getJobAttributes(job, names)
            return {"job": {name: said[name] for name in names if name in said}}
        case "cancel":
            server.cancelJob(job)
    return {}


def main() -> None:
    """Until standard input closes."""
    server = None
    for line in iter(sys.stdin.buffer.readline, b""):
        asked = json.loads(line)
        try:
            server = server or connect(asked["server"])
            said = answer(server, asked)
        except (cups.IPPError, RuntimeError, ValueError) as error:
            said = {"error": type(error).__name__}
        print(json.dumps(said), flush=True)
        if "error" in said and asked["do"] == "send":
            return  # what is left of the document must not be read as a request


if __name__ == "__main__":
    main()
