"""Files of a form as browsers send them: multipart/form-data (RFC 7578, RFC 2046 section 5.1.1)."""

from __future__ import annotations

import re

#: a boundary is 1 to 70 characters of RFC 2046's bcharsnospace, quoted or not
_BOUNDARY = re.compile(r"""multipart/form-data\s*;.*?boundary="?([0-9A-Za-z'()+_,./:=?-]{1,70})"?""", re.IGNORECASE)
_NAME = re.compile(rb'content-disposition:\s*form-data\s*;[^\r\n]*?\bname="([^"\r\n]*)"', re.IGNORECASE)
_LONGEST_HEAD = 2048


def files_of(content_type: str, body: bytes, field: str, most: int) -> list[bytes]:
    """The contents of `field`, at most `most` and one more; [] for a body that is not such a form.

    A field whose file was not chosen is sent empty, and is left out. Names of files are not read at all.
    """
    found = _BOUNDARY.match(content_type)
    if found is None:
        return []
    delimiter = b"\r\n--" + found[1].encode()
    files: list[bytes] = []
    for part in (b"\r\n" + body).split(delimiter)[1:]:
        head, gap, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head) if gap and len(head) <= _LONGEST_HEAD else None
        if name is not None and name[1] == field.encode() and content:
            files.append(content)
        if len(files) > most:
            break
    return files
