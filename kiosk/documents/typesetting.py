"""typst: a template of the release and what is to stand on it become a PDF/A."""

from __future__ import annotations

import functools
import io
import json
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

import segno
import typst

from kiosk.documents.errors import TypesettingError

#: Papers are dated in Chinese time, wherever the clock of the machine stands.
CHINA = timezone(timedelta(hours=8), "CST")

_compiling = threading.Lock()


def typeset(template: str, name: str, content: Mapping[str, object], at: datetime, fonts: Path | None = None) -> bytes:
    """`template`, which reads `content` as the JSON of `sys.inputs.<name>`, as PDF/A-2b made at the moment `at`.

    About 10 ms after the first. The same content gives the same bytes. `fonts` is a folder of fonts to use before
    the system's. Raises TypesettingError.
    """
    # A compiler keeps its inputs between calls: one paper at a time, and none left behind.
    with _compiling:
        compiler = _compiler(fonts)
        try:
            pdf = compiler.compile(
                template.encode(),
                format="pdf",
                sys_inputs={name: json.dumps(content, ensure_ascii=False)},
                pdf_standards="a-2b",
                timestamp=int(at.timestamp()),
            )
        except typst.TypstError:
            # typst quotes what it stumbled on, which may be the citizen's.
            raise TypesettingError("template") from None
        finally:
            compiler.compile(b"", format="svg", sys_inputs={})
    if not isinstance(pdf, bytes):
        raise TypesettingError("template")
    return pdf


def code_svg(code: str) -> str:
    """A paper's code as a QR drawing: error level M, base45 in the alphanumeric mode made for it."""
    try:
        drawing = segno.make(code, error="m", micro=False, boost_error=False)
    except segno.DataOverflowError:
        raise TypesettingError("code-too-long") from None
    written = io.BytesIO()
    drawing.save(written, kind="svg", border=2, xmldecl=False, svgclass=None, lineclass=None)
    return written.getvalue().decode()


@functools.lru_cache(maxsize=2)
def _compiler(fonts: Path | None) -> typst.Compiler:
    """Looking through the fonts takes most of a second; it is done once."""
    return typst.Compiler(font_paths=[fonts] if fonts else [])
