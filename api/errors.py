"""Refusals as HTTP: the only place where status numbers stand. Every answer is problem+json, none shows a traceback."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import psycopg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests
from starlette.exceptions import HTTPException

from api.limits import (
    READING,
    BrokenRequestError,
    ForeignOriginError,
    HostError,
    LargeBodyError,
    LongAddressError,
    LongHeadError,
    NullCharacterError,
    SlowRequestError,
    TooManyParametersError,
    UnknownMethodError,
    methods_at,
)
from api.refusals import (
    DetailedError,
    FailedJobError,
    MediaError,
    MergeRefusedError,
    NoScenarioError,
    NothingFitError,
    NoTileError,
    NoTokenError,
    NotReadyError,
    PreconditionError,
    TooLongError,
    TooManyRowsError,
    TooManyScenariosError,
    WritingOffError,
)
from api.visit import request_id
from gis.asking import UnknownQuestionError
from gis.assets import MissingAssetError
from gis.changes.feed import TooManyFollowersError
from gis.direct import AwayError
from gis.errors import QuyhoachError, UnknownLayerError
from gis.features.page import UnknownFeatureError
from gis.grids import UnknownGridError
from gis.intake.errors import IntakeError, UnknownFormatError
from gis.jobs.job import NoJobError, QueueFullError, ResultError
from gis.scenarios.errors import (
    BusyScenarioError,
    ChildrenError,
    EndsEarlyError,
    NoFeatureError,
    TakenNameError,
    TooManyGenerationsError,
    UnchangedFeatureError,
)
from gis.scenarios.sending import UnfitFeaturesError
from gis.styles import UnknownStyleError
from gis.tiles import TileAddressError, TooManyLayersError
from gis.tilesets import BeyondLimitsError

PROBLEM = "application/problem+json"


class ParameterError(QuyhoachError):
    """A query parameter whose value is none of those it may have."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        super().__init__(f"{name}={value[:60]!r} is refused; it is {wanted}.")


class NotAcceptableError(QuyhoachError):
    """A client that takes none of the representations a resource has."""

    def __init__(self, accepted: str, offered: Sequence[str]) -> None:
        super().__init__(f"Accept: {accepted[:120]} names none of what there is; there is {', '.join(offered)}.")


class BrokenAnswerError(RuntimeError):
    """An answer that cannot be brought to its end: raised to the server, which then breaks the connection."""


class OverloadedError(QuyhoachError):
    """More is asked at once than is worth keeping waiting."""

    def __init__(self) -> None:
        super().__init__("The service is busy; ask again in a moment.")


_STATUS: dict[type[Exception], HTTPStatus] = {
    UnknownLayerError: HTTPStatus.NOT_FOUND,
    UnknownFeatureError: HTTPStatus.NOT_FOUND,
    TileAddressError: HTTPStatus.NOT_FOUND,
    UnknownGridError: HTTPStatus.NOT_FOUND,
    UnknownStyleError: HTTPStatus.NOT_FOUND,
    NoTileError: HTTPStatus.NOT_FOUND,
    BeyondLimitsError: HTTPStatus.NOT_FOUND,
    NoScenarioError: HTTPStatus.NOT_FOUND,
    TooManyLayersError: HTTPStatus.BAD_REQUEST,
    ParameterError: HTTPStatus.BAD_REQUEST,
    NotAcceptableError: HTTPStatus.NOT_ACCEPTABLE,
    UnknownQuestionError: HTTPStatus.NOT_FOUND,
    NoJobError: HTTPStatus.NOT_FOUND,
    ResultError: HTTPStatus.NOT_FOUND,
    FailedJobError: HTTPStatus.INTERNAL_SERVER_ERROR,
    QueueFullError: HTTPStatus.SERVICE_UNAVAILABLE,
    TooLongError: HTTPStatus.GATEWAY_TIMEOUT,
    MissingAssetError: HTTPStatus.SERVICE_UNAVAILABLE,
    OverloadedError: HTTPStatus.SERVICE_UNAVAILABLE,
    TooManyFollowersError: HTTPStatus.SERVICE_UNAVAILABLE,
    NotReadyError: HTTPStatus.SERVICE_UNAVAILABLE,
    UnknownMethodError: HTTPStatus.METHOD_NOT_ALLOWED,
    LongAddressError: HTTPStatus.REQUEST_URI_TOO_LONG,
    LongHeadError: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    LargeBodyError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    SlowRequestError: HTTPStatus.REQUEST_TIMEOUT,
    TooManyParametersError: HTTPStatus.BAD_REQUEST,
    NullCharacterError: HTTPStatus.BAD_REQUEST,
    BrokenRequestError: HTTPStatus.BAD_REQUEST,
    HostError: HTTPStatus.BAD_REQUEST,
    ForeignOriginError: HTTPStatus.FORBIDDEN,
    WritingOffError: HTTPStatus.FORBIDDEN,
    NoTokenError: HTTPStatus.UNAUTHORIZED,
    NoFeatureError: HTTPStatus.NOT_FOUND,
    UnchangedFeatureError: HTTPStatus.NOT_FOUND,
    TakenNameError: HTTPStatus.CONFLICT,
    TooManyGenerationsError: HTTPStatus.CONFLICT,
    TooManyScenariosError: HTTPStatus.CONFLICT,
    ChildrenError: HTTPStatus.CONFLICT,
    BusyScenarioError: HTTPStatus.CONFLICT,
    MergeRefusedError: HTTPStatus.CONFLICT,
    PreconditionError: HTTPStatus.PRECONDITION_FAILED,
    MediaError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    UnknownFormatError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    UnfitFeaturesError: HTTPStatus.UNPROCESSABLE_ENTITY,
    EndsEarlyError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooManyRowsError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NothingFitError: HTTPStatus.UNPROCESSABLE_ENTITY,
    IntakeError: HTTPStatus.UNPROCESSABLE_ENTITY,
}

_EXCEPTIONS = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"
_TYPES: dict[type[Exception], str] = {
    UnknownQuestionError: f"{_EXCEPTIONS}/no-such-process",
    NoJobError: f"{_EXCEPTIONS}/no-such-job",
    ResultError: f"{_EXCEPTIONS}/result-not-ready",
}
"""Problems that have a name of their own, as OGC 18-062r2 gives it."""
_UNNAMED = "about:blank"

_FIRST_FAILURE = int(HTTPStatus.INTERNAL_SERVER_ERROR)

_DATABASE: dict[type[Exception], str] = {
    psycopg.errors.QueryCanceled: "The answer takes too long; ask for a smaller part.",
    AwayError: "The database does not answer; ask again in a moment.",
    PoolTimeout: "The database has no connection free; ask again in a moment.",
    TooManyRequests: "The database has no connection free; ask again in a moment.",
    PoolClosed: "The service is stopping.",
    psycopg.errors.UndefinedTable: "What was asked for is just being removed; ask again in a moment.",
    psycopg.OperationalError: "The database does not answer; ask again in a moment.",
    psycopg.InterfaceError: "The database does not answer; ask again in a moment.",
}

_log = logging.getLogger("quyhoach")


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal as RFC 9457 says it, with the id of its request for those who look into the log."""

    status: HTTPStatus
    detail: str
    type: str = _UNNAMED
    members: Mapping[str, object] = field(default_factory=dict[str, object])

    @property
    def body(self) -> bytes:
        """The document."""
        document: dict[str, object] = {
            "type": self.type,
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
            **self.members,
        }
        if name := request_id():
            document["request_id"] = name
        return json.dumps(document, ensure_ascii=False).encode()

    @property
    def headers(self) -> dict[str, str]:
        """Headers beside it; where waiting helps, for how long in seconds; where another method would, which."""
        more: dict[str, str] = {}
        if self.status is HTTPStatus.SERVICE_UNAVAILABLE:
            more["Retry-After"] = "2"
        elif self.status is HTTPStatus.METHOD_NOT_ALLOWED:
            more["Allow"] = ", ".join(READING)
        elif self.status is HTTPStatus.UNAUTHORIZED:
            more["WWW-Authenticate"] = 'Bearer realm="quyhoach"'
        return {"Content-Type": PROBLEM, "Cache-Control": "no-store", **more}


def problem(error: Exception) -> Problem:
    """Say an error to a client; what is not a refusal is logged and shown without its inside."""
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            members = error.members if isinstance(error, DetailedError) else {}
            return Problem(status, str(error), _TYPES.get(kind, _UNNAMED), members)
    for kind, detail in _DATABASE.items():
        if isinstance(error, kind):
            _log.warning("%s: %s", kind.__name__, error)
            # To ask again helps where the database is busy or away, not where the question is too large.
            too_large = kind is psycopg.errors.QueryCanceled
            return Problem(HTTPStatus.GATEWAY_TIMEOUT if too_large else HTTPStatus.SERVICE_UNAVAILABLE, detail)
    if isinstance(error, psycopg.DataError):
        return Problem(HTTPStatus.BAD_REQUEST, "The request holds a value that the database cannot work with.")
    if isinstance(error, QuyhoachError):
        return Problem(HTTPStatus.BAD_REQUEST, str(error))
    if not isinstance(error, BrokenAnswerError):
        _log.error("unforeseen error", exc_info=error)
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong inside the service; it is in its log.")


def is_failure(status: int) -> bool:
    """Return whether a status says that the service failed, and not the one who asked."""
    return status >= _FIRST_FAILURE


def answer(said: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return a problem as a response."""
    return Response(said.body, status_code=said.status, headers={**said.headers, **(headers or {})})


def install(app: FastAPI) -> None:
    """Let every error of the app answer as problem+json."""
    for kind in (QuyhoachError, psycopg.Error, PoolTimeout, PoolClosed, TooManyRequests, Exception):
        app.add_exception_handler(kind, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain)


def _refused(_request: Request, error: Exception) -> Response:
    return answer(problem(error))


def _invalid(_request: Request, error: Exception) -> Response:
    reasons = error.errors() if isinstance(error, RequestValidationError) else []
    sentence = "; ".join(f"{reason['loc'][-1]}: {reason['msg']}" for reason in reasons)
    in_path = any(reason["loc"][0] == "path" for reason in reasons)
    status = HTTPStatus.NOT_FOUND if in_path else HTTPStatus.BAD_REQUEST
    return answer(Problem(status, f"{sentence}."))


def _plain(request: Request, error: Exception) -> Response:
    status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    methods = methods_at(request.scope["path"])
    details = {
        HTTPStatus.NOT_FOUND: f"There is nothing at {request.url.path[:200]}; /collections lists the layers.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} is not answered here; {', '.join(methods)} are.",
    }
    said = Problem(status, details.get(status, f"{status.phrase}."))
    given = error.headers if isinstance(error, HTTPException) else None
    headers = {name: value for name, value in (given or {}).items() if name not in said.headers}
    if status is HTTPStatus.METHOD_NOT_ALLOWED:  # a route does not know of HEAD and OPTIONS, answered before it
        headers["Allow"] = ", ".join(methods)
    return answer(said, headers)
