"""tus 1.0.0 (core and creation): uploads that go on in the middle after the line broke."""

from __future__ import annotations

import base64
import binascii

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from fleet.api.callers import CallingTerminal, ThePlatform
from fleet.errors import UploadRefused
from fleet.uploads import LARGEST, Append

router = APIRouter(prefix="/api/v1/uploads")
VERSION = "1.0.0"
_HEADERS = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
_OFFSET_TYPE = "application/offset+octet-stream"


@router.options("/")
def abilities(terminal_id: CallingTerminal) -> Response:
    """What this server can do."""
    able = {"Tus-Version": VERSION, "Tus-Extension": "creation", "Tus-Max-Size": str(LARGEST)}
    return Response(status_code=204, headers={**_HEADERS, **able})


@router.post("/")
def begin(request: Request, terminal_id: CallingTerminal, platform: ThePlatform) -> Response:
    """Begin an upload; its address is in Location."""
    _require_version(request)
    length, metadata = (
        _number(request, "upload-length"),
        _metadata(request.headers.get("upload-metadata", "")),
    )
    upload_id = platform.uploads.create(terminal_id, length, metadata)
    return Response(status_code=201, headers={**_HEADERS, "Location": f"/api/v1/uploads/{upload_id}"})


@router.head("/{upload_id}")
def progress(upload_id: str, request: Request, terminal_id: CallingTerminal, platform: ThePlatform) -> Response:
    """How far the upload is."""
    _require_version(request)
    stands = platform.uploads.progress(terminal_id, upload_id)
    offset = {"Upload-Offset": str(stands.offset), "Upload-Length": str(stands.length)}
    return Response(headers={**_HEADERS, **offset})


@router.patch("/{upload_id}")
async def send(upload_id: str, request: Request, terminal_id: CallingTerminal, platform: ThePlatform) -> Response:
    """Take the bytes that follow Upload-Offset; each piece is kept as it comes, also when the line then breaks."""
    _require_version(request)
    if request.headers.get("content-type") != _OFFSET_TYPE:
        raise UploadRefused(415, f"the content type must be {_OFFSET_TYPE}")
    offset = _number(request, "upload-offset")
    append = await to_thread.run_sync(platform.uploads.append, terminal_id, upload_id, offset)
    try:
        await _take(request, append)
    finally:
        append.close()
    if append.offset == append.length:
        await to_thread.run_sync(platform.uploads.finish, terminal_id, upload_id)
    return Response(status_code=204, headers={**_HEADERS, "Upload-Offset": str(append.offset)})


async def _take(request: Request, append: Append) -> None:
    try:
        async for piece in request.stream():
            await to_thread.run_sync(append.write, piece)
    except ClientDisconnect:
        return


def _require_version(request: Request) -> None:
    if request.headers.get("tus-resumable") != VERSION:
        raise UploadRefused(412, f"this server speaks tus {VERSION}: send Tus-Resumable")


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise UploadRefused(400, f"{header} must be a whole number")
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """Upload-Metadata: `key base64` pairs separated by commas."""
    metadata = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, encoded = pair.partition(" ")
        try:
            metadata[key] = base64.b64decode(encoded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise UploadRefused(400, "Upload-Metadata must be base64 of UTF-8") from None
    return metadata
