"""What OCR found on a page. Loads no OCR."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class TextLine:
    """One line. `corners` are clockwise from the text's own top left, in parts of the page's width and height."""

    text: str = field(repr=False)
    #: 0 to 1, as the recogniser has it.
    confidence: float
    corners: tuple[tuple[float, float], ...]

    @property
    def left(self) -> float:
        """Of the upright box round it."""
        return min(x for x, _ in self.corners)

    @property
    def right(self) -> float:
        """Of the upright box round it."""
        return max(x for x, _ in self.corners)

    @property
    def top(self) -> float:
        """Of the upright box round it."""
        return min(y for _, y in self.corners)

    @property
    def bottom(self) -> float:
        """Of the upright box round it."""
        return max(y for _, y in self.corners)


@dataclass(frozen=True)
class PageText:
    """The lines of one page of `width` x `height` pixels, from its top to its bottom, as it is read.

    `turned` says by how many quarters, clockwise, the picture had to be turned to be read; the lines and the size are
    those of the turned picture.
    """

    lines: tuple[TextLine, ...]
    width: int
    height: int
    turned: int = 0

    @property
    def text(self) -> str:
        """All of it, a line a line."""
        return "\n".join(line.text for line in self.lines)

    def in_picture(self) -> tuple[TextLine, ...]:
        """The lines with their corners as they lie in the picture before it was turned."""
        lines = self.lines
        for _ in range(self.turned % 4):
            # A quarter back, counter-clockwise: what was at the right comes to the top.
            lines = tuple(replace(line, corners=tuple((y, 1 - x) for x, y in line.corners)) for line in lines)
        return lines
