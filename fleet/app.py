"""The application behind nginx. It trusts its caller's headers and must listen on a private Unix socket only."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from anyio import create_task_group, sleep, to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from fleet.api import (
    cases,
    device,
    documents,
    enrolment,
    holdings,
    identity,
    oauth2,
    operator,
    phone_uploads,
    receipts,
    saved,
    saved_phone,
    terminals,
    upload_page,
    uploads,
    verify,
)
from fleet.data_folder import DataFolder
from fleet.errors import (
    AuditRefused,
    CaseConflict,
    CaseRefused,
    EnrolmentRefused,
    FleetError,
    HoldingRefused,
    RatingConflict,
    RatingRefused,
    ServiceUnavailable,
    UploadRefused,
    VoucherRefused,
)
from fleet.identity.forgetting import forget
from fleet.platform import Platform
from fleet.quiet_log import say_only_where

#: Names the data folder to the process that uvicorn starts.
DATA_VARIABLE = "KIOSK_FLEET_DATA"

#: seconds between two looks for what has run out
FORGET_EVERY = 30.0

_STATUS: dict[type[FleetError], int] = {
    VoucherRefused: 401,
    EnrolmentRefused: 400,
    CaseConflict: 409,
    CaseRefused: 422,
    HoldingRefused: 403,
    RatingConflict: 409,
    RatingRefused: 422,
    ServiceUnavailable: 503,
}


def create_app() -> FastAPI:
    """The application on the data folder named by KIOSK_FLEET_DATA."""
    say_only_where()
    platform = Platform(DataFolder(Path(os.environ[DATA_VARIABLE])))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with create_task_group() as tasks:
            tasks.start_soon(_forget_in_time, platform)
            yield
            tasks.cancel_scope.cancel()
        platform.close()

    app = FastAPI(title="Bianmin platform", version="1", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.platform = platform
    pages = (device, saved_phone, upload_page, documents, receipts, verify)
    for part in (
        enrolment,
        terminals,
        identity,
        oauth2,
        saved,
        phone_uploads,
        holdings,
        cases,
        uploads,
        operator,
        *pages,
    ):
        app.include_router(part.router)
    for error, status in _STATUS.items():
        app.add_exception_handler(error, _refuse(status))
    app.add_exception_handler(oauth2.OAuthError, oauth2.refuse)
    app.add_exception_handler(UploadRefused, _refuse_upload)
    app.add_exception_handler(AuditRefused, _refuse_audit)
    app.add_exception_handler(RequestValidationError, _invalid)
    return app


async def _forget_in_time(platform: Platform) -> None:
    """Whoever is to be forgotten is, also while nobody comes."""
    while True:
        await to_thread.run_sync(forget, platform.database, datetime.now(UTC))
        await sleep(FORGET_EVERY)


def _refuse(status: int) -> Callable[[Request, Exception], Awaitable[JSONResponse]]:
    headers = {"WWW-Authenticate": 'Basic realm="est"'} if status == 401 else None

    async def answer(_request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status, headers)

    return answer


async def _refuse_audit(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AuditRefused)
    return JSONResponse(error.refusal.model_dump(mode="json"), 409)


async def _refuse_upload(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, UploadRefused)
    headers = {"Tus-Resumable": uploads.VERSION, "Tus-Version": uploads.VERSION}
    return JSONResponse({"detail": str(error)}, error.status, headers)


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    """What is wrong and where, without repeating what was sent: it may be of a person."""
    assert isinstance(error, RequestValidationError)
    faults = [{"type": fault["type"], "loc": fault["loc"], "msg": fault["msg"]} for fault in error.errors()]
    return JSONResponse({"detail": faults}, 422)
