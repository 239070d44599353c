"""How long the terminal waits for the platform, and how much it sends at once; every limit with its reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes. One request takes connect + send + answer at most, but for the resolver of names (its own)."""

    #: to connect and to agree on TLS: 20 round trips of a satellite line
    connect: float = 3.0
    #: to hand a request over: the smallest piece of an upload at 1 KB a second
    send: float = 16.0
    #: for the whole answer, from its first byte to its last; a citizen at the terminal gives up after ten seconds
    answer: float = 10.0
    #: bytes of an upload sent at once; a cut costs at most this much
    chunk: int = 256 * 1024
    #: the least a piece shrinks to on a line that does not carry larger ones
    smallest_chunk: int = 16 * 1024
    #: seconds a piece should take: it grows on a fast line, so that heartbeats come between the pieces on a slow one
    piece: float = 2.0
    #: seconds one entry is worked on before the next has its turn, and all of them before the agent looks about
    turn: float = 3.0
    round: float = 6.0
    #: seconds after an acknowledgement when the platform is asked again whether it has it: a worker that crashed
    #: after its answer is back by then, and the citizen still stands there
    second_look: float = 5.0


#: of a terminal in service
STANDARD = Limits()
