"""One shape for every refusal of the API: `{"detail", "code", "errors"?, "request_id"}`."""

from functools import singledispatch

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from tenants.errors import DomainError
from tenants.slugs import SlugTaken

logger = structlog.get_logger("tithi.api")

CHALLENGE = 'Bearer realm="api"'
CORRECT = "Please correct what is named in errors."


@singledispatch
def details_of(exc):
    """What a refusal says beyond its sentence; higher apps register their own exceptions."""
    return exc.details


@details_of.register
def _(exc: SlugTaken):
    return {"suggestions": exc.suggestions}


def handle(exc, context):
    """DRF's exception handler. What nobody expected is logged, reported and answered without its text."""
    if isinstance(exc, DomainError):
        return refusal(exc)
    if isinstance(exc, (RecursionError, RequestDataTooBig)):  # JSON nested or sized to exhaust us
        exc = exceptions.ParseError("This body is too large or too deeply nested.")
    elif isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, exceptions.APIException):
        return _answer_for(exc)
    logger.exception("api_failed", exc_info=exc)
    got_request_exception.send(sender=None, request=context["request"]._request)
    return answer(500, "Something went wrong on our side. Nothing is lost; please try again.", "server_error")


def refusal(exc):
    """The answer to a DomainError."""
    response = answer(exc.status, str(exc), exc.code, **details_of(exc))
    if "retry_after" in exc.details:
        response["Retry-After"] = str(exc.details["retry_after"])
    if exc.status == 401:
        response["WWW-Authenticate"] = CHALLENGE
    return response


def answer(status, detail, code, **more):
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    body = {"detail": detail, "code": code, **more, "request_id": request_id}
    return Response(_writable(body), status=status)


def _writable(value):
    """A refusal may repeat what was sent, and JSON may hold half of a character, which no answer can be written with."""
    if isinstance(value, dict):
        return {_writable(name): _writable(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_writable(each) for each in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _answer_for(exc):
    if isinstance(exc, exceptions.ValidationError):
        errors = exc.detail if isinstance(exc.detail, dict) else {"non_field_errors": exc.detail}
        return answer(exc.status_code, CORRECT, "invalid", errors=errors)
    said = exc.detail
    if isinstance(said, dict):  # simplejwt's refusals bring their own sentence and code
        response = answer(exc.status_code, str(said["detail"]), str(said.get("code", exc.default_code)))
    else:
        response = answer(exc.status_code, str(said), exc.get_codes())
    if header := getattr(exc, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(exc, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response
