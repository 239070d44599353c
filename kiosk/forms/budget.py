"""How much work one answer may cause: a form whose rules look at everything for everything is ended, not waited for."""

from __future__ import annotations

from kiosk.forms.errors import TooMuchWork

#: nodes looked at between one answer and the next page; a list of 100,000 rows may be filtered fifty times. About 2 s.
NODE_LIMIT = 5_000_000


class Budget:
    """Counts down what expressions look at."""

    def __init__(self) -> None:
        self._left = NODE_LIMIT

    def renew(self) -> None:
        """Something new was asked for."""
        self._left = NODE_LIMIT

    def spend(self, nodes: int) -> None:
        """These many nodes were looked at. Raises TooMuchWork when it is more than any form needs."""
        self._left -= nodes
        if self._left < 0:
            raise TooMuchWork(f"the form's rules look at more than {NODE_LIMIT} values for one answer")
